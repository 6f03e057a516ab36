// `--set NAME=VALUE`: numbers as they stand in an option, before the model is asked what it expects.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <vector>

#include "compiler/support/result.h"
#include "runtime/host_array.h"

namespace gradc::driver {

struct SetValue {
  std::string option;  // "--set x", for messages
  std::string name;
  HostArray array;
  bool is_range = false;  // a:b:step: a list of numbers, never a vector
};

// Scalars (also nan, inf, -inf), JSON arrays, @file.npy, and ranges first:last:step, both ends included.
Result<SetValue> parse_set(const std::string& text);
// Each name once.
Result<std::vector<SetValue>> parse_sets(const std::vector<std::string>& texts);

}  // namespace gradc::driver
