// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/diff/condition.h"

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "compiler/equations/walk.h"
#include "compiler/operators/affine.h"
#include "compiler/operators/build.h"

namespace gradc {
namespace {

constexpr std::int64_t points_at_most = 1024;

struct Range {
  Index index;
  std::int64_t first, last;
};

std::optional<std::int64_t> number(Expr e) {
  const std::optional<Affine> form = affine_form(e);
  return form && form->is_constant() ? std::optional(form->constant) : std::nullopt;
}

// The whole dim of an index, if its size is fixed.
std::optional<Range> whole_range(Context& c, Index index) {
  if (!index.dim.valid()) return std::nullopt;
  const auto size = number(c.size(index.dim));
  return size && *size > 0 ? std::optional(Range{index, 0, *size - 1}) : std::nullopt;
}

std::optional<Range> range_of(const Binder& b) {
  const auto first = number(b.lower), end = number(b.upper);
  return first && end && *first < *end ? std::optional(Range{b.index, *first, *end - 1}) : std::nullopt;
}

// The value of a condition on indices at all points of their ranges: how many there are, and how many hold.
struct Tally {
  std::int64_t points = 0, hold = 0;
};

std::optional<Tally> tally(Expr condition, std::span<const Range> ranges) {
  std::int64_t points = 1;
  for (const Range& r : ranges) {
    points *= r.last - r.first + 1;
    if (points > points_at_most) return std::nullopt;
  }
  const std::vector<Expr> nodes = reachable_nodes(condition);
  std::unordered_map<Expr, std::int64_t> values;
  Tally result{points, 0};
  std::vector<std::int64_t> at;
  for (const Range& r : ranges) at.push_back(r.first);
  for (std::int64_t k = 0; k < points; ++k) {
    for (Expr e : nodes) {
      std::int64_t& value = values[e];
      switch (e->kind) {
        case ExprKind::constant: {
          const auto exact = e->type == Type::real ? std::nullopt : e->value->to_int64();
          if (!exact) return std::nullopt;
          value = *exact;
          break;
        }
        case ExprKind::position: {
          const auto found = std::ranges::find(ranges, e->index, &Range::index);
          if (found == ranges.end()) return std::nullopt;
          value = at[static_cast<std::size_t>(found - ranges.begin())];
          break;
        }
        case ExprKind::size: {
          const auto size = number(e);
          if (!size) return std::nullopt;
          value = *size;
          break;
        }
        case ExprKind::apply: {
          if (!e->op->evaluate_integer || e->arguments().size() > 2) return std::nullopt;
          std::int64_t arguments[2] = {};
          for (std::size_t i = 0; i < e->arguments().size(); ++i) arguments[i] = values.at(e->arguments()[i]);
          const bool divides = e->is(op_floor_div) || e->is(op_mod) || e->is(op_exact_div);
          if (divides && arguments[1] == 0) return std::nullopt;
          value = e->op->evaluate_integer(arguments);
          break;
        }
        case ExprKind::choose:
          value = values.at(e->condition()) ? values.at(e->on_true()) : values.at(e->on_false());
          break;
        case ExprKind::access:
        case ExprKind::reduce: return std::nullopt;
      }
    }
    result.hold += values.at(condition) != 0 ? 1 : 0;
    for (std::size_t r = ranges.size(); r-- > 0;) {
      if (++at[r] <= ranges[r].last) break;
      at[r] = ranges[r].first;
    }
  }
  return result;
}

std::vector<Expr> disjuncts(Expr condition) {
  std::vector<Expr> result, stack{condition};
  while (!stack.empty()) {
    const Expr e = stack.back();
    stack.pop_back();
    if (e->is(op_or)) {
      stack.push_back(e->operands[1]);
      stack.push_back(e->operands[0]);
    } else if (std::ranges::find(result, e) == result.end()) {
      result.push_back(e);
    }
  }
  return result;
}

// For one side of an `or`.
Expr exists_one(Context& c, std::span<const Binder> binders, Expr condition) {
  std::vector<Expr> outside, inside;
  for (Expr part : conjuncts(condition)) {
    const bool depends =
        std::ranges::any_of(binders, [&](const Binder& b) { return part->depends_on(b.index); });
    (depends ? inside : outside).push_back(part);
  }
  std::vector<Binder> needed;
  std::vector<Range> ranges;
  bool fixed = true;
  for (std::size_t k = binders.size(); k-- > 0;) {  // outer ones may bound inner ones
    const Binder& b = binders[k];
    const auto range = range_of(b);
    const auto uses = [&](Expr e) { return e->depends_on(b.index); };
    const bool used = std::ranges::any_of(inside, uses) || std::ranges::any_of(needed, [&](const Binder& n) {
                        return uses(n.lower) || uses(n.upper);
                      });
    if (range && !used) continue;  // some value, whichever
    needed.insert(needed.begin(), b);
    fixed = fixed && range;
    if (range) ranges.push_back(*range);
  }
  if (!needed.empty()) {
    const Expr rest = conjunction(c, inside);
    const std::optional<Tally> counted = fixed ? tally(rest, ranges) : std::nullopt;
    if (counted && counted->hold == 0) return c.boolean(false);
    if (!counted) outside.push_back(c.reduce(reduce_any, needed, c.boolean(true), rest));
  }
  return conjunction(c, outside);
}

}  // namespace

bool always_holds(Context& c, Expr condition) {
  if (condition->is_constant()) return condition->is_constant(1);
  std::vector<Range> ranges;
  for (Index index : condition->free) {
    const auto range = whole_range(c, index);
    if (!range) return false;
    ranges.push_back(*range);
  }
  const std::optional<Tally> counted = tally(condition, ranges);
  return counted && counted->hold == counted->points;
}

std::optional<std::int64_t> only_value(Context& c, const Binder& binder, std::span<const Expr> guards) {
  const std::optional<Range> range = range_of(binder);
  if (!range || range->last - range->first >= points_at_most) return std::nullopt;
  std::vector<Expr> own;
  for (Expr guard : guards)
    for (Expr part : conjuncts(guard))
      if (part->free.size() == 1 && part->free[0] == binder.index) own.push_back(part);
  if (own.empty()) return std::nullopt;
  std::optional<std::int64_t> only;
  for (std::int64_t k = range->first; k <= range->last; ++k) {
    const Range here{binder.index, k, k};
    const std::optional<Tally> holds = tally(conjunction(c, own), std::span(&here, 1));
    if (!holds || (holds->hold && only)) return std::nullopt;
    if (holds->hold) only = k;
  }
  return only;
}

Expr without_what_holds(Context& c, Expr condition) {
  std::vector<Expr> rest;
  for (Expr part : conjuncts(condition))
    if (!always_holds(c, part)) rest.push_back(part);
  return rest.empty() ? Expr() : conjunction(c, rest);
}

Expr either_of(Expr a, Expr b) {
  if (!a || (b && b->is_constant(1)) || (a->is_constant(0) && b)) return b;
  if (!b || a->is_constant(1) || b->is_constant(0)) return a;
  // Of two sides the one that holds wherever the other does is enough.
  const auto covers = [](Expr wide, Expr narrow) {
    const std::vector<Expr> parts = conjuncts(narrow);
    return std::ranges::all_of(conjuncts(wide),
                               [&](Expr part) { return std::ranges::find(parts, part) != parts.end(); });
  };
  std::vector<Expr> sides = disjuncts(a);
  for (Expr side : disjuncts(b)) {
    if (std::ranges::any_of(sides, [&](Expr known) { return covers(known, side); })) continue;
    std::erase_if(sides, [&](Expr known) { return covers(side, known); });
    sides.push_back(side);
  }
  Expr result;
  for (Expr side : sides) result = result ? either(result, side) : side;
  return result;
}

Expr exists(Context& c, std::span<const Binder> binders, Expr condition) {
  Expr result;
  for (Expr side : disjuncts(condition)) {
    const Expr one = exists_one(c, binders, side);
    result = result ? either_of(result, one) : one;
  }
  return result;
}

}  // namespace gradc
