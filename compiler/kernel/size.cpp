// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/size.h"

#include <algorithm>

#include "compiler/support/check.h"

namespace gradc::kernel {

std::optional<std::int64_t> apply(Size::Kind kind, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  switch (kind) {
    case Size::Kind::constant:
    case Size::Kind::argument: break;
    case Size::Kind::add: return __builtin_add_overflow(a, b, &result) ? std::nullopt : std::optional(result);
    case Size::Kind::sub: return __builtin_sub_overflow(a, b, &result) ? std::nullopt : std::optional(result);
    case Size::Kind::mul: return __builtin_mul_overflow(a, b, &result) ? std::nullopt : std::optional(result);
    case Size::Kind::floor_div:
      if (b <= 0) return std::nullopt;
      return a / b - (a % b < 0 ? 1 : 0);
    case Size::Kind::floor_mod:
      if (b <= 0) return std::nullopt;
      return a % b + (a % b < 0 ? b : 0);
    case Size::Kind::max: return std::max(a, b);
    case Size::Kind::min: return std::min(a, b);
  }
  GRADC_UNREACHABLE("a size that is not an operation");
}

SizeId Sizes::intern(Size size) {
  auto [entry, inserted] =
      interned_.try_emplace({static_cast<int>(size.kind), size.number, size.left.value, size.right.value},
                            SizeId{static_cast<std::int32_t>(nodes_.size())});
  if (inserted) nodes_.push_back(size);
  return entry->second;
}

SizeId Sizes::combine(Size::Kind kind, SizeId left, SizeId right) {
  const auto a = known(left), b = known(right);
  if (a && b)
    if (const auto folded = apply(kind, *a, *b)) return constant(*folded);
  if (kind == Size::Kind::mul && a == 1) return right;
  if ((kind == Size::Kind::mul || kind == Size::Kind::floor_div) && b == 1) return left;
  if (kind == Size::Kind::add && a == 0) return right;
  if ((kind == Size::Kind::add || kind == Size::Kind::sub) && b == 0) return left;
  if ((kind == Size::Kind::max || kind == Size::Kind::min) && left == right) return left;
  return intern({kind, 0, left, right});
}

SizeId Sizes::product(std::span<const SizeId> factors) {
  SizeId result = constant(1);
  for (SizeId factor : factors) result = combine(Size::Kind::mul, result, factor);
  return result;
}

std::optional<std::int64_t> Sizes::known(SizeId id) const {
  const Size& size = (*this)[id];
  return size.kind == Size::Kind::constant ? std::optional(size.number) : std::nullopt;
}

std::string Sizes::to_string(SizeId id, std::span<const std::string> names) const {
  const Size& size = (*this)[id];
  const auto binary = [&](const char* sign) {
    return "(" + to_string(size.left, names) + sign + to_string(size.right, names) + ")";
  };
  switch (size.kind) {
    case Size::Kind::constant: return std::to_string(size.number);
    case Size::Kind::argument: return names[static_cast<std::size_t>(size.number)];
    case Size::Kind::add: return binary(" + ");
    case Size::Kind::sub: return binary(" - ");
    case Size::Kind::mul: return binary("*");
    case Size::Kind::floor_div: return binary(" div ");
    case Size::Kind::floor_mod: return binary(" mod ");
    case Size::Kind::max: return binary(" max ");
    case Size::Kind::min: return binary(" min ");
  }
  GRADC_UNREACHABLE("a size of unknown kind");
}

std::vector<std::optional<std::int64_t>> evaluate(const Sizes& sizes,
                                                  std::span<const std::int64_t> arguments) {
  std::vector<std::optional<std::int64_t>> values;
  for (std::int32_t i = 0; i < static_cast<std::int32_t>(sizes.count()); ++i) {
    const Size& size = sizes[SizeId{i}];
    if (size.kind == Size::Kind::constant) {
      values.emplace_back(size.number);
    } else if (size.kind == Size::Kind::argument) {
      values.emplace_back(arguments[static_cast<std::size_t>(size.number)]);
    } else {
      const auto a = values[static_cast<std::size_t>(size.left.value)],
                 b = values[static_cast<std::size_t>(size.right.value)];
      values.push_back(a && b ? apply(size.kind, *a, *b) : std::nullopt);
    }
  }
  return values;
}

}  // namespace gradc::kernel
