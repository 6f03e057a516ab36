// How parameters begin: `param w[D, H] init glorot_uniform`. Drawn from (seed, name, position), so that a
// parameter's start does not depend on which others there are.
//
// Fans of a parameter w[A, …, D, H], read as a map from D to H: the last axis is what it gives, the last but
// one what it takes, axes before that are a kernel's window and count for both. w[H] takes H and gives 1; a
// scalar takes and gives 1. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "runtime/arguments.h"
#include "runtime/host_array.h"
#include "runtime/random.h"

namespace gradc {

struct Fans {
  double in = 1;
  double out = 1;
};
Fans fans_of(const Shape& shape);

struct Initializer {
  const char* name;
  std::span<const ParameterInfo> parameters;
  void (*fill)(std::span<const double> arguments, const RandomStream& random, const Shape& shape,
               std::span<double> values);
};

std::span<const Initializer> all_initializers();

// Fills the array, or says what is wrong with the choice. `constant(c)` stands for `init c`.
Diagnostics initialize(const NamedCall& choice, std::uint64_t seed, const std::string& param,
                       HostArray& array);

}  // namespace gradc
