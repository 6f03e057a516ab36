// Sums over indices: products that do not depend on an index stand before the sum, nested sums are one, a
// Kronecker delta puts its index in, independent sums are factors, and the order of indices does not count
// (Graham, Knuth, Patashnik, Concrete Mathematics, 1994, §2.4).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <numeric>

#include "compiler/claims/normal_form.h"
#include "compiler/operators/build.h"

namespace gradc::claims {
namespace {

constexpr std::size_t most_binders = 6, most_permuted = 4;

bool depends(const Factors& factors, Index index) {
  return std::ranges::any_of(factors, [&](const auto& f) { return f.first->depends_on(index); });
}

}  // namespace

Index NormalForm::pool(std::size_t number, DimId dim) {
  const auto [entry, is_new] = pool_.try_emplace({number, dim});
  if (is_new) {
    entry->second = c_.fresh_index(dim);
    pooled_[entry->second] = number;
  }
  return entry->second;
}

std::size_t NormalForm::above(std::span<const Index> indices) const {
  std::size_t number = 0;
  for (const Index i : indices)
    if (const auto known = pooled_.find(i); known != pooled_.end())
      number = std::max(number, known->second + 1);
  return number;
}

NormalForm::Opened NormalForm::open(Expr e, std::size_t least) {
  OpenedReduction o = gradc::open(e);
  least = std::max(least, above(e->free));
  IndexMap map;
  Opened result{o.op, {}, {}, {}};
  for (const Binder& b : o.binders) {
    const Index index = pool(least + result.binders.size(), b.index.dim);
    result.binders.push_back({index, substitute(b.lower, map), substitute(b.upper, map)});
    map.emplace_back(b.index, c_.position(index));
  }
  result.guard = substitute(o.guard, map);
  result.body = substitute(o.body, map);
  return result;
}

Poly NormalForm::reduction(Expr e) {
  Opened o = open(e);
  const bool is_lse = o.op == &reduce_logsumexp;
  if (o.op != &reduce_sum && o.op != &reduce_integer_sum && !is_lse) {
    const Type type = o.body->type;
    const Expr body = type == Type::boolean ? o.body : expr(of(o.body), type);
    return atom(c_.reduce(*o.op, o.binders, o.guard, body));
  }
  const Poly taken = indicator(o.guard);
  if (taken.is_zero()) return is_lse ? throw GaveUp{} : Poly();
  const Poly body = mul(taken, is_lse ? exponential(of(o.body)) : of(o.body));
  Poly total;
  for (const auto& [factors, coefficient] : body.terms())
    total = total + summed({o.binders, factors}).times(coefficient);
  return is_lse ? logarithm(total) : total;
}

Poly NormalForm::substituted(const Factors& factors, const IndexMap& map) {
  Poly result(1);
  for (const auto& [base, exponent] : factors) {
    const Expr renamed = substitute(base, map);
    result = mul(result, renamed == base ? settled({{base, exponent}}) : power(of(renamed), exponent));
  }
  return result;
}

bool NormalForm::is_whole_dim(const Binder& b) {
  return b.index.dim.valid() && b.lower->is_constant(0) && of(b.upper) == of(c_.size(b.index.dim));
}

bool NormalForm::is_in_range(const Poly& position, const Binder& b) {
  if (position.is_constant()) {
    const Poly lower = of(b.lower), upper = of(b.upper);
    return lower.is_constant() && upper.is_constant() && lower.constant() <= position.constant() &&
           position.constant() < upper.constant();
  }
  if (position.size() != 1 || !position.leading().is_one() || !is_whole_dim(b)) return false;
  const Factors& factors = position.terms().begin()->first;
  if (factors.size() != 1 || !factors[0].second.is_one()) return false;
  const Expr e = factors[0].first;
  if (e->kind == ExprKind::access) return c_.tensor(e->tensor).member_of == b.index.dim;
  // A slot, or an index that runs over this whole dim: all of ours with a dim do, or over a part of it.
  return e->kind == ExprKind::position && e->index.dim == b.index.dim;
}

std::optional<Poly> NormalForm::absorb_inner_sum(const BoundSum& sum) {
  for (const auto& [base, exponent] : sum.factors) {
    const auto known = atoms_.find(base);
    const auto times = exponent.to_int64();
    if (known == atoms_.end() || known->second.kind != Kind::reduction || !times || *times < 1) continue;
    const Expr inner_sum = base;
    if (std::ranges::none_of(sum.binders, [&](const Binder& b) { return inner_sum->depends_on(b.index); }))
      continue;
    if (sum.binders.size() >= most_binders) return std::nullopt;
    std::vector<Index> taken;
    for (const Binder& b : sum.binders) taken.push_back(b.index);
    for (const auto& [f, e] : sum.factors) taken.insert(taken.end(), f->free.begin(), f->free.end());
    const Opened inner = open(inner_sum, above(taken));
    Factors rest = without(sum.factors, inner_sum);
    if (*times > 1) rest = product(rest, {{inner_sum, *times - 1}});
    std::vector<Binder> binders = sum.binders;
    binders.insert(binders.end(), inner.binders.begin(), inner.binders.end());
    const Poly body = mul(Poly(1, rest), mul(indicator(inner.guard), of(inner.body)));
    Poly result;
    for (const auto& [factors, coefficient] : body.terms())
      result = result + summed({binders, factors}).times(coefficient);
    return result;
  }
  return std::nullopt;
}

std::optional<Poly> NormalForm::eliminate_delta(const BoundSum& sum) {
  for (const auto& [base, exponent] : sum.factors) {
    const auto known = atoms_.find(base);
    if (known == atoms_.end() || known->second.kind != Kind::indicator || known->second.sign != zero)
      continue;
    const Poly difference = known->second.arguments[0];
    for (const Binder& b : sum.binders) {
      const Factors here{{c_.position(b.index), 1}};
      const auto found = difference.terms().find(here);
      if (found == difference.terms().end()) continue;
      const Poly position = (difference - Poly(found->second, here)).times(Rational(-1) / found->second);
      const bool alone = std::ranges::none_of(position.terms(), [&](const auto& term) {
        return depends(term.first, b.index) || !term.second.is_integer() ||
               std::ranges::any_of(term.first, [](const auto& f) { return f.first->type != Type::integer; });
      });
      const bool bounds = std::ranges::any_of(sum.binders, [&](const Binder& other) {
        return other.lower->depends_on(b.index) || other.upper->depends_on(b.index);
      });
      if (!alone || bounds || !is_in_range(position, b)) continue;
      BoundSum rest{sum.binders, without(sum.factors, base)};
      std::erase_if(rest.binders, [&](const Binder& other) { return other.index == b.index; });
      const Poly body = substituted(rest.factors, {{b.index, expr(position, Type::integer)}});
      Poly result;
      for (const auto& [factors, coefficient] : body.terms())
        result = result + summed({rest.binders, factors}).times(coefficient);
      return result;
    }
  }
  return std::nullopt;
}

Poly NormalForm::summed(BoundSum sum) {
  step(4);
  if (sum.binders.empty()) return settled(sum.factors);
  if (auto result = absorb_inner_sum(sum)) return *result;
  if (auto result = eliminate_delta(sum)) return *result;
  // Binders are connected where a factor, or a bound, has both.
  const std::size_t n = sum.binders.size();
  std::vector<std::size_t> group(n);
  std::iota(group.begin(), group.end(), std::size_t{0});
  const auto join = [&](std::size_t a, std::size_t b) {
    const std::size_t from = group[a], to = group[b];
    for (std::size_t& g : group)
      if (g == from) g = to;
  };
  for (std::size_t a = 0; a < n; ++a)
    for (std::size_t b = 0; b < n; ++b) {
      const Index i = sum.binders[a].index, j = sum.binders[b].index;
      const bool meet = std::ranges::any_of(
          sum.factors, [&](const auto& f) { return f.first->depends_on(i) && f.first->depends_on(j); });
      if (meet || sum.binders[a].lower->depends_on(j) || sum.binders[a].upper->depends_on(j)) join(a, b);
    }
  Factors outside;
  for (const auto& f : sum.factors)
    if (std::ranges::none_of(sum.binders, [&](const Binder& b) { return f.first->depends_on(b.index); }))
      outside.push_back(f);
  Poly result = settled(outside);
  for (std::size_t g = 0; g < n; ++g) {
    std::vector<Binder> binders;
    Factors factors;
    for (std::size_t k = 0; k < n; ++k)
      if (group[k] == g) binders.push_back(sum.binders[k]);
    if (binders.empty()) continue;
    for (const auto& f : sum.factors)
      if (std::ranges::any_of(binders, [&](const Binder& b) { return f.first->depends_on(b.index); }))
        factors.push_back(f);
    result =
        mul(result, binders.size() == 1 && factors.empty() ? count(binders[0]) : component(binders, factors));
  }
  return result;
}

Poly NormalForm::count(const Binder& b) {
  const Poly number = of(b.upper) - of(b.lower);
  if (is_whole_dim(b) || (number.is_constant() && number.constant().sign() >= 0)) return number;
  return component({b}, {});
}

// One sum that does not fall apart, as an atom: of all orders of its indices the first one.
Poly NormalForm::component(const std::vector<Binder>& binders, const Factors& factors) {
  std::vector<Index> outer;
  for (const auto& [f, e] : factors)
    for (const Index i : f->free)
      if (std::ranges::find(binders, i, &Binder::index) == binders.end()) outer.push_back(i);
  for (const Binder& b : binders)
    for (const Expr bound : {b.lower, b.upper})
      for (const Index i : bound->free)
        if (std::ranges::find(binders, i, &Binder::index) == binders.end()) outer.push_back(i);
  const std::size_t least = above(outer);
  bool may_permute = binders.size() <= most_permuted;
  for (const Binder& b : binders)
    for (const Binder& other : binders)
      may_permute = may_permute && !b.lower->depends_on(other.index) && !b.upper->depends_on(other.index);
  std::vector<std::size_t> order(binders.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::optional<Factors> best;
  std::vector<Binder> best_binders;
  do {
    IndexMap map;
    std::vector<Binder> renamed;
    for (const std::size_t k : order) {
      const Binder& b = binders[k];
      const Index index = pool(least + renamed.size(), b.index.dim);
      renamed.push_back({index, expr(of(substitute(b.lower, map)), Type::integer),
                         expr(of(substitute(b.upper, map)), Type::integer)});
      map.emplace_back(b.index, c_.position(index));
    }
    // Simultaneously: an old index may be one of the new ones.
    const Poly body = substituted(factors, map);
    if (body.size() != 1 || !body.leading().is_one()) throw GaveUp{};
    const Factors key = body.terms().begin()->first;
    if (best && !(key < *best)) continue;
    best = key;
    best_binders = renamed;
  } while (may_permute && std::ranges::next_permutation(order).found);
  const Expr made = sum(best_binders, c_.boolean(true), to_expr(c_, *best, Type::real));
  atoms_.try_emplace(made, Atom{.kind = Kind::reduction, .op = nullptr, .arguments = {}, .sign = any});
  memo_.insert_or_assign(made, atom(made));
  return atom(made);
}

}  // namespace gradc::claims
