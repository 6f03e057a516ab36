// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/claims/test.h"

#include <algorithm>

#include "compiler/equations/walk.h"

namespace gradc {
namespace {

struct Sides {
  std::optional<Values<Precise>> left, right;
};

Sides sides_at(const ClaimedSystem& claimed, const Point<Precise>& point) {
  Evaluator<Precise> evaluator(claimed.system, point);
  Sides sides;
  sides.left = evaluator.tensor(claimed.left);
  sides.right = Evaluator<Precise>(claimed.system, point).tensor(claimed.right);
  return sides;
}

Precise value_at(const std::optional<Values<Precise>>& side, std::size_t offset) {
  return side ? side->reals[offset] : Precise::nan();
}

// The largest number met on the way to both sides, outside of sums: more than so many digits above what is
// compared are not there to be lost.
bool has_moderate_numbers(const ClaimedSystem& claimed, const Point<Precise>& point) {
  static const Precise largest(*Rational::parse("1e40"));
  System parts = claimed.system;
  Context& c = parts.context();
  std::vector<TensorId> all;
  for (const Definition& d : claimed.system.definitions()) {
    if (!d.define()) continue;
    for (const Expr e : reachable_nodes(d.define()->value)) {
      const bool is_value =
          (e->kind == ExprKind::apply || e->kind == ExprKind::reduce) && e->type == Type::real;
      const bool is_free = std::ranges::all_of(e->free, [](Index i) { return i.kind == Index::Kind::slot; });
      if (!is_value || !is_free) continue;
      const TensorId part = c.add_tensor({.name = c.unused_name("part"), .dims = c.tensor(d.tensor).dims});
      parts.add({.tensor = part, .rule = Define{e}, .index_names = d.index_names});
      all.push_back(part);
    }
  }
  Evaluator<Precise> evaluator(parts, point);
  for (const TensorId part : all)
    if (const auto values = evaluator.tensor(part))
      for (const Precise& x : values->reals)
        if (isfinite(x) && largest < fabs(x)) return false;
  return true;
}

// The difference is one of the sides and not of rounding: with all numbers moved a little it hardly changes,
// or (where the point is special, `x == 3`) is nearly gone. Rounding errors come out anew each time.
bool is_genuine(const ClaimedSystem& claimed, const ClaimPoints& points, const Point<Precise>& point,
                std::size_t offset, const Precise& difference) {
  static const Precise steady(*Rational::parse("1e-6")), gone(*Rational::parse("1e-20"));
  const Precise size = fabs(difference);
  bool stays = true, goes = true;
  for (std::uint64_t which = 1; which <= 8 && (stays || goes); ++which) {
    const Sides moved = sides_at(claimed, points.beside(point, which));
    const Precise there = value_at(moved.left, offset) - value_at(moved.right, offset);
    stays = stays && fabs(there - difference) <= steady * size;
    goes = goes && fabs(there) <= gone * size;
  }
  return stays || goes;
}

}  // namespace

bool nearly_equal(const Precise& left, const Precise& right) {
  static const Precise tolerance(*Rational::parse("1e-" + std::to_string(digits_compared)));
  Precise size(1);
  for (const Precise& side : {fabs(left), fabs(right)})
    if (size < side) size = side;
  return fabs(left - right) <= tolerance * size;
}

std::vector<std::int64_t> position_of(std::size_t offset, const std::vector<std::int64_t>& extents) {
  std::vector<std::int64_t> position(extents.size());
  for (std::size_t k = extents.size(); k-- > 0;) {
    position[k] = static_cast<std::int64_t>(offset) % extents[k];
    offset /= static_cast<std::size_t>(extents[k]);
  }
  return position;
}

ClaimTest test_claim(const ClaimedSystem& claimed, const ClaimPoints& points) {
  ClaimTest result;
  for (std::size_t k = 0; k < points.count(); ++k) {
    const Point<Precise> point = points.draw(k);
    const Sides sides = sides_at(claimed, point);
    const auto& some = sides.left ? sides.left : sides.right;
    if (!some) continue;
    bool compared = false;
    for (std::size_t i = 0; i < some->reals.size(); ++i) {
      const Precise left = value_at(sides.left, i), right = value_at(sides.right, i);
      const SidesAt here{k, position_of(i, some->extents), left, right};
      if (isfinite(left) != isfinite(right)) {
        if (!result.only_one_defined) result.only_one_defined = here;
        continue;
      }
      if (!isfinite(left)) continue;
      compared = true;
      if (nearly_equal(left, right) || !is_genuine(claimed, points, point, i, left - right) ||
          !has_moderate_numbers(claimed, point))
        continue;
      result.wrong = here;
      ++result.points;
      return result;
    }
    if (compared) ++result.points;
  }
  return result;
}

}  // namespace gradc
