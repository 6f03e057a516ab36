// Systems of equations to loop nests: what is computed by which kernel, in which buffer, and in which order.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/equations/system.h"
#include "compiler/kernel/program.h"

namespace gradc::kernel {

// One array of the function, as abi.h describes it.
struct ArraySpec {
  TensorId tensor;
  std::int32_t role;     // GRADC_INPUT, …
  std::int32_t of = -1;  // of a gradient: which argument it belongs to
  std::string name;      // empty: the tensor's
  std::optional<gradc_noise_info> noise = {};
};

// A function to be compiled: from the tensors that are given to those that are wanted. The system is batched
// where the function is called with many examples, simplified and stabilised. Its arrays are the arguments,
// then the results. Losses, metrics and penalties (by their role) are f64 whatever the precision is.
struct FunctionSpec {
  std::string name;
  System system;
  std::vector<ArraySpec> arguments, results;
};

struct LowerOptions {
  bool f32 = false;  // the precision of real numbers
  bool fma = true;   // fused multiply-add: part of the program, and so of its bits
  // Large contractions are products of matrices, in tiles, and not loops like any other.
  bool products = true;
  // States of recurrences that gradients read are kept at √T checkpoints, and computed again (checkpoint/).
  bool recompute = false;
  bool kernel_of_each_loop = false;  // each outermost loop is a kernel of its own
  // How much work (operations, more or less) a block has at least that a thread may take: what handing it
  // over costs is little beside it.
  std::int64_t block_work = std::int64_t{1} << 15;
};

Program lower(const FunctionSpec& spec, const LowerOptions& options);

}  // namespace gradc::kernel
