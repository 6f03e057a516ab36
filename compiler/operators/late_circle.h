// A circle of equations computed when it is needed and not before: what a step of an iterate is made of, in the
// iteration that takes the step. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/operators/circle.h"

namespace gradc {

// As find_loop, with every member as late as its readers and the time of member `anchor` allow.
std::optional<CircleLoop> find_late_loop(Context& context, std::span<const CircleMember> members,
                                         std::size_t anchor);

}  // namespace gradc
