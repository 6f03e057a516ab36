// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <map>
#include <set>

#include "compiler/diff/dependence.h"
#include "compiler/diff/structural.h"
#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/steps/formal.h"
#include "compiler/steps/steps.h"

namespace gradc {
namespace {

constexpr int most_lines = 200;             // of one chain
constexpr std::ptrdiff_t most_nodes = 400;  // of a line

void note(std::vector<StepRule>& rules, StepRule rule) {
  if (std::ranges::find(rules, rule) == rules.end()) rules.push_back(std::move(rule));
}

// One derivative: ∂of/∂x, with the axes of `of` first (`leads`), then x's own.
class ChainMaker {
 public:
  ChainMaker(const System& raw, const Definition& derivative)
      : raw_(raw),
        c_(raw.context()),
        d_(derivative),
        info_(c_.tensor(derivative.tensor)),
        of_(info_.of),
        x_(info_.wrt),
        forward_(info_.role == Role::tangent),
        leads_(c_.tensor(of_).rank()),
        varied_(sources_) {
    sources_.insert(x_);
    for (const Definition& d : raw.definitions()) {
      const Tensor& t = c_.tensor(d.tensor);
      if (!t.at.empty()) continue;
      if (forward_ && t.role == Role::tangent && t.wrt == x_) by_value_.emplace(t.of, d.tensor);
      if (!forward_ && t.role == Role::adjoint && t.of == of_) by_value_.emplace(t.wrt, d.tensor);
    }
    if (forward_)
      for (const auto& [value, tangent] : by_value_) sources_.insert(value);
    const std::span<const Expr> slots = c_.access_by_slots(d_.tensor)->arguments();
    target_ = c_.access(x_, slots.subspan(leads_));
    lead_slots_.assign(slots.begin(), slots.begin() + static_cast<std::ptrdiff_t>(leads_));
  }

  // From the chain rule to a term without formal derivatives. Empty: it does not go by these steps.
  std::vector<StepLine> lines() {
    StepLine first;
    if (!start(first)) return {};
    std::vector<StepLine> result{std::move(first)};
    while (static_cast<int>(result.size()) < most_lines) {
      StepLine next;
      if (std::ssize(reachable_nodes(result.back().value)) > most_nodes) {
        cut_short_ = true;
        break;
      }
      next.value = expanded(result.back().value, next.rules);
      if (next.value == result.back().value) break;
      result.push_back(std::move(next));
    }
    return result;
  }

  bool met_deltas() const { return met_deltas_; }
  // A line became longer than anybody reads.
  bool is_cut_short() const { return cut_short_; }

 private:
  // Σ over the values y that read x, of ∂of/∂y · ∂y/∂x.
  bool start(StepLine& line) {
    Expr total;
    std::vector<TensorId> users;
    for (const Definition& y : raw_.definitions()) {
      if (y.tensor == d_.tensor) continue;
      const auto adjoint = by_value_.find(y.tensor);
      const bool is_of = y.tensor == of_;
      if (forward_ ? !is_of : (!is_of && adjoint == by_value_.end())) continue;
      const std::vector<TensorId> read = reads(y);
      if (!forward_ && std::ranges::find(read, x_) == read.end()) continue;
      if (!y.define()) return false;
      if (is_of) {
        total = structural::plus(total, formal(instantiate(y.define()->value, lead_slots_)));
        note(line.rules, {"definition of ", {y.tensor}, y.origin.range});
        continue;
      }
      total = structural::plus(total, through(y, adjoint->second));
      users.push_back(y.tensor);
    }
    if (!users.empty()) note(line.rules, {"chain rule through ", users});
    line.value = structural::number(c_, total);
    return total && !total->is_constant();
  }

