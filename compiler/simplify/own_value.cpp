// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/simplify/own_value.h"

#include <algorithm>
#include <set>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/simplify/narrow.h"
#include "compiler/simplify/polynomial.h"

namespace gradc {
namespace {

constexpr std::size_t most_shifts = 4;    // of a recurrence that looks further back, some
constexpr std::size_t most_nodes = 2000;  // in which names are looked for under a condition

bool reads_data(Expr condition) {
  return std::ranges::any_of(reachable_nodes(condition),
                             [](Expr e) { return e->kind == ExprKind::access || e->type == Type::real; });
}

// By how much slot `index` is moved where it is a subscript: h[t - 1] says -1.
std::set<std::int64_t> offsets(Expr value, Index index) {
  std::set<std::int64_t> found;
  for (Expr e : reachable_nodes(value)) {
    if (e->kind != ExprKind::access) continue;
    for (Expr s : e->arguments()) {
      const Linear form = linear(s);
      if (form.atoms.size() != 1) continue;
      const auto& [atom, coefficient] = *form.atoms.begin();
      const auto offset = form.constant.to_int64();
      if (atom->kind == ExprKind::position && atom->index == index && coefficient.is_one() && offset)
        found.insert(*offset);
    }
  }
  found.erase(0);
  return found;
}

}  // namespace

void OwnValues::add(const Definition& definition) {
  const Define* define = definition.define();
  if (!define || define->value->type != Type::real) return;
  Conditions conditions;
  Expr value = define->value;
  for (;
       value->kind == ExprKind::choose && conditions.size() < most_shifts && !reads_data(value->condition());
       value = value->on_false()) {
    conditions.emplace_back(value->condition(), true);
    add(definition.tensor, value->on_true(), conditions);
    conditions.back().second = false;
  }
  add(definition.tensor, value, conditions);
}

void OwnValues::add(TensorId tensor, Expr value, const Conditions& conditions) {
  const bool function = value->kind == ExprKind::apply && !value->operands.empty() && !is_sum(value) &&
                        !is_product(value) && !value->is(op_to_real) && !value->is(op_stop);
  if (!function && value->kind != ExprKind::reduce && value->kind != ExprKind::choose) return;
  const std::vector<DimId>& dims = c_.tensor(tensor).dims;
  std::vector<Index> slots;
  for (std::size_t k = 0; k < dims.size(); ++k) {
    slots.push_back(Index::slot(static_cast<std::int32_t>(k), dims[k]));
    if (!value->depends_on(slots[k])) return;  // which element?
  }
  const Named here{tensor, value, std::vector<std::int64_t>(dims.size(), 0), conditions};
  enter(here);
  // As its neighbours see it: where h[t - 1] is h[t], the value is that of h[t + 1].
  for (std::size_t k = 0; k < dims.size(); ++k) {
    std::size_t count = 0;
    for (const std::int64_t offset : offsets(value, slots[k])) {
      if (++count > most_shifts) break;
      Named moved = here;
      moved.shifts[k] = -offset;
      moved.value = normal_(substitute(value, {{slots[k], c_.position(slots[k]) + Rational(-offset)}}));
      enter(std::move(moved));
    }
  }
}

void OwnValues::enter(Named named) {
  std::vector<Named>& entry = named_[shapes_(named.value)];
  for (const Named& known : entry)
    if (known.value == named.value && known.conditions.size() <= named.conditions.size()) return;
  entry.push_back(std::move(named));
}

Expr OwnValues::name_of(Expr e, const Ranges& ranges) {
  if (e->type != Type::real || e->operands.empty() || e->kind == ExprKind::access) return Expr();
  const auto found = named_.find(shapes_(e));
  if (found == named_.end()) return Expr();
  for (const Named& named : found->second)
    if (const Expr name = element(named, e, ranges)) return name;
  return Expr();
}

Expr OwnValues::element(const Named& named, Expr e, const Ranges& ranges) {
  const std::vector<DimId>& dims = c_.tensor(named.tensor).dims;
  auto subscripts = instance_of(named.value, dims.size(), e);
  if (!subscripts) return Expr();
  IndexMap map;
  for (std::size_t k = 0; k < dims.size(); ++k) {
    Expr& s = (*subscripts)[k];
    if (named.shifts[k] != 0) s = s + Rational(named.shifts[k]);
    if (!ranges.fits(s, c_.integer(0), c_.size(dims[k]))) return Expr();
    map.emplace_back(Index::slot(static_cast<std::int32_t>(k), dims[k]), s);
  }
  for (const auto& [condition, holds] : named.conditions)
    if (decided(substitute(condition, map), ranges) != holds) return Expr();
  return c_.access(named.tensor, *subscripts);
}

bool OwnValues::may_name_inside(Expr root) {
  if (named_.empty()) return false;
  const std::vector<Expr> nodes = reachable_nodes(root);
  return nodes.size() <= most_nodes && std::ranges::any_of(nodes, [&](Expr e) {
           return e->type == Type::real && !e->operands.empty() && e->kind != ExprKind::access &&
                  named_.contains(shapes_(e));
         });
}

}  // namespace gradc
