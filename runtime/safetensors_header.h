// The JSON header of a safetensors file, read event by event: time and memory are linear in its length, and
// its grammar is exactly {"name": {"dtype": …, "shape": […], "data_offsets": [a, b]}, "__metadata__": {"…":
// "…"}}. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/host_array.h"

namespace gradc {

struct SafetensorsEntry {
  std::string name;
  std::string dtype;
  Shape shape;
  std::vector<std::uint64_t> offsets;  // two
};

// Empty on success, else what is wrong with the header.
std::string read_safetensors_header(std::string_view text, std::vector<SafetensorsEntry>& entries);

}  // namespace gradc