  Expr through(const Definition& y, TensorId adjoint) {
    const std::vector<DimId>& dims = c_.tensor(y.tensor).dims;
    const Expr value = y.define()->value;
    std::vector<Expr> own;
    std::vector<Binder> binders;
    for (std::size_t a = 0; a < dims.size(); ++a) {
      if (const Expr same = same_position(value, a, dims[a])) {
        own.push_back(same);
        continue;
      }
      binders.push_back(c_.over(dims[a], a < y.index_names.size() ? y.index_names[a] : ""));
      own.push_back(c_.position(binders.back().index));
    }
    std::vector<Expr> at = lead_slots_;
    at.insert(at.end(), own.begin(), own.end());
    // In a recurrence, h[t] by an earlier h: not the elements by one another, but through the equation.
    const Expr local = y.tensor == x_ ? formal(instantiate(value, own))
                                      : c_.apply(op_derivative_of_name, {target_, c_.access(y.tensor, own)});
    if (!local) return Expr();
    const Expr term = c_.access(adjoint, at) * local;
    return binders.empty() ? term : sum(binders, c_.boolean(true), term);
  }

  // Where y[.., i, ..] reads x[.., i, ..] only, at this very position: i is the target's.
  Expr same_position(Expr value, std::size_t axis, DimId dim) {
    const Expr own = c_.position(Index::slot(static_cast<std::int32_t>(axis), dim));
    const std::size_t rank = c_.tensor(x_).rank();
    std::vector<bool> holds(rank, true);
    for (Expr e : reachable_nodes(value))
      if (e->kind == ExprKind::access && e->tensor == x_)
        for (std::size_t a = 0; a < rank; ++a) holds[a] = holds[a] && e->arguments()[a] == own;
    for (std::size_t a = 0; a < rank; ++a)
      if (holds[a]) return target_->arguments()[a];
    return Expr();
  }

  // Null: it does not vary.
  Expr formal(Expr e) {
    if (!varied_(e)) return Expr();
    if (e == target_) return c_.real(1);
    if (e->kind != ExprKind::access) return c_.apply(op_derivative_of_term, {target_, e});
    if (e->tensor == x_) return c_.apply(op_derivative_of_name, {target_, e});
    std::vector<Expr> at(e->arguments().begin(), e->arguments().end());
    at.insert(at.end(), target_->arguments().begin(), target_->arguments().end());
    return c_.access(by_value_.at(e->tensor), at);
  }

  Expr expanded(Expr line, std::vector<StepRule>& rules) {
    return rewrite(
        line, [&](Expr e) { return is_formal(e) ? structural::number(c_, step(e->operands[1], rules)) : e; });
  }

  Expr step(Expr e, std::vector<StepRule>& rules) {
    switch (e->kind) {
      case ExprKind::access: return step_of_name(e, rules);
      case ExprKind::apply: return step_of_operator(e, rules);
      case ExprKind::choose:
        note(rules, rule_of(e, {}, false));
        return structural::choose(e->condition(), formal(e->on_true()), formal(e->on_false()));
      case ExprKind::reduce: {
        note(rules, rule_of(e, {}, false));
        const OpenedReduction terms = open(e);
        const Expr inner = structural::times(terms.op->share(c_, terms, e), formal(terms.body));
        return inner ? sum(terms.binders, terms.guard, inner) : Expr();
      }
      default: return Expr();
    }
  }

  Expr step_of_name(Expr e, std::vector<StepRule>& rules) {
    if (e->tensor != x_) {  // y[…]: what it is defined as
      const Definition& y = *raw_.find(e->tensor);
      note(rules, {"definition of ", {y.tensor}, y.origin.range});
      return formal(instantiate(y.define()->value, e->arguments()));
    }
    Expr same;
    for (std::size_t a = 0; a < e->arguments().size(); ++a) {
      const Expr here = equal(e->arguments()[a], target_->arguments()[a]);
      if (e->arguments()[a] != target_->arguments()[a]) same = same ? both(same, here) : here;
    }
    if (!same) return c_.real(1);
    met_deltas_ = true;
    note(rules, {"variables are independent"});
    return c_.choose(same, c_.real(1), c_.real(0));
  }

