// A definition of a recurrence in the lines of a textbook: h_0 = …, h_{t+1} = … for t = 0, …, T-1.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "compiler/equations/system.h"

namespace gradc {

struct RecurrenceLine {
  std::vector<Expr> subscripts;  // of the left side
  Expr value;
  std::size_t axis = 0;
  Expr first = {}, last = {};  // of the index on that axis; null: a single position, or all of them
  bool down = false;           // it is computed from the last to the first
};

// The tensors of circles, and of which circle.
using Circles = std::unordered_map<TensorId, std::size_t>;
Circles circles_of(const System& system);
// One line or none: it is printed best as it stands.
std::vector<RecurrenceLine> recurrence_lines(Context& context, const Circles& circles, TensorId tensor,
                                             Expr value);

}  // namespace gradc
