// A model as several modules, which are compiled at the same time: each has some of the kernels, and number 0
// the functions around them. Code does not depend on how it is cut.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <thread>
#include <vector>

#include "compiler/codegen/model.h"

namespace gradc::codegen {

class Parts {
 public:
  Parts() = default;  // all in one
  // As many as are worth it on this machine; the first take the longest.
  explicit Parts(const Model& model, std::size_t threads = std::thread::hardware_concurrency());

  std::size_t count() const { return count_; }
  // Where a kernel of a function of the model goes.
  std::size_t of(std::size_t function, std::size_t kernel) const {
    return count_ == 1 ? 0 : part_[function][kernel];
  }

 private:
  std::size_t count_ = 1;
  std::vector<std::vector<std::size_t>> part_;
};

}  // namespace gradc::codegen