  Expr step_of_operator(Expr e, std::vector<StepRule>& rules) {
    const std::span<const Expr> arguments = e->arguments();
    std::vector<bool> varied;
    bool inner = false;
    Expr total;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      varied.push_back(varied_(arguments[i]));
      if (!varied.back()) continue;
      inner = inner || arguments[i] != target_;
      const Expr partial = e->op->partial(c_, static_cast<int>(i), arguments, e);
      total = structural::plus(total, structural::times(partial, formal(arguments[i])));
    }
    note(rules, rule_of(e, varied, inner));
    return total;
  }

  const System& raw_;
  Context& c_;
  const Definition& d_;
  const Tensor info_;
  TensorId of_, x_;
  bool forward_;
  std::size_t leads_;
  std::map<TensorId, TensorId> by_value_;  // reverse: ∂of/∂y of y; forward: ∂y/∂x of y
  TensorSet sources_;
  Varied varied_;
  Expr target_;
  std::vector<Expr> lead_slots_;
  bool met_deltas_ = false, cut_short_ = false;
};

bool is_plain_derivative(const Context& c, const Definition& d) {
  const Tensor& t = c.tensor(d.tensor);
  return d.define() && t.of.valid() && t.wrt.valid() && t.at.empty() &&
         t.rank() == c.tensor(t.of).rank() + c.tensor(t.wrt).rank();
}

// Adjoints carry the conditions under which they are used at all.
std::ptrdiff_t choices(Expr e) {
  return std::ranges::count(reachable_nodes(e), ExprKind::choose, [](Expr node) { return node->kind; });
}

Expr replaced(Expr whole, Expr before, Expr after) {
  return rewrite(whole, [&](Expr e) { return e == before ? after : e; });
}

std::set<TensorId> read_by(Expr e) {
  std::set<TensorId> read;
  for (Expr node : reachable_nodes(e))
    if (node->kind == ExprKind::access) read.insert(node->tensor);
  return read;
}

// What simplification did to this definition, as terms of their own where its steps can be followed in the
// whole; the rules of others go with the next.
void add_rewritings(Chain& chain, Expr raw, Expr last, const std::vector<SystemStep>& steps) {
  Expr now = raw;
  std::vector<StepRule> rules;
  for (const SystemStep& step : steps) {
    if (step.definition != chain.tensor) continue;
    note(rules, rule_of(step));
    const Expr next = replaced(now, step.before, step.after);
    if (next == now) continue;
    now = next;
    if (chain.lines.back().rules == rules) chain.lines.pop_back();  // once more the same
    chain.lines.push_back({now, std::exchange(rules, {})});
  }
  if (!last || last == now) return;
  const std::set<TensorId> before = read_by(now), after = read_by(last);
  if (rules.empty() || !std::ranges::includes(after, before)) rules.insert(rules.begin(), {"put in"});
  chain.lines.push_back({last, std::move(rules)});
}

}  // namespace

std::vector<Chain> derivation_chains(const System& raw, const System& simple,
                                     const std::vector<SystemStep>& steps) {
  const Context& c = raw.context();
  std::vector<Chain> chains;
  for (const Definition& d : raw.definitions()) {
    const Tensor& t = c.tensor(d.tensor);
    if ((t.role != Role::adjoint && t.role != Role::tangent) || !d.define()) continue;
    Chain chain{d.tensor, d.index_names, {}};
    const Expr value = d.define()->value;
    bool met_deltas = false, cut_short = false;
    if (is_plain_derivative(c, d)) {
      ChainMaker maker(raw, d);
      chain.lines = maker.lines();
      met_deltas = maker.met_deltas();
      cut_short = maker.is_cut_short();
    }
    if (chain.lines.empty())
      chain.lines.push_back({value, {{d.origin.rule}}});
    else if (cut_short)
      chain.lines.push_back({value, {{"these rules, to the end"}}});
    else if (met_deltas)
      chain.lines.push_back({value, {{"δ elimination"}}});
    else if (choices(value) > choices(chain.lines.back().value))
      chain.lines.push_back({value, {{"where it counts"}}});
    const Definition* final = simple.find(d.tensor);
    add_rewritings(chain, value, final && final->define() ? final->define()->value : Expr(), steps);
    chains.push_back(std::move(chain));
  }
  return chains;
}

}  // namespace gradc
