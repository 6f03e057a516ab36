// Parameters in a file: safetensors, https://github.com/huggingface/safetensors (README, "Format"). Eight
// bytes with the header's length, a JSON header, the elements. Everything is checked before any memory is
// taken for elements: no gap, no overlap, nothing beyond the end, no name twice, sizes that are the shapes'.
// Empty tensors take no bytes. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/support/result.h"
#include "runtime/host_array.h"

namespace gradc {

std::string write_safetensors(std::span<const NamedArray> arrays);
Result<std::vector<NamedArray>> read_safetensors(const std::string& path, std::string_view bytes);

}  // namespace gradc
