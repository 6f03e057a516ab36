// Sums over indices: Kronecker deltas solved, factors taken out, nested sums joined. Graham, Knuth,
// Patashnik, Concrete Mathematics (2nd ed., 1994), §2.3–2.4 (with Iverson's brackets as guards).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/simplify/reduction.h"

#include <algorithm>
#include <cmath>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/operators/guards.h"

namespace gradc {
namespace {

bool is_summation(const ReductionOperator* op) { return op == &reduce_sum || op == &reduce_integer_sum; }

// op(i) op(j) f = op(i, j) f. Floating-point sums and products may round differently: not for what is
// written.
bool joins(const ReductionOperator* op, bool made) {
  if (op == &reduce_sum || op == &reduce_prod) return made;
  return op == &reduce_integer_sum || op == &reduce_max || op == &reduce_min || op == &reduce_any ||
         op == &reduce_all;
}

class Reductions {
 public:
  Reductions(Context& c, const OpenedReduction& r, const Ranges& ranges) : c_(c), r_(r), ranges_(ranges) {
    parts_ = conjuncts(r.guard);
  }

  Rewritten rewrite(bool made) const {
    if (std::isfinite(r_.op->identity) && nothing()) return {identity(), "reduction-of-nothing"};
    if (const Expr e = one_term()) return {e, "reduction-of-one-term"};
    if (const Expr e = joined(made)) return {e, "nested-reductions"};
    if (const Expr e = without_implied()) return {e, "bound-implied"};
    if (made && r_.op == &reduce_any)
      if (const Expr e = found()) return {e, "any-kronecker-delta"};
    if (!made || !is_summation(r_.op)) return {};
    if (r_.body->is_constant(0)) return {r_.body, "sum-of-zeros"};
    if (const Expr e = chosen_terms()) return {e, "choice-to-guard"};
    if (const Expr e = kronecker()) return {e, "kronecker-delta"};
    if (const Expr e = windowed()) return {e, "windows-apart"};
    if (const Expr e = outer_guard()) return {e, "guard-out-of-sum"};
    if (const Expr e = split()) return {e, "sum-of-kronecker-terms"};
    if (const Expr e = outer_factors()) return {e, "factor-out-of-sum"};
    return {};
  }

 private:
  Expr identity() const { return c_.constant(Rational::from_double(r_.op->identity), r_.op->result); }
  bool depends(Expr e) const {
    return std::ranges::any_of(r_.binders, [&](const Binder& b) { return e->depends_on(b.index); });
  }
  static bool is_delta_sided(Expr e) {
    return e->kind == ExprKind::choose && (e->on_true()->is_constant(0) || e->on_false()->is_constant(0));
  }

  bool nothing() const {
    if (std::ranges::any_of(parts_, [](Expr part) { return part->is_constant(0); })) return true;
    return std::ranges::any_of(r_.binders,
                               [&](const Binder& b) { return ranges_.less_equal(b.upper, b.lower); });
  }

  // The reduction without binder k, which has the one value `at`.
  Expr without(std::size_t k, Expr at, std::vector<Expr> guard) const {
    const IndexMap map{{r_.binders[k].index, at}};
    OpenedReduction rest{r_.op, {}, {}, substitute(r_.body, map)};
    for (std::size_t b = 0; b < r_.binders.size(); ++b)
      if (b != k)
        rest.binders.push_back({r_.binders[b].index, substitute(r_.binders[b].lower, map),
                                substitute(r_.binders[b].upper, map)});
    for (Expr& part : guard) part = substitute(part, map);
    rest.guard = conjunction(c_, guard);
    if (!rest.binders.empty()) return close(c_, rest);
    return rest.guard->is_constant(1) ? rest.body : c_.choose(rest.guard, rest.body, identity());
  }

  // A range of one number. One that is a dim of size 1 stays: the sum over it is what the reader expects.
  Expr one_term() const {
    if (r_.op->term != r_.op->result) return Expr();  // argmax
    if (!parts_.empty() && !std::isfinite(r_.op->identity)) return Expr();
    for (std::size_t k = 0; k < r_.binders.size(); ++k) {
      const Binder& b = r_.binders[k];
      if (b.upper->kind != ExprKind::size && ranges_.equal(b.upper, b.lower + 1))
        return without(k, b.lower, parts_);
    }
    return Expr();
  }

