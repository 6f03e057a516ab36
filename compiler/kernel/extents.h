// Dims as sizes of a program: fixed ones are numbers, run-time ones are arguments of the function, numbered
// as they are met. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <optional>
#include <unordered_map>

#include "compiler/equations/context.h"
#include "compiler/kernel/program.h"

namespace gradc::kernel {

class Extents {
 public:
  Extents(const Context& context, Program& program) : c_(context), program_(program) {}

  SizeId of(DimId dim);
  SizeId of(Expr integer);                    // of an expression of sizes
  SizeId of(std::span<const Index> indices);  // how many points they have together
  std::optional<std::int64_t> known(DimId dim) { return known(of(dim)); }
  std::optional<std::int64_t> known(SizeId size) const { return program_.sizes.known(size); }
  // The number of points; dims that are not known before run time count as 32.
  double estimate(std::span<const Index> indices);
  std::vector<SizeId> of_tensor(TensorId tensor);

 private:
  SizeId power(SizeId base, SizeId exponent);
  const Context& c_;
  Program& program_;
  std::unordered_map<DimId, SizeId> known_;
};

}  // namespace gradc::kernel
