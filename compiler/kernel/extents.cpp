// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/extents.h"

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/support/check.h"

namespace gradc::kernel {

SizeId Extents::of(DimId id) {
  if (auto found = known_.find(id); found != known_.end()) return found->second;
  const Dim& dim = c_.dim(id);
  SizeId size;
  if (dim.kind == Dim::Kind::run_time) {
    const auto number = static_cast<std::int32_t>(program_.size_names.size());
    program_.size_names.push_back(dim.is_batch ? "batch" : dim.name);
    if (dim.is_batch) program_.batch = number;
    size = program_.sizes.argument(number);
  } else {
    size = of(dim.size);
  }
  known_.emplace(id, size);
  return size;
}

SizeId Extents::of(Expr root) {
  std::unordered_map<Expr, SizeId> values;
  for (Expr e : reachable_nodes(root)) {
    SizeId value;
    const auto combined = [&](Size::Kind kind) {
      return program_.sizes.combine(kind, values.at(e->operands[0]), values.at(e->operands[1]));
    };
    if (e->kind == ExprKind::constant) {
      const std::optional<std::int64_t> number = e->value->to_int64();
      GRADC_CHECK(number, "a size that is no integer");
      value = program_.sizes.constant(*number);
    } else if (e->kind == ExprKind::size) {
      value = of(e->dim);
    } else if (e->is(op_add)) {
      value = combined(Size::Kind::add);
    } else if (e->is(op_sub)) {
      value = combined(Size::Kind::sub);
    } else if (e->is(op_mul)) {
      value = combined(Size::Kind::mul);
    } else if (e->is(op_floor_div) || e->is(op_exact_div)) {
      value = combined(Size::Kind::floor_div);
    } else if (e->is(op_mod)) {
      value = combined(Size::Kind::floor_mod);
    } else if (e->kind == ExprKind::apply && e->op->name == "max") {
      value = combined(Size::Kind::max);
    } else if (e->kind == ExprKind::apply && e->op->name == "min") {
      value = combined(Size::Kind::min);
    } else if (e->kind == ExprKind::apply && e->op->id == "integer_pow") {
      value = power(values.at(e->operands[0]), values.at(e->operands[1]));
    } else {
      GRADC_UNREACHABLE("a size that is no sum, product or quotient of sizes");
    }
    values.emplace(e, value);
  }
  return values.at(root);
}

// bⁿ with a known n as products. With a known b, of the bits of n: b^(2^k) for each that is set (Knuth, vol.
// 2, §4.6.3). What is left of n above is no size that memory has: it makes the power too large.
SizeId Extents::power(SizeId base, SizeId exponent) {
  Sizes& sizes = program_.sizes;
  using enum Size::Kind;
  SizeId result = sizes.constant(1);
  if (const auto n = sizes.known(exponent)) {
    for (std::int64_t k = 0; k < *n; ++k) result = sizes.combine(mul, result, base);
    return result;
  }
  const auto b = sizes.known(base);
  GRADC_CHECK(b && *b >= 1, "a power of sizes that are both open");
  if (*b == 1) return result;
  const SizeId one = sizes.constant(1), two = sizes.constant(2);
  // 1 + bit·(factor − 1)
  const auto take = [&](SizeId bit, std::int64_t less_one) {
    const SizeId factor = sizes.combine(add, one, sizes.combine(mul, bit, sizes.constant(less_one)));
    result = sizes.combine(mul, result, factor);
  };
  std::optional<std::int64_t> square = b;
  SizeId rest = exponent;
  for (; square; square = apply(mul, *square, *square)) {
    take(sizes.combine(floor_mod, rest, two), *square - 1);
    rest = sizes.combine(floor_div, rest, two);
  }
  take(rest, std::int64_t{1} << 62);
  return result;
}

SizeId Extents::of(std::span<const Index> indices) {
  std::vector<SizeId> sizes;
  for (Index i : indices) sizes.push_back(of(i.dim));
  return program_.sizes.product(sizes);
}

double Extents::estimate(std::span<const Index> indices) {
  double points = 1;
  for (Index i : indices) points *= static_cast<double>(known(i.dim).value_or(32));
  return points;
}

std::vector<SizeId> Extents::of_tensor(TensorId tensor) {
  std::vector<SizeId> extents;
  for (DimId dim : c_.tensor(tensor).dims) extents.push_back(of(dim));
  return extents;
}

}  // namespace gradc::kernel