  Expr joined(bool made) const {
    if (!joins(r_.op, made) || !r_.body->is(*r_.op)) return Expr();
    const OpenedReduction inner = open(r_.body);
    OpenedReduction both_of{r_.op, r_.binders, {}, inner.body};
    both_of.binders.insert(both_of.binders.end(), inner.binders.begin(), inner.binders.end());
    std::vector<Expr> parts = parts_;
    for (Expr part : conjuncts(inner.guard)) parts.push_back(part);
    both_of.guard = conjunction(c_, parts);
    return close(c_, both_of);
  }

  Expr chosen_terms() const {
    if (!is_delta_sided(r_.body)) return Expr();
    OpenedReduction terms = r_;
    const bool on_true = r_.body->on_false()->is_constant(0);
    std::vector<Expr> parts = parts_;
    parts.push_back(on_true ? r_.body->condition() : negate(r_.body->condition()));
    terms.guard = conjunction(c_, parts);
    terms.body = on_true ? r_.body->on_true() : r_.body->on_false();
    return close(c_, terms);
  }

  // The value that `equation` gives to binder k, if it is linear in it with coefficient ±1.
  Expr solved(Expr equation, std::size_t k) const {
    if (!equation->is(op_equal) || equation->operands[0]->type != Type::integer) return Expr();
    const Index index = r_.binders[k].index;
    const Expr position = c_.position(index);
    Linear difference = linear(equation->operands[0]);
    difference.add(linear(equation->operands[1]), -1);
    const auto own = difference.atoms.find(position);
    if (own == difference.atoms.end() || (own->second != Rational(1) && own->second != Rational(-1)))
      return Expr();
    const Rational sign = -own->second;
    difference.atoms.erase(own);
    for (const auto& [atom, coefficient] : difference.atoms)
      if (atom->depends_on(index)) return Expr();
    if (equation->operands[0] == position && !equation->operands[1]->depends_on(index))
      return equation->operands[1];  // as it was written
    if (equation->operands[1] == position && !equation->operands[0]->depends_on(index))
      return equation->operands[0];
    Linear value;
    value.add(difference, sign);
    return to_expr(c_, value);
  }

  // The integer that is not negative where the condition holds; none if it is no bound.
  static std::optional<Linear> at_least_zero(Expr condition) {
    if (!condition->is(op_less) && !condition->is(op_less_equal)) return std::nullopt;
    if (condition->operands[0]->type != Type::integer) return std::nullopt;
    Linear difference = linear(condition->operands[1]);
    difference.add(linear(condition->operands[0]), -1);
    if (condition->is(op_less)) difference.constant = difference.constant - Rational(1);
    return difference;
  }

  // That of the quotient is one of what is divided: floor(r/c) + n >= 0 where r + c*n >= 0, and so on.
  static std::optional<Linear> bound_of(Expr condition) {
    std::optional<Linear> bound = at_least_zero(condition);
    for (int round = 0; bound && round < 4 && bound->divide_out(); ++round) {
    }
    return bound;
  }

  // Whether another of the parts says as much, or more.
  static bool is_implied(const std::vector<Expr>& parts, std::size_t p) {
    std::optional<Linear> own = bound_of(parts[p]);
    if (!own) return false;
    for (std::size_t q = 0; q < parts.size(); ++q) {
      if (q == p) continue;
      std::optional<Linear> other = bound_of(parts[q]);
      if (!other) continue;
      other->add(*own, -1);
      // Of two that say the same, the later one goes.
      if (other->atoms.empty() && (other->constant.sign() < 0 || (other->constant.is_zero() && q < p)))
        return true;
    }
    return false;
  }

  static std::vector<Expr> not_implied(std::vector<Expr> parts) {
    for (std::size_t p = parts.size(); p-- > 0;)
      if (is_implied(parts, p)) parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(p));
    return parts;
  }

