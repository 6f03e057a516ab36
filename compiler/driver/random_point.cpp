// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/random_point.h"

#include <algorithm>
#include <cmath>

#include "runtime/random.h"

namespace gradc::driver {
namespace {

constexpr int attempts = 30;

// All is finite, and iterates converge: what they have come to by their limit may be anything.
bool is_good(const kernel::FunctionSpec& function, const Point<double>& point) {
  Evaluator<double> evaluator(function.system, point);
  return std::ranges::all_of(function.results, [&](const kernel::ArraySpec& result) {
    const auto values = evaluator.tensor(result.tensor);
    return values && evaluator.converged() &&
           std::ranges::all_of(values->reals, [](double x) { return std::isfinite(x); });
  });
}

// Half of the attempts are of both signs, half positive: for logarithms and roots.
double coordinate(double uniform, int attempt) {
  return attempt % 2 == 0 ? 4 * uniform - 2 : 0.1 + 1.9 * uniform;
}

}  // namespace

Result<RandomPoint> RandomPoint::draw(const ModelFile& file, const Options& options,
                                      const kernel::FunctionSpec& function, std::uint64_t seed) {
  GivenValues given(file, false, seed);
  Result<std::vector<SetValue>> sets = parse_sets(options.set);
  if (!sets) return sets.diagnostics();
  if (Diagnostics faults = given.assign(std::move(*sets)); !faults.empty()) return faults;
  std::int64_t next_size = 2;
  for (const auto& [name, dim] : file.model.dims)
    if (!given.size(dim)) given.set_size(name, next_size++);
  RandomPoint point;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    point = {};
    point.sizes = given.sizes();
    for (const NamedSize& size : point.sizes) point.values.sizes[file.model.dims.at(size.name)] = size.value;
    for (const kernel::ArraySpec& argument : function.arguments) {
      const Declaration& declaration =
          *std::ranges::find(file.model.declarations, argument.tensor, &Declaration::tensor);
      const Tensor& tensor = file.tensor(argument.tensor);
      if (given.find(argument.tensor) || declaration.value || tensor.role == Role::noise) {
        Result<HostArray> value = given.value(declaration);
        if (!value) return value.diagnostics();
        point.arrays.push_back(std::move(*value));
      } else {
        Result<Shape> shape = given.shape(argument.tensor);
        if (!shape) return shape.diagnostics();
        HostArray& array = point.arrays.emplace_back(given.storage(argument.tensor), std::move(*shape));
        const RandomStream random(seed, tensor.name, static_cast<std::uint64_t>(attempt));
        const auto members = tensor.member_of.valid() ? given.size(tensor.member_of).value_or(1) : 1;
        for (std::int64_t i = 0; i < array.size(); ++i) {
          const double u = random.uniform(static_cast<std::uint64_t>(i));
          array.set_value(i, tensor.type == Type::real ? coordinate(u, attempt)
                                                       : std::floor(u * static_cast<double>(members)));
        }
      }
      add_values(point.values, argument.tensor, point.arrays.back());
    }
    if (is_good(function, point.values)) break;
  }
  return point;
}

std::int64_t RandomPoint::elements(TensorId given) const {
  const auto found = values.tensors.find(given);
  return found == values.tensors.end() ? 0 : std::ssize(found->second.reals);
}

std::vector<std::int64_t> RandomPoint::some_elements(TensorId given, std::size_t at_most) const {
  std::vector<std::int64_t> all = permutation(elements(given), RandomStream(0, "elements"));
  if (all.size() > at_most) all.resize(at_most);
  return all;
}

std::vector<double> RandomPoint::differences(const System& system, TensorId of, TensorId given,
                                             std::int64_t element) const {
  const Precise step(Rational::parse("1e-30").value());
  Point<Precise> point;
  point.sizes = values.sizes;
  for (const auto& [tensor, numbers] : values.tensors) {
    Values<Precise>& v = point.tensors[tensor];
    v.extents = numbers.extents;
    v.integers = numbers.integers;
    for (const double x : numbers.reals) v.reals.emplace_back(x);
  }
  Precise& x = point.tensors.at(given).reals[static_cast<std::size_t>(element)];
  const Precise here = x;
  x = here + step;
  const auto above = Evaluator<Precise>(system, point).tensor(of);
  x = here - step;
  const auto below = Evaluator<Precise>(system, point).tensor(of);
  if (!above || !below) return {};
  std::vector<double> result;
  for (std::size_t i = 0; i < above->reals.size(); ++i)
    result.push_back(((above->reals[i] - below->reals[i]) / (step + step)).to_double());
  return result;
}

}  // namespace gradc::driver
