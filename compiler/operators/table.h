// All operators and reductions that the compiler knows. The table is made by CMake from the files in
// elementary/ and reduction/; nothing registers itself, and no other list of operators exists.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <span>
#include <string_view>

#include "compiler/equations/operator.h"

namespace gradc {

std::span<const Operator* const> all_operators();
std::span<const ReductionOperator* const> all_reductions();

// By the id of dumps ("floor_div") or the name in the language ("max"); null if there is none.
const Operator* find_operator(std::string_view id_or_language_name);
// By name: "sum", "integer_max".
const ReductionOperator* find_reduction(std::string_view name);

}  // namespace gradc