  Expr without_implied() const {
    const std::vector<Expr> parts = not_implied(parts_);
    if (parts.size() == parts_.size()) return Expr();
    OpenedReduction fewer = r_;
    fewer.guard = conjunction(c_, parts);
    return close(c_, fewer);
  }

  // any(k) of bounds on k alone, each k + n >= 0 or n - k >= 0: every lower one is at most every upper one
  // (Fourier's elimination, which is exact for integers of coefficient 1).
  std::optional<std::vector<Expr>> between(const std::vector<Expr>& parts, std::size_t k) const {
    const Expr position = c_.position(r_.binders[k].index);
    std::vector<Linear> from, to;
    std::vector<Expr> rest;
    const auto add = [&](Expr part) {
      if (!part->depends_on(r_.binders[k].index)) {
        rest.push_back(part);
        return true;
      }
      std::optional<Linear> bound = bound_of(part);
      if (!bound) return false;
      const auto own = bound->atoms.find(position);
      if (own == bound->atoms.end() || (own->second != Rational(1) && own->second != Rational(-1)))
        return false;
      const bool lower = own->second.sign() > 0;
      bound->atoms.erase(own);
      for (const auto& [atom, coefficient] : bound->atoms)
        if (atom->depends_on(r_.binders[k].index)) return false;
      (lower ? from : to).push_back(*bound);
      return true;
    };
    if (!std::ranges::all_of(parts, add)) return std::nullopt;
    add(less_equal(r_.binders[k].lower, position));
    add(less(position, r_.binders[k].upper));
    for (const Linear& l : from)
      for (const Linear& u : to) {
        Linear room = l;
        room.add(u, 1);
        if (!ranges_.non_negative(room)) rest.push_back(less_equal(c_.integer(0), to_expr(c_, room)));
      }
    if (rest.size() > parts.size()) return std::nullopt;
    return rest;
  }

  // Two of the parts say 0 <= r - c*k < w, where w <= c: at most one k does. Windows that do not overlap.
  struct Window {
    Expr at;                      // floor(r/c)
    std::vector<Expr> remaining;  // what else must hold: r mod c < w, if w < c
    std::size_t lower, upper;     // the two parts
  };
  std::optional<Window> window(const std::vector<Expr>& parts, std::size_t k) const {
    const Index index = r_.binders[k].index;
    const Expr position = c_.position(index);
    for (std::size_t p = 0; p < parts.size(); ++p) {
      std::optional<Linear> r = at_least_zero(parts[p]);
      if (!r) continue;
      const auto own = r->atoms.find(position);
      if (own == r->atoms.end() || own->second.sign() > 0 || !own->second.is_integer()) continue;
      const Rational step = -own->second;
      r->atoms.erase(own);
      if (std::ranges::any_of(r->atoms, [&](const auto& atom) { return atom.first->depends_on(index); }))
        continue;
      for (std::size_t q = 0; q < parts.size(); ++q) {
        std::optional<Linear> both = at_least_zero(parts[q]);
        if (!both) continue;
        both->add(*r, 1);
        both->add(position, -step);
        // r - c*k and the other bound: together the width less one.
        if (!both->atoms.empty() || both->constant.sign() < 0 || step <= both->constant) continue;
        const Expr rest = to_expr(c_, *r), by = c_.constant(step, Type::integer);
        Window found{step.is_one() ? rest : floor_div(rest, by), {}, p, q};
        const Rational width = both->constant + Rational(1);
        if (width < step) found.remaining.push_back(less(mod(rest, by), c_.constant(width, Type::integer)));
        return found;
      }
    }
    return std::nullopt;
  }

  // Asks whether the value lies in binder k's range; true if that needs no asking.
  bool add_range(std::vector<Expr>& parts, Expr at, std::size_t k) const {
    const Binder& b = r_.binders[k];
    const bool below = ranges_.less(at, b.upper), from = ranges_.less_equal(b.lower, at);
    if (!below) add_guard(parts, less(at, b.upper));
    if (!from) add_guard(parts, less_equal(b.lower, at));
    return from && below;
  }

