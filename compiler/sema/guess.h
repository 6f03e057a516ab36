// What is taken for the dims of a value before it is checked.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "compiler/equations/tensor.h"

namespace gradc::sema {

enum class Surety : std::uint8_t { unknown, scalar, likely, sure };

struct Guess {
  Surety surety = Surety::unknown;
  std::vector<DimId> dims = {};

  static Guess of(std::vector<DimId> dims) {
    if (dims.empty()) return {Surety::scalar, {}};
    return {Surety::sure, std::move(dims)};
  }
};

}  // namespace gradc::sema
