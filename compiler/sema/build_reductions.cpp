// Reductions: ranges, filters, the mean as a sum over a count.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <set>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/sema/checker.h"

namespace gradc::sema {

using namespace syntax;
using gradc::Expr;
using gradc::Type;

// `batch` stands for the examples of a step. What is computed across them belongs to no example: it has a
// name, for its value is kept.
void Checker::bind_batch(Frame& frame, IndexVariable& variable, const Reduction& reduction,
                         const syntax::Binder& binder) {
  const auto refuse = [&](const std::string& message, const std::string& help) {
    reports_.add(DiagnosticCode::E433, binder.name.range, message, "", help);
    variable.failed = frame.failed = true;
  };
  variable.used = variable.is_batch = true;
  if (variable.failed) return;
  if (frame.kind != FrameKind::equation)
    return refuse("a reduction over `batch` stands in an equation of the file",
                  in_function(frame) ? "give the function what the equation reduces" : "");
  if (binder.range) return refuse("`batch` has no range", "a condition filters: `mean(batch if c) a`");
  for (const syntax::Binder& other : reduction.bound)
    if (other.name.text == binder.name.text && other.name.range != binder.name.range) variable.failed = true;
  const DimId dim = batch_dim(context_);
  variable.index = context_.fresh_index(dim);
  variable.lower = context_.integer(0);
  variable.upper = context_.size(dim);
  variable.resolved = true;
}

bool Checker::is_across_batch(const Frame& frame, ExprId id, const Reduction& reduction) const {
  for (std::size_t k = 0; k < reduction.bound.size(); ++k)
    if (frame.variables[frame[id].variables + k].is_batch) return true;
  return false;
}

// Whether a value differs from example to example.
bool Checker::reaches_example(Expr value) const {
  std::vector<TensorId> pending = reads({.tensor = {}, .rule = Define{value}});
  std::set<TensorId> seen;
  while (!pending.empty()) {
    const TensorId t = pending.back();
    pending.pop_back();
    const gradc::Role role = context_.tensor(t).role;
    if (role == gradc::Role::input || role == gradc::Role::target || role == gradc::Role::noise) return true;
    const bool across = std::ranges::find(model_.statistics, t) != model_.statistics.end();
    if (across || !seen.insert(t).second) continue;
    if (const Definition* definition = system_.find(t)) {
      const std::vector<TensorId> more = reads(*definition);
      pending.insert(pending.end(), more.begin(), more.end());
    }
  }
  return false;
}

Expr Checker::build_reduction(Frame& frame, ExprId id, const Reduction& reduction) {
  const Expr value = build_reduction_value(frame, id, reduction);
  if (!is_across_batch(frame, id, reduction) || frame.failed) return value;
  if (!reaches_example(value)) {
    reports_.add(DiagnosticCode::E433, reduction.head, "this is the same for every example of the batch", "",
                 "only what depends on an input, a target or noise is reduced over `batch`");
    frame.failed = true;
    return value;
  }
  if (frame.roots[0] == id) {
    frame.across_batch = true;
    return value;
  }
  for (Index index : value->free)
    if (!index.dim.valid()) {
      reports_.add(DiagnosticCode::E433, reduction.head,
                   "a reduction over `batch` stands under an index with a numeric range", "",
                   "give it an equation of its own");
      frame.failed = true;
      return value;
    }
  const Expr access = named(frame, value, frame[id].shape.dims, frame.name + "_batch");
  model_.statistics.push_back(access->tensor);
  return access;
}

// The derivative of a maximum asks which terms equal it: what a term is, and what is asked, must be one
// number (decision 14). Lowering sees to that, except where data say what is read: such a term is computed
// only under its conditions, so it gets a name here.
Expr Checker::compared_terms(Frame& frame, ExprId body) {
  const Expr value = as_real(frame, body);
  if (value->kind == gradc::ExprKind::access || !reads_by_data(value)) return value;
  return named(frame, under_guards(frame, body, value), frame[body].shape.dims, frame.name + "_terms");
}

// Of the choices and filters on the way to an expression, outermost first.
std::vector<Expr> Checker::conditions_around(const Frame& frame, ExprId at) {
  std::vector<Expr> conditions;
  for (std::int32_t k = frame[at].guard; k >= 0; k = frame.guards[static_cast<std::size_t>(k)].parent) {
    const Guard& guard = frame.guards[static_cast<std::size_t>(k)];
    const Expr condition = frame[guard.condition].value;
    conditions.insert(conditions.begin(), guard.holds ? condition : negate(condition));
  }
  return conditions;
}

// The value of an expression, or 0 where the choices and filters around it keep it from being read.
Expr Checker::under_guards(const Frame& frame, ExprId at, Expr value) {
  const std::vector<Expr> conditions = conditions_around(frame, at);
  if (conditions.empty()) return value;
  return choose(conjunction(context_, conditions), value, context_.constant(0, value->type));
}

Expr Checker::build_reduction_value(Frame& frame, ExprId id, const Reduction& reduction) {
  const NodeInfo& info = frame[id];
  std::vector<gradc::Binder> binders;
  for (std::size_t k = 0; k < reduction.bound.size(); ++k) {
    const IndexVariable& v = frame.variables[info.variables + k];
    const std::optional<Range>& range = reduction.bound[k].range;
    const bool stated = range && !range->is_dim();
    const auto end = [&](Expr last) {
      return last->is_constant() ? context_.constant(*last->value + 1, Type::integer) : last + 1;
    };
    binders.push_back({v.index, stated ? as_integer(frame, range->first) : v.lower,
                       stated ? end(as_integer(frame, range->last)) : v.upper});
  }
  const Expr guard = reduction.filter.valid() ? frame[reduction.filter].value : context_.boolean(true);
  const bool integer = info.shape.is_integer() && frame[reduction.body].shape.is_integer();
  const auto reduce = [&](const ReductionOperator& of_reals, const ReductionOperator* of_integers = nullptr) {
    return of_integers && integer
               ? context_.reduce(*of_integers, binders, guard, as_integer(frame, reduction.body))
               : context_.reduce(of_reals, binders, guard, as_real(frame, reduction.body));
  };
  switch (reduction.op) {
    case ReductionOp::sum: return reduce(reduce_sum, &reduce_integer_sum);
    case ReductionOp::prod: return reduce(reduce_prod);
    case ReductionOp::max:
      return integer ? reduce(reduce_max, &reduce_integer_max)
                     : context_.reduce(reduce_max, binders, guard, compared_terms(frame, reduction.body));
    case ReductionOp::min:
      return integer ? reduce(reduce_min, &reduce_integer_min)
                     : context_.reduce(reduce_min, binders, guard, compared_terms(frame, reduction.body));
    case ReductionOp::logsumexp: return reduce(reduce_logsumexp);
    case ReductionOp::argmax:
      return context_.reduce(reduce_argmax, binders, guard, as_real(frame, reduction.body));
    case ReductionOp::argmin:
      return context_.reduce(reduce_argmin, binders, guard, as_real(frame, reduction.body));
    case ReductionOp::any: return context_.reduce(reduce_any, binders, guard, frame[reduction.body].value);
    case ReductionOp::all: return context_.reduce(reduce_all, binders, guard, frame[reduction.body].value);
    case ReductionOp::mean: break;
  }
  // How many terms: a product of sizes where every range stands by itself and nothing is filtered.
  bool independent = !reduction.filter.valid();
  for (std::size_t k = 0; k < binders.size(); ++k)
    for (std::size_t j = 0; j < k; ++j)
      independent = independent && !binders[k].lower->depends_on(binders[j].index) &&
                    !binders[k].upper->depends_on(binders[j].index);
  Expr count;
  if (independent) {
    for (const gradc::Binder& b : binders) {
      const Expr length = b.lower->is_constant(0) ? b.upper : b.upper - b.lower;
      count = count ? count * length : length;
    }
    count = count->is_constant() ? context_.real(*count->value) : to_real(count);
  } else {
    count = to_real(context_.reduce(reduce_integer_sum, binders, guard, context_.integer(1)));
  }
  return context_.reduce(reduce_sum, binders, guard, as_real(frame, reduction.body)) / count;
}

}  // namespace gradc::sema
