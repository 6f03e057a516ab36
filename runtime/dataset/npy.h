// NumPy's .npy: numpy.lib.format, versions 1 to 3. The header is read with a grammar of its own, never
// evaluated. Elements: u1 i1 u2 i2 u4 i4 i8 f4 f8 and bool, either byte order, C or Fortran order; anything
// else is refused by name. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <string_view>

#include "compiler/support/result.h"
#include "runtime/host_array.h"

namespace gradc {

bool looks_like_npy(std::string_view bytes);
Result<HostArray> read_npy(const std::string& path, std::string_view bytes);
// The bytes of a file of version 1.0 in C order.
std::string write_npy(const HostArray& array);

}  // namespace gradc
