// The shape of an expression: what is left when its integer parts (subscripts, positions, ranges) are
// forgotten. The formula that a person wrote for element h has the same shape where a derivative uses it for
// element k. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "compiler/equations/context.h"

namespace gradc {

// A number of 64 bits for each shape: used to look things up, never to order them.
class Shapes {
 public:
  std::uint64_t operator()(Expr e);

 private:
  std::unordered_map<Expr, std::uint64_t> memo_;
};

// The subscripts at which the definition `value` (over slots) is the expression e: value[slot k := result[k]]
// == e. A slot that does not occur has no subscript.
std::optional<std::vector<Expr>> instance_of(Expr value, std::size_t slots, Expr e);

}  // namespace gradc
