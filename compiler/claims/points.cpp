// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/claims/points.h"

#include <algorithm>
#include <cmath>

#include "compiler/equations/definition.h"
#include "compiler/equations/walk.h"
#include "runtime/random.h"

namespace gradc {
namespace {

constexpr std::size_t simple_points = 6;
constexpr std::size_t most_special = 24;
constexpr std::size_t most_points = 160, least_points = 12;
constexpr std::size_t numbers_in_all = 60'000;

// Every number that the equations mention, and its negative.
std::vector<Rational> special_numbers(const System& system) {
  std::vector<Rational> result{0, 1, -1, Rational(1, 2), 2};
  const auto add = [&](const Rational& r) {
    if (result.size() < most_special && std::ranges::find(result, r) == result.end()) result.push_back(r);
  };
  std::vector<Expr> roots;
  for (const TensorId side : system.outputs())
    for (Expr e : expressions(*system.find(side))) roots.push_back(e);
  for (const Definition& d : system.definitions())
    for (Expr e : expressions(d)) roots.push_back(e);
  for (const Expr root : roots)
    for (const Expr e : reachable_nodes(root)) {
      if (!e->is_constant() || e->type == Type::boolean) continue;
      add(*e->value);
      add(-*e->value);
    }
  return result;
}

}  // namespace

ClaimPoints::ClaimPoints(const Model& model, const System& system, std::uint64_t seed)
    : model_(&model),
      c_(&system.context()),
      seed_(seed),
      given_(given_to(system)),
      special_(special_numbers(system)) {
  count_ = most_points;
  std::size_t numbers = 1;
  for (const auto& [tensor, v] : draw(0).tensors) numbers += v.reals.size() + v.integers.size();
  count_ = std::clamp(numbers_in_all / numbers, least_points, most_points);
}

double ClaimPoints::uniform(TensorId t, std::size_t k, std::size_t element) const {
  return RandomStream(seed_, c_->tensor(t).name, k).uniform(element);
}

Precise ClaimPoints::real(TensorId t, std::size_t k, std::size_t element) const {
  const double u = uniform(t, k, element);
  const auto nth = [&](std::size_t n) {
    return special_[(n + element + 5 * static_cast<std::size_t>(t.value)) % special_.size()];
  };
  const auto any_special = [&] { return nth(static_cast<std::size_t>(u * 1e6)); };
  // Numbers of one or two digits first: a counter-example is read by people.
  if (k < simple_points) {
    const auto whole = static_cast<std::int64_t>(1 + std::floor((k < 2 ? 3 : 9) * u));
    const bool negative = k % 2 == 1 && element % 2 == 0;
    return Precise(Rational(negative ? -whole : whole, k < 2 ? 1 : 4));
  }
  k -= simple_points;
  if (k < special_.size()) return Precise(special_[k]);  // all the same
  k -= special_.size();
  if (k < 2 * special_.size()) return Precise(k % 2 == 0 ? nth(k / 2) : any_special());
  switch (k % 6) {
    case 0: return Precise(RandomStream(seed_, "all the same", k).uniform(0) * 4 - 2);
    case 1: return u < 0.3 ? Precise(any_special()) : Precise(std::round(400 * u - 200) / 100);
    case 2: return Precise(0.1 + 1.9 * u);
    case 3: return Precise(16 * u - 8);
    case 4: return Precise((u - 0.5) / 512);
    default: return Precise(4 * u - 2);
  }
}

std::int64_t ClaimPoints::member(TensorId t, std::size_t k, std::size_t element, std::int64_t members) const {
  const double u = uniform(t, k, element);
  if (k % 5 == 1) return 0;
  if (k % 5 == 2) return members - 1;
  // The parent of a position mostly lies before it.
  const Tensor& tensor = c_->tensor(t);
  if (k % 2 == 0 && tensor.rank() == 1 && tensor.dims[0] == tensor.member_of)
    members = static_cast<std::int64_t>(element) + 1;
  return static_cast<std::int64_t>(u * static_cast<double>(members));
}

// Each of a const's numbers, exactly.
void ClaimPoints::add_const(const GivenValue& value, TensorId t, Point<Precise>& point) const {
  const Tensor& tensor = c_->tensor(t);
  Values<Precise>& v = point.tensors[t];
  const std::size_t n = value.elements.size();
  for (std::size_t i = 0; i < n; ++i) {
    System system(*c_);
    const TensorId element = c_->add_tensor({.name = c_->unused_name("element"), .type = tensor.type});
    system.add({.tensor = element, .rule = Define{value.elements[i]}});
    system.set_outputs({element});
    const auto computed = Evaluator<Precise>(system, point).tensor(element);
    if (tensor.type == Type::real)
      v.reals.push_back(computed ? computed->reals[0] : Precise::nan());
    else
      v.integers.push_back(computed ? computed->integers[0] : 0);
  }
}

Values<Precise> ClaimPoints::values(TensorId t, std::size_t k, const Point<Precise>& so_far) const {
  const Tensor& tensor = c_->tensor(t);
  Values<Precise> v;
  std::size_t n = 1;
  for (const DimId dim : tensor.dims) {
    v.extents.push_back(size_of(*c_, dim, so_far).value_or(1));
    n *= static_cast<std::size_t>(v.extents.back());
  }
  const std::int64_t members =
      tensor.member_of.valid() ? size_of(*c_, tensor.member_of, so_far).value_or(1) : 2;
  for (std::size_t i = 0; i < n; ++i)
    if (tensor.type == Type::real)
      v.reals.push_back(real(t, k, i));
    else
      v.integers.push_back(member(t, k, i, members));
  return v;
}

Point<Precise> ClaimPoints::draw(std::size_t k) const {
  Point<Precise> point;
  for (std::size_t d = 0; d < c_->dim_count(); ++d)
    if (const DimId dim{static_cast<std::int32_t>(d)}; c_->dim(dim).kind == Dim::Kind::run_time)
      point.sizes[dim] =
          k == 0 ? 2 + static_cast<std::int64_t>(d % 3)
                 : 1 + static_cast<std::int64_t>(4 * RandomStream(seed_, c_->dim(dim).name, k).uniform(0));
  for (const TensorId t : given_) {
    const auto declared = std::ranges::find(model_->declarations, t, &Declaration::tensor);
    const bool valued = declared != model_->declarations.end() && declared->value;
    point.tensors[t] = values(t, k, point);
    if (!valued || declared->value->elements.empty()) continue;
    point.tensors[t].reals.clear();
    point.tensors[t].integers.clear();
    add_const(*declared->value, t, point);
  }
  return point;
}

Point<Precise> ClaimPoints::beside(const Point<Precise>& point, std::uint64_t which) const {
  static const Precise step(*Rational::parse("1e-90"));
  Point<Precise> moved = point;
  for (auto& [tensor, v] : moved.tensors) {
    const RandomStream random(which, c_->tensor(tensor).name);
    for (std::size_t i = 0; i < v.reals.size(); ++i)
      v.reals[i] *= Precise(1) + step * Precise(2 * random.uniform(i) - 1);
  }
  return moved;
}

}  // namespace gradc