  // What is left of the parts when binder k stands for the only value that it can have.
  std::vector<Expr> outside(const std::vector<Expr>& parts, const Window& w, std::size_t k) const {
    std::vector<Expr> rest = w.remaining;
    for (std::size_t p = 0; p < parts.size(); ++p)
      if (p != w.lower && p != w.upper) rest.push_back(parts[p]);
    add_range(rest, w.at, k);
    return rest;
  }

  // Σ_k [0 <= i - 2k < 2] f(k) = f(floor(i/2)): what pooling hands back.
  Expr windowed() const {
    for (std::size_t k = 0; k < r_.binders.size(); ++k)
      if (const auto w = window(parts_, k); w && in_order(k, w->at))
        return without(k, w->at, outside(parts_, *w, k));
    return Expr();
  }

  // Whether the other binders' ranges still use only binders before them once binder k stands for `at`.
  bool in_order(std::size_t k, Expr at) const {
    for (std::size_t b = 0; b < r_.binders.size(); ++b) {
      if (b == k) continue;
      if (!r_.binders[b].lower->depends_on(r_.binders[k].index) &&
          !r_.binders[b].upper->depends_on(r_.binders[k].index))
        continue;
      for (std::size_t later = b; later < r_.binders.size(); ++later)
        if (later != k && at->depends_on(r_.binders[later].index)) return false;
    }
    return true;
  }

  // Σ_i [i = k] f(i) = [k is in the range of i] f(k). An equation that needs no range check goes first; among
  // those that need one, the outermost index is solved for.
  Expr kronecker() const {
    Expr with_check;
    for (std::size_t k = 0; k < r_.binders.size(); ++k)
      for (std::size_t p = 0; p < parts_.size(); ++p) {
        const Expr at = solved(parts_[p], k);
        if (!at || !in_order(k, at)) continue;
        std::vector<Expr> rest;
        for (std::size_t other = 0; other < parts_.size(); ++other)
          if (other != p) rest.push_back(parts_[other]);
        if (add_range(rest, at, k)) return without(k, at, rest);
        if (!with_check && !scatters(p)) with_check = without(k, at, rest);
      }
    return with_check;
  }

  // Σ_{i,b} [cam[i] = n][b + 5 = q] …: one pass through i and b that adds at (cam[i], b + 5). Solved for b,
  // each n and q would go through all i.
  bool scatters(std::size_t equation) const {
    for (std::size_t other = 0; other < parts_.size(); ++other) {
      if (other == equation || !parts_[other]->is(op_equal)) continue;
      for (Expr side : parts_[other]->operands)
        if (side->kind == ExprKind::access && depends(side)) return true;
    }
    return false;
  }

  // any(i) (i = k and c(i)) is: k is in the range of i, and c(k).
  Expr found() const {
    std::vector<Expr> all = parts_;
    for (Expr part : conjuncts(r_.body)) all.push_back(part);
    for (std::size_t k = 0; k < r_.binders.size(); ++k)
      for (std::size_t p = 0; p < all.size(); ++p) {
        const Expr at = solved(all[p], k);
        if (!at || !in_order(k, at)) continue;
        std::vector<Expr> rest;
        for (std::size_t other = 0; other < all.size(); ++other)
          if (other != p) rest.push_back(all[other]);
        add_range(rest, at, k);
        return holds_at(k, at, rest);
      }
    for (std::size_t k = 0; k < r_.binders.size(); ++k)
      if (const auto w = window(all, k); w && in_order(k, w->at))
        return holds_at(k, w->at, outside(all, *w, k));
    const std::vector<Expr> needed = not_implied(all);
    for (std::size_t k = 0; k < r_.binders.size(); ++k) {
      if (!in_order(k, r_.binders[k].lower)) continue;
      if (const auto rest = between(needed, k)) return holds_at(k, r_.binders[k].lower, *rest);
    }
    if (needed.size() < all.size()) {
      OpenedReduction fewer = r_;
      fewer.guard = c_.boolean(true);
      fewer.body = conjunction(c_, needed);
      return close(c_, fewer);
    }
    return Expr();
  }

  Expr holds_at(std::size_t k, Expr at, const std::vector<Expr>& parts) const {
    OpenedReduction conditions = r_;
    conditions.body = conjunction(c_, parts);
    return Reductions(c_, conditions, ranges_).without_guard(k, at);
  }

