// What `train { … }` says, with what holds where it is silent: the one place of the defaults.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "runtime/arguments.h"

namespace gradc {

struct TrainOptions {
  NamedCall optimizer = {"sgd", {{"rate", 0.1}}};
  std::int64_t batch = 32;
  std::int64_t epochs = 10;
  std::uint64_t seed = 0;
  bool shuffle = true;
  double validation = 0;  // this part of the examples is not learned from, and scored after every epoch
};

}  // namespace gradc
