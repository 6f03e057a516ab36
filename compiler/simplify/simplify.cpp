// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/simplify/simplify.h"

#include <algorithm>
#include <unordered_map>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/operators/stated.h"
#include "compiler/simplify/definitions.h"
#include "compiler/simplify/own_value.h"
#include "compiler/simplify/rewriter.h"
#include "compiler/support/check.h"

namespace gradc {
namespace {

constexpr int most_rounds = 64;

bool same(const System& a, const System& b) {
  if (a.definitions().size() != b.definitions().size() || a.outputs() != b.outputs()) return false;
  for (std::size_t i = 0; i < a.definitions().size(); ++i)
    if (a.definitions()[i].tensor != b.definitions()[i].tensor ||
        expressions(a.definitions()[i]) != expressions(b.definitions()[i]))
      return false;
  return true;
}

// By tensor, the expressions that a round before has made: in normal form already.
using Settled = std::unordered_map<TensorId, std::vector<Expr>>;

System rewritten(const System& system, Settled& settled, std::vector<SystemStep>* steps) {
  Context& c = system.context();
  Rewriter exact(c, Reader::both), algebra(c, Reader::both);
  exact.only_written();
  Rewriter unrecorded(c, Reader::both);
  unrecorded.only_written();
  OwnValues names(c, [&](Expr e) { return unrecorded(e); });
  std::vector<Definition> result(system.definitions().begin(), system.definitions().end());
  std::vector<Step> taken;
  exact.record(steps ? &taken : nullptr);
  algebra.record(steps ? &taken : nullptr);
  auto rewrite_all = [&](bool derivatives, Rewriter& rewriter) {
    for (Definition& d : result) {
      if (is_derivative(c, d) != derivatives) continue;
      if (const auto found = settled.find(d.tensor);
          found != settled.end() && found->second == expressions(d))
        continue;
      d = mapped(d, [&](Expr e) { return rewriter(e); });
      if (steps)
        for (const Step& step : taken) steps->push_back({d.tensor, step.rule, step.before, step.after});
      taken.clear();
    }
  };
  // Whether a term is the greatest is asked of the bits that the maximum was taken of.
  const auto keep_what_is_compared = [&](Expr root) {
    for (Expr e : reachable_nodes(root))
      if (e->is(op_equal) && e->operands[0]->type == Type::real)
        for (Expr side : e->operands) algebra.written(side);
  };
  for (const Definition& d : result)
    for (Expr e : expressions(d))
      if (is_derivative(c, d))
        algebra.count_uses(e), keep_what_is_compared(e);
      else
        algebra.written(e);
  for (const Definition& d : system.definitions())
    if (!is_derivative(c, d)) names.add(d);
  rewrite_all(false, exact);
  for (const Definition& d : result)
    if (!is_derivative(c, d)) {
      names.add(d);
      for (Expr e : expressions(d)) algebra.written(e);
    }
  algebra.name_values(&names);
  rewrite_all(true, algebra);
  System simplified(c);
  for (Definition& d : result) {
    settled.insert_or_assign(d.tensor, expressions(d));
    simplified.add(std::move(d));
  }
  simplified.set_outputs(system.outputs());
  return simplified;
}

}  // namespace

System simplify(const System& system, std::vector<SystemStep>* steps) {
  const std::string outer = set_current_pass("simplified");
  System now = without_stated(system);
  Settled settled;
  for (int round = 0; round < most_rounds; ++round) {
    // A round looks at what the last one has changed; the one that ends it, at everything.
    const bool whole = settled.empty();
    System next = reachable(inline_trivial(reachable(rewritten(now, settled, steps))));
    if (same(now, next)) {
      settled.clear();
      if (!whole) continue;
      next = inline_aliases(without_zero_circles(now));
      if (same(now, next)) break;
    }
    now = std::move(next);
  }
  set_current_pass(outer);
  return now;
}

}  // namespace gradc
