// The examples of a batch, side by side in memory, in the type that the model computes in: here bytes become
// numbers. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <span>

#include "runtime/host_array.h"

namespace gradc {

// Row first + i of `batch` becomes row examples[i] of `column`. `batch` may be longer.
void gather(const HostArray& column, std::span<const std::int64_t> examples, HostArray& batch,
            std::int64_t first = 0);

}  // namespace gradc
