// Reductions: ranges, filters, the mean as a sum over a count.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/build.h"
#include "compiler/sema/checker.h"

namespace gradc::sema {

using namespace syntax;
using gradc::Expr;
using gradc::Type;

Expr Checker::build_reduction(Frame& frame, ExprId id, const Reduction& reduction) {
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
    case ReductionOp::max: return reduce(reduce_max, &reduce_integer_max);
    case ReductionOp::min: return reduce(reduce_min, &reduce_integer_min);
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
