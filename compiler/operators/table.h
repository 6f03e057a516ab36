// All operators, reductions and functions of matrices that the compiler knows. The table is made by CMake
// from the files in elementary/, reduction/ and matrix/; nothing registers itself, and no other list of
// operators exists. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <span>
#include <string_view>

#include "compiler/equations/call_operator.h"
#include "compiler/equations/operator.h"

namespace gradc {

std::span<const Operator* const> all_operators();
std::span<const ReductionOperator* const> all_reductions();
std::span<const CallOperator* const> all_calls();

// By the id of dumps ("floor_div") or the name in the language ("max"); null if there is none.
const Operator* find_operator(std::string_view id_or_language_name);
// By name: "sum", "integer_max".
const ReductionOperator* find_reduction(std::string_view name);
// By the id of dumps ("inverse") or the name in the language ("inv"); null if there is none.
const CallOperator* find_call(std::string_view id_or_language_name);

}  // namespace gradc
