// An array from a file becomes the tensor that a model asks for: its axes grouped or split in row-major order
// (images [N, 28, 28] fit `x[784]`), its elements converted once, members checked, NaN refused. u8 stays u8.
// What lies behind the end of an example is not looked at, and 0.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <span>
#include <string>

#include "runtime/dataset/dataset.h"

namespace gradc {

// The extents of one example where the array tells them; -1 where not.
Shape extents_in_array(const ColumnSpec& spec, const HostArray& array);

// `lengths`: by dim, of each example; a dim that is not there has all of them whole.
Result<HostArray> fit_array(const ColumnSpec& spec, HostArray array, const std::string& path,
                            const DataLimits& limits, std::span<const NamedArray> lengths = {});

}  // namespace gradc
