// What is written out position by position instead of as a loop: the last axes of an item, where they are
// short or each position is computed otherwise, and sums over few terms. Then a loop around them has the
// lanes, and what passes between its items stays in registers. SPDX-License-Identifier: Apache-2.0 WITH
// LLVM-exception
#pragma once

#include <functional>
#include <unordered_set>

#include "compiler/kernel/extents.h"
#include "compiler/kernel/plan.h"
#include "compiler/kernel/weight.h"

namespace gradc::kernel {

// In a loop over lanes, the sum is written out.
bool is_written_out(Extents& extents, const OpenedReduction& sum);

// How many of the item's last axes may be written out. Whether they are, lanes.h says.
std::size_t short_axes(Extents& extents, const Item& item, int width, Weight& weight);

// Machine operations of the item's loop bodies if so many of its last axes are written out.
std::size_t written_cost(Extents& extents, const Item& item, std::size_t unrolled, Weight& weight);

// The tensors of which the item reads elements that are not known when it is written: beyond these axes, a
// subscript is more than constants and indices that are written out.
std::unordered_set<TensorId> read_anywhere(Extents& extents, const Item& item,
                                           const std::function<std::size_t(TensorId)>& first_axis);

}  // namespace gradc::kernel
