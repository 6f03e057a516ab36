// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/claims/prove.h"

#include <algorithm>

#include "compiler/claims/domain.h"
#include "compiler/equations/definition.h"

namespace gradc {
namespace claims {
namespace {

constexpr int most_cases = 200, deepest_split = 8;

class Proof {
 public:
  Proof(const ClaimedSystem& claimed, bool keep_names)
      : system_(claimed.system), circular_(in_circles(system_)), keep_names_(keep_names) {
    left_ = system_.find(claimed.left)->define()->value;
    right_ = system_.find(claimed.right)->define()->value;
  }

  bool holds() {
    try {
      return holds_if(Facts(), 0);
    } catch (const GaveUp&) {
      return false;
    }
  }

 private:
  bool is_kept(TensorId t) const {
    const Tensor& tensor = system_.context().tensor(t);
    return circular_.contains(t) || (keep_names_ && tensor.role == Role::derived && !tensor.auxiliary);
  }

  // Its equation asks for nothing, taking for granted that other elements of its circle have values.
  bool is_total(TensorId t) {
    const Definition* d = system_.find(t);
    if (!d || !d->define()) return false;
    const auto [entry, is_new] = total_.try_emplace(t, true);
    if (!is_new) return entry->second;
    const Facts nothing;
    NormalForm form(system_, nothing, [this](TensorId k) { return is_kept(k); });
    Domain domain(form, [this](TensorId k) { return is_total(k); });
    bool total = false;
    try {
      domain.collect(d->define()->value);
      total = domain.is_everything();
    } catch (const NeedSplit&) {
    }
    total_[t] = total;
    return total;
  }

  bool holds_if(Facts facts, int depth) {
    if (++cases_ > most_cases || depth > deepest_split) return false;
    NormalForm form(system_, facts, [this](TensorId t) { return is_kept(t); });
    std::vector<std::pair<Poly, Signs>> known;
    std::swap(known, facts.signs);
    try {
      for (auto& [e, value] : facts.values) {
        const Poly settled = form.renamed(value);
        value = settled;
      }
      form.forget();
      for (const auto& [poly, signs] : known) {
        const Poly settled = form.renamed(poly);
        if ((form.signs(settled) & signs) == none) return true;  // there is no such point
        if (!settled.is_constant()) facts.signs.emplace_back(settled, signs);
      }
      // Each by the others: x y = 0, x < 0 and y > 0 hold nowhere together.
      for (std::size_t k = 0; k < facts.signs.size(); ++k) {
        const auto fact = facts.signs[k];
        facts.signs.erase(facts.signs.begin() + static_cast<std::ptrdiff_t>(k));
        const bool possible = (form.signs(fact.first) & fact.second) != none;
        facts.signs.insert(facts.signs.begin() + static_cast<std::ptrdiff_t>(k), fact);
        if (!possible) return true;
      }
      form.forget();
      return is_equal(form, facts, depth);
    } catch (const NeedSplit& split) {
      for (const auto& fact : known)
        if (std::ranges::find(facts.signs, fact) == facts.signs.end()) facts.signs.push_back(fact);
      return holds_in_all(form, facts, split, depth);
    }
  }

  bool is_equal(NormalForm& form, Facts& facts, int depth) {
    const auto total = [this](TensorId t) { return is_total(t); };
    Domain left(form, total), right(form, total);
    left.collect(left_);
    right.collect(right_);
    if (!implies(form, facts, left, right) || !implies(form, facts, right, left)) return false;
    const std::vector<std::pair<Poly, Signs>> before = facts.signs;
    facts.signs.insert(facts.signs.end(), left.signs().begin(), left.signs().end());
    facts.signs.insert(facts.signs.end(), right.signs().begin(), right.signs().end());
    form.forget();
    const Poly difference = form.of(left_) - form.of(right_);
    if (form.is_zero(difference)) return true;
    facts.signs = before;
    form.forget();
    const auto kink = form.open_kink(difference);
    return kink && holds_in_all(form, facts, NeedSplit{*kink, {}}, depth);
  }

  // Wherever one side has a value, the other's conditions are met.
  static bool implies(NormalForm& form, Facts& facts, const Domain& known, const Domain& wanted) {
    if (!std::includes(known.others().begin(), known.others().end(), wanted.others().begin(),
                       wanted.others().end()))
      return false;
    const std::vector<std::pair<Poly, Signs>> before = facts.signs;
    facts.signs.insert(facts.signs.end(), known.signs().begin(), known.signs().end());
    const bool all = std::ranges::all_of(wanted.signs(), [&](const auto& condition) {
      return within(form.signs(condition.first), condition.second);
    });
    facts.signs = before;
    return all;
  }

  bool holds_in_all(NormalForm& form, const Facts& facts, const NeedSplit& split, int depth) {
    if (split.condition) {
      for (const bool truth : {true, false}) {
        Facts more = facts;
        more.booleans[split.condition] = truth;
        if (!holds_if(std::move(more), depth + 1)) return false;
      }
      return true;
    }
    const Signs possible = form.signs(split.sum);
    for (const Signs sign : {zero, negative, positive}) {
      if (!(possible & sign)) continue;
      Facts more = facts;
      more.signs.emplace_back(split.sum, sign);
      if (sign == zero) solve(split.sum, more);
      if (!holds_if(std::move(more), depth + 1)) return false;
    }
    return true;
  }

  // An element that is given, or an index, and stands alone in the sum is what the rest says.
  void solve(const Poly& sum, Facts& facts) const {
    for (const auto& [factors, coefficient] : sum.terms()) {
      if (factors.size() != 1 || !factors[0].second.is_one()) continue;
      const Expr unknown = factors[0].first;
      const bool is_index = unknown->kind == ExprKind::position;
      const bool is_given = unknown->kind == ExprKind::access && !system_.find(unknown->tensor);
      if (!is_index && !is_given) continue;
      if (facts.values.contains(unknown)) continue;
      const Poly rest = (sum - Poly(coefficient, factors)).times(Rational(-1) / coefficient);
      const bool clean = std::ranges::all_of(rest.terms(), [&](const auto& term) {
        return std::ranges::all_of(
                   term.first,
                   [&](const auto& f) {
                     const auto nodes = reachable_nodes(f.first);
                     const bool whole =
                         f.first->type == Type::integer && f.second.is_integer() && f.second.sign() > 0;
                     return std::ranges::find(nodes, unknown) == nodes.end() &&
                            (unknown->type != Type::integer || (whole && term.second.is_integer()));
                   }) &&
               (unknown->type != Type::integer || term.second.is_integer());
      });
      if (!clean) continue;
      facts.values.emplace(unknown, rest);
      return;
    }
  }

  const System& system_;
  std::unordered_set<TensorId> circular_;
  bool keep_names_;
  std::map<TensorId, bool> total_;
  Expr left_, right_;
  int cases_ = 0;
};

}  // namespace
}  // namespace claims

bool is_proved(const ClaimedSystem& claimed) {
  return claims::Proof(claimed, true).holds() || claims::Proof(claimed, false).holds();
}

}  // namespace gradc
