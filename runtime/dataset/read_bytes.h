// A whole file as bytes; one that is compressed with gzip is unpacked. Larger than the limit is an error
// before the memory is taken. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <string>

#include "compiler/support/result.h"

namespace gradc {

struct DataLimits {
  std::int64_t bytes = std::int64_t{4} << 30;  // of one file unpacked, and of one tensor in memory
};

Result<std::string> read_bytes(const std::string& path, const DataLimits& limits);

}  // namespace gradc
