// Π. A term has the product of all others as its share: right at zeros too, at every order, where dividing
// the whole product by the term is 0/0.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(std::span<const T> terms) -> T {
  T product = 1;
  for (const T& term : terms) product = product * term;
  return product;
};
}  // namespace

REDUCTION(prod) = {
    .name = "prod",
    .latex = R"(\prod)",
    .identity = 1,
    .evaluate = value,
    .evaluate_precise = value,
    .share =
        [](Context& c, const OpenedReduction& reduction, Expr) {
          OpenedReduction others = renamed(c, reduction);
          Expr same = c.boolean(true);
          for (std::size_t k = 0; k < others.binders.size(); ++k) {
            const Expr here =
                equal(c.position(others.binders[k].index), c.position(reduction.binders[k].index));
            same = k == 0 ? here : both(same, here);
          }
          const Expr differs = negate(same);
          others.guard = others.guard->is_constant(1) ? differs : both(others.guard, differs);
          return close(c, others);
        },
};

}  // namespace gradc
