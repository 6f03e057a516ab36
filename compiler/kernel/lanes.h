// Which loop runs in lanes: the one along which memory lies.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/kernel/extents.h"
#include "compiler/kernel/plan.h"

namespace gradc::kernel {

// What an item wants of its innermost loop.
enum class Innermost : std::uint8_t {
  lanes,   // independent elements, side by side
  inside,  // one after the other: what lies inside (a reduction, further loops) has the lanes
  serial,  // one after the other
};
Innermost innermost(Extents& extents, const Item& item, int width);

// An item that wants lanes: it had better have a loop of its own than share one without.
bool wants_own_loop(Extents& extents, const Item& item);

// Of the accesses below e: how many read elements that do not lie side by side as the index grows.
int strided_accesses(Expr e, Index index);

// Whether a sum is one of rows: its terms for the elements of the last of these indices lie side by side, and
// those of one element far apart. Then row after row is added, as they lie in memory.
bool adds_rows(Extents& extents, const OpenedReduction& sum, std::span<const Index> of);

}  // namespace gradc::kernel
