// IDX, the format of MNIST: two zero bytes, a type byte, a rank byte, big-endian extents, then the elements,
// big-endian. http://yann.lecun.com/exdb/mnist/ ("the IDX file format"). Pixels stay u8 in memory; i8 and i16
// become i32. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <string_view>

#include "compiler/support/result.h"
#include "runtime/host_array.h"

namespace gradc {

bool looks_like_idx(std::string_view bytes);
Result<HostArray> read_idx(const std::string& path, std::string_view bytes);

}  // namespace gradc
