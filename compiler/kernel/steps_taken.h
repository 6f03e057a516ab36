// What is computed along the steps of an iterate beside its own circle: as many as are taken.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/equations/system.h"

namespace gradc::kernel {

// States that `until` does not ask for, and adjoints, are circles of their own, over all steps that there
// could be; behind the last one that is taken they are 0. They say so here, by the count of the steps, so
// that their loops end there (KernelWriter::times_of_steps); and what reads them element by element asks
// first, because no loop has made what is behind.
System end_with_steps(System system);

}  // namespace gradc::kernel
