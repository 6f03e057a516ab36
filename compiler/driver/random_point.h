// A random point for a function of one example, and derivatives there from differences of values alone.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <vector>

#include "compiler/driver/given_values.h"
#include "compiler/kernel/lower.h"

namespace gradc::driver {

class RandomPoint {
 public:
  // Consts keep the values that the file gives them; dims that nothing fixes get a small size. Drawn again, a
  // few times, where a quantity is not finite.
  static Result<RandomPoint> draw(const ModelFile& file, const Options& options,
                                  const kernel::FunctionSpec& function, std::uint64_t seed);

  Point<double> values;
  std::vector<HostArray> arrays;  // the function's arguments, in order
  std::vector<NamedSize> sizes;

  std::int64_t elements(TensorId given) const;
  // All of them, or so many chosen at random.
  std::vector<std::int64_t> some_elements(TensorId given, std::size_t at_most) const;
  // ∂of/∂given[element] by central differences in 100 digits; empty where the value cannot be had.
  std::vector<double> differences(const System& system, TensorId of, TensorId given,
                                  std::int64_t element) const;
};

}  // namespace gradc::driver
