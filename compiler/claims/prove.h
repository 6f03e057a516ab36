// Proofs: both sides in normal form under the same conditions on where they have values, in every case that
// their conditions tell apart.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/claims/claimed_system.h"

namespace gradc {

// True: at every point either both sides have values, and these are equal as real numbers, or neither has
// one. False says nothing.
bool is_proved(const ClaimedSystem& claimed);

}  // namespace gradc
