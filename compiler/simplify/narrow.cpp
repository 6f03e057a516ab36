// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/simplify/narrow.h"

#include <algorithm>

#include "compiler/operators/build.h"
#include "compiler/simplify/reduction.h"

namespace gradc {
namespace {

Linear difference(Expr a, Expr b) {
  Linear made = linear(a);
  made.add(linear(b), -1);
  return made;
}
Linear plus(Linear form, std::int64_t number) {
  form.constant = form.constant + Rational(number);
  return form;
}

// What the condition says, as linear forms that are not negative.
std::vector<Linear> facts(Expr condition, bool holds, const Ranges& ranges) {
  std::vector<Linear> found;
  std::vector<std::pair<Expr, bool>> pending{{condition, holds}};
  while (!pending.empty()) {
    const auto [e, is] = pending.back();
    pending.pop_back();
    if (e->is(op_not)) {
      pending.emplace_back(e->operands[0], !is);
    } else if ((e->is(op_and) && is) || (e->is(op_or) && !is)) {
      for (Expr operand : e->operands) pending.emplace_back(operand, is);
    } else if (e->kind == ExprKind::apply && e->operands.size() == 2 &&
               e->operands[0]->type == Type::integer) {
      const Expr a = e->operands[0], b = e->operands[1];
      if (e->is(op_less))
        found.push_back(is ? plus(difference(b, a), -1) : difference(a, b));
      else if (e->is(op_less_equal))
        found.push_back(is ? difference(b, a) : plus(difference(a, b), -1));
      else if (e->is(is ? op_equal : op_not_equal))
        found.push_back(difference(a, b)), found.push_back(difference(b, a));
      else if (e->is(is ? op_not_equal : op_equal)) {  // at an end of the range, the range is shorter by one
        if (ranges.less_equal(a, b)) found.push_back(plus(difference(b, a), -1));
        if (ranges.less_equal(b, a)) found.push_back(plus(difference(a, b), -1));
      }
    }
  }
  return found;
}

}  // namespace

Narrowed narrow(Expr e, Expr condition, bool holds, Ranges& ranges) {
  Context& c = *e->context;
  std::map<Index, std::pair<Expr, Expr>> narrower;
  // What one part of the condition says may be what another part needs: t is not 0, and then not 1.
  constexpr int most_rounds = 4;
  Ranges known = ranges;
  bool grown = true;
  for (int round = 0; grown && round < most_rounds; ++round) {
    grown = false;
    for (const Linear& fact : facts(condition, holds, known))
      for (const auto& [atom, coefficient] : fact.atoms) {
        if (atom->kind != ExprKind::position || !(coefficient.is_one() || coefficient == Rational(-1)))
          continue;
        const Index index = atom->index;
        if (index.kind == Index::Kind::bound || !e->depends_on(index)) continue;
        const auto old = known.of(index, c);
        if (!old) continue;
        auto [lower, upper] = *old;
        Linear rest = fact;  // coefficient·index + rest >= 0
        rest.add(atom, -coefficient);
        if (coefficient.is_one()) {
          Linear end;
          end.add(rest, -1);
          if (const Expr first = to_expr(c, end); !known.less_equal(first, lower)) lower = first;
        } else if (const Expr last = to_expr(c, plus(rest, 1)); !known.less_equal(upper, last)) {
          upper = last;
        }
        if (std::pair(lower, upper) == *old) continue;
        grown = true;
        narrower.insert_or_assign(index, std::pair(lower, upper));
        known.add(index, lower, upper);
      }
  }
  // i - r >= 0 says it of both.
  std::vector<Linear> together;
  for (const Linear& fact : facts(condition, holds, known)) {
    std::vector<Index> indices;
    for (const auto& [atom, _] : fact.atoms)
      if (atom->kind == ExprKind::position) indices.push_back(atom->index);
    const bool usable = indices.size() > 1 && std::ranges::all_of(indices, [&](Index i) {
                          return i.kind != Index::Kind::bound && e->depends_on(i) && known.of(i, c);
                        });
    if (!usable) continue;
    for (Index i : indices) narrower.try_emplace(i, *known.of(i, c));
    together.push_back(fact);
  }
  IndexMap there;
  Narrowed result{e, {}};
  for (const auto& [index, ends] : narrower) {
    const Index own = c.fresh_index(index.dim);
    ranges.add(own, ends.first, ends.second);
    there.emplace_back(index, c.position(own));
    result.back.emplace_back(own, c.position(index));
  }
  for (const Linear& fact : together) ranges.add_fact(linear(substitute(to_expr(c, fact), there)));
  if (!there.empty()) result.e = substitute(e, there);
  return result;
}

std::optional<bool> decided(Expr e, const Ranges& ranges) {
  if (e->is_constant()) return e->is_constant(1);
  if (e->is(op_not)) {
    const auto inner = decided(e->operands[0], ranges);
    return inner ? std::optional(!*inner) : std::nullopt;
  }
  if (e->is(op_and) || e->is(op_or)) {
    const bool ends_it = e->is(op_or);
    const auto a = decided(e->operands[0], ranges), b = decided(e->operands[1], ranges);
    if ((a && *a == ends_it) || (b && *b == ends_it)) return ends_it;
    return a && b ? std::optional(!ends_it) : std::nullopt;
  }
  const Rewritten known = rewrite_condition(e, ranges);
  return known.e && known.e->is_constant() ? std::optional(known.e->is_constant(1)) : std::nullopt;
}

}  // namespace gradc