  Expr without_guard(std::size_t k, Expr at) const {
    const IndexMap map{{r_.binders[k].index, at}};
    const Expr condition = substitute(r_.body, map);
    if (r_.binders.size() == 1) return condition;
    return without(k, at, {});
  }

  Expr outer_guard() const {
    std::vector<Expr> outer, inner;
    for (Expr part : parts_) (depends(part) ? inner : outer).push_back(part);
    if (outer.empty()) return Expr();
    OpenedReduction rest = r_;
    rest.guard = conjunction(c_, inner);
    return c_.choose(conjunction(c_, outer), close(c_, rest), identity());
  }

  Expr split() const {
    if (!is_sum(r_.body)) return Expr();
    const std::vector<SumLeaf> leaves = sum_leaves(r_.body, [](Expr) { return true; });
    bool helps = false;
    for (const SumLeaf& leaf : leaves)
      if (is_delta_sided(leaf.e) && leaf.e->on_false()->is_constant(0))
        for (Expr part : conjuncts(leaf.e->condition()))
          for (std::size_t k = 0; k < r_.binders.size(); ++k) helps = helps || solved(part, k);
    if (!helps) return Expr();
    Expr total;
    for (const SumLeaf& leaf : leaves) {
      OpenedReduction term = r_;
      term.body = leaf.e;
      const Expr part = close(c_, term);
      if (!total)
        total = leaf.negative ? -part : part;
      else
        total = leaf.negative ? total - part : total + part;
    }
    return total;
  }

  // The number of terms, where it is an expression of sizes and outer indices.
  Expr count() const {
    if (!parts_.empty()) return Expr();
    Expr count;
    for (const Binder& b : r_.binders) {
      if (depends(b.lower) || depends(b.upper) || !ranges_.less_equal(b.lower, b.upper)) return Expr();
      const Expr length = b.lower->is_constant(0) ? b.upper : b.upper - b.lower;
      count = count ? count * length : length;
    }
    return count;
  }

  // Whether a factor has a value wherever what is given has: where the guard holds nowhere, the sum is 0, and
  // 0 times something else might not be.
  bool is_total(const Factor& f) const {
    if (f.exponent.sign() < 0 || !f.exponent.is_integer()) return false;
    return std::ranges::all_of(reachable_nodes(f.base), [&](Expr e) {
      if (e->kind == ExprKind::access) {
        const Role role = c_.tensor(e->tensor).role;
        return role != Role::derived && role != Role::adjoint && role != Role::tangent;
      }
      return e->kind != ExprKind::reduce &&
             (e->kind != ExprKind::apply || e->is(op_add) || e->is(op_sub) || e->is(op_mul) ||
              e->is(op_neg) || e->is(op_to_real) || e->is(op_tanh) || e->is(op_sigmoid));
    });
  }

  Expr outer_factors() const {
    const Product body = as_product(r_.body);
    Product outside, inside;
    outside.coefficient = body.coefficient;
    for (const Factor& f : body.factors)
      (depends(f.base) || !(parts_.empty() || is_total(f)) ? inside : outside).factors.push_back(f);
    const Type type = r_.op->result;
    if (inside.factors.empty())
      if (const Expr n = count()) {
        const Expr number = type == Type::real ? to_real(n) : n;
        Product result;
        result.coefficient = outside.coefficient;
        result.times(number, 1);
        for (const Factor& f : outside.factors) result.times(f.base, f.exponent);
        return to_expr(c_, result, type);
      }
    if (outside.factors.empty() && outside.coefficient.is_one()) return Expr();
    OpenedReduction rest = r_;
    rest.body = to_expr(c_, inside, r_.op->term);
    outside.times(close(c_, rest), 1);
    return to_expr(c_, outside, type);
  }

  Context& c_;
  const OpenedReduction& r_;
  const Ranges& ranges_;
  std::vector<Expr> parts_;
};

}  // namespace

Rewritten rewrite_reduction(Context& c, const OpenedReduction& reduction, const Ranges& ranges, bool made) {
  return Reductions(c, reduction, ranges).rewrite(made);
}

}  // namespace gradc
