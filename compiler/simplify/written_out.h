// What `gradc diff --expand` prints: definitions without names between. SPDX-License-Identifier: Apache-2.0
// WITH LLVM-exception
#pragma once

#include "compiler/equations/system.h"

namespace gradc {

// The outputs as terms of what is given: every equation is put in where it is read. Circles, iterations,
// calls of matrices and noise keep their names.
System written_out(const System& system);

}  // namespace gradc
