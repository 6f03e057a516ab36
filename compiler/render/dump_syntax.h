// The notation of dumped systems, as far as printer (dump.cpp) and reader (read_dump.cpp) must agree on it.
//
//   dim D = 3                                             dim B batch         dim T sequence       dim L =
//   #D*(#D - 1) / 2 param w0[D, H]                                        what is given: role, name, dims,
//   `in DIM`, `: integer` z0[h in H] = sum(d in D) x[d]*w0[d, h] + b0[h]        # rule that made it adjoint
//   d_E_w0[d in D, h in H] of E wrt w0 = … output E, d_E_w0
//
// `#D` is a size, an index alone its position; ranges are half open: sum(k in 1..<10), sum(t in T: 1..<#T if
// t < s). `1/2` without spaces is one number, `a / b` a division. Numbers take their type from where they
// stand; inside a comparison, where nothing says it, a real one has a point. {$1 := term; … body} names terms
// that occur often. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "compiler/equations/operator.h"
#include "compiler/equations/tensor.h"

namespace gradc {

struct InfixOperator {
  const Operator* op;
  std::string_view symbol;
  Precedence binds, left, right;
};
std::span<const InfixOperator> infix_operators();
const InfixOperator* infix(const Operator& op);
const InfixOperator* infix(std::string_view symbol);

std::string_view role_word(Role role);
// The word of a role, or null: `word` is none.
const Role* role_of(std::string_view word);

// A name as it is, or in backticks if it is a word of the notation or not a word at all.
std::string quoted_name(std::string_view name);
bool is_name_byte(char c);  // of a name without backticks

}  // namespace gradc
