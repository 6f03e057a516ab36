// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/init/init.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "runtime/init/orthogonal.h"

namespace gradc {
namespace {

using Arguments = std::span<const double>;
using Values = std::span<double>;

void fill_uniform(const RandomStream& random, double low, double high, Values values) {
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = low + (high - low) * random.uniform(i);
}

void fill_normal(const RandomStream& random, double mean, double deviation, Values values) {
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = mean + deviation * random.normal(i);
}

void constant(Arguments a, const RandomStream&, const Shape&, Values values) {
  std::fill(values.begin(), values.end(), a[0]);
}
void uniform(Arguments a, const RandomStream& random, const Shape&, Values values) {
  fill_uniform(random, a[0], a[1], values);
}
void normal(Arguments a, const RandomStream& random, const Shape&, Values values) {
  fill_normal(random, a[0], a[1], values);
}
void orthogonal(Arguments a, const RandomStream& random, const Shape& shape, Values values) {
  fill_orthogonal(random, a[0], shape, values);
}

// Variance 2 / (in + out): Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural
// networks", AISTATS 2010. A uniform distribution on [-r, r] has variance r²/3.
void glorot_uniform(Arguments, const RandomStream& random, const Shape& shape, Values values) {
  const Fans fans = fans_of(shape);
  const double r = std::sqrt(6 / (fans.in + fans.out));
  fill_uniform(random, -r, r, values);
}
void glorot_normal(Arguments, const RandomStream& random, const Shape& shape, Values values) {
  const Fans fans = fans_of(shape);
  fill_normal(random, 0, std::sqrt(2 / (fans.in + fans.out)), values);
}

// Variance 2 / in: He, Zhang, Ren & Sun, "Delving deep into rectifiers", ICCV 2015.
void he_uniform(Arguments, const RandomStream& random, const Shape& shape, Values values) {
  const double r = std::sqrt(6 / fans_of(shape).in);
  fill_uniform(random, -r, r, values);
}
void he_normal(Arguments, const RandomStream& random, const Shape& shape, Values values) {
  fill_normal(random, 0, std::sqrt(2 / fans_of(shape).in), values);
}

// Variance 1 / in: LeCun, Bottou, Orr & Müller, "Efficient BackProp", 1998, §4.6.
void lecun_uniform(Arguments, const RandomStream& random, const Shape& shape, Values values) {
  const double r = std::sqrt(3 / fans_of(shape).in);
  fill_uniform(random, -r, r, values);
}
void lecun_normal(Arguments, const RandomStream& random, const Shape& shape, Values values) {
  fill_normal(random, 0, std::sqrt(1 / fans_of(shape).in), values);
}

constexpr ParameterInfo constant_parameters[] = {{.name = "value", .fallback = ParameterInfo::required}};
constexpr ParameterInfo uniform_parameters[] = {{.name = "low", .fallback = ParameterInfo::required},
                                                {.name = "high", .fallback = ParameterInfo::required}};
constexpr ParameterInfo normal_parameters[] = {
    {.name = "mean", .fallback = ParameterInfo::required},
    {.name = "deviation", .fallback = ParameterInfo::required, .lowest = 0}};
constexpr ParameterInfo orthogonal_parameters[] = {{.name = "gain", .fallback = 1}};

constexpr Initializer table[] = {{"constant", constant_parameters, constant},
                                 {"uniform", uniform_parameters, uniform},
                                 {"normal", normal_parameters, normal},
                                 {"orthogonal", orthogonal_parameters, orthogonal},
                                 {"glorot_uniform", {}, glorot_uniform},
                                 {"glorot_normal", {}, glorot_normal},
                                 {"he_uniform", {}, he_uniform},
                                 {"he_normal", {}, he_normal},
                                 {"lecun_uniform", {}, lecun_uniform},
                                 {"lecun_normal", {}, lecun_normal}};

}  // namespace

std::span<const Initializer> all_initializers() { return table; }

Fans fans_of(const Shape& shape) {
  if (shape.empty()) return {};
  if (shape.size() == 1) return {std::max(1.0, static_cast<double>(shape[0])), 1};
  double window = 1;
  for (std::size_t axis = 0; axis + 2 < shape.size(); ++axis) window *= static_cast<double>(shape[axis]);
  return {std::max(1.0, window * static_cast<double>(shape[shape.size() - 2])),
          std::max(1.0, window * static_cast<double>(shape.back()))};
}

Diagnostics initialize(const NamedCall& choice, std::uint64_t seed, const std::string& param,
                       HostArray& array) {
  std::vector<std::string> names;
  const Initializer* found = nullptr;
  for (const Initializer& entry : table) {
    names.emplace_back(entry.name);
    if (entry.name == choice.name) found = &entry;
  }
  if (found == nullptr) return {unknown_entry("initialiser", choice.name, names)};
  const Result<std::vector<double>> arguments = match_arguments(
      fmt::format("initialiser `{}` of `{}`", choice.name, param), found->parameters, choice.arguments);
  if (!arguments) return arguments.diagnostics();
  std::vector<double> values(static_cast<std::size_t>(array.size()));
  found->fill(*arguments, RandomStream(seed, param), array.shape(), values);
  for (std::size_t i = 0; i < values.size(); ++i) array.set_value(static_cast<std::int64_t>(i), values[i]);
  return {};
}

}  // namespace gradc
