// Reverse accumulation through one expression. Griewank & Walther, Evaluating Derivatives (2nd ed., 2008),
// §3.2. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <span>
#include <vector>

#include "compiler/diff/dependence.h"
#include "compiler/equations/context.h"

namespace gradc {

// One place where an expression reads a tensor, and how much of the expression's adjoint flows there:
//   Σ over binders, where all guards hold, of seed, lands on tensor[subscripts].
// The binders are those of the reductions around the place, outermost first. Guards select: where one does
// not hold there is no contribution, even if the seed is infinite or NaN there.
struct Contribution {
  TensorId tensor;
  std::vector<Expr> subscripts;
  Expr seed;
  std::vector<Binder> binders;
  std::vector<Expr> guards;
};

// All contributions of ∂(seed·e). `binders` and `guards` are what already stands around e.
std::vector<Contribution> pull_back(Expr e, Expr seed, std::vector<Binder> binders, std::vector<Expr> guards,
                                    Varied& varied);

// The total that lands on the element `target` of the contribution's tensor: the sum over those index values
// for which subscripts = target. Subscripts that can be inverted (i, i + c, m*i + c, i + k) are solved, so
// that the sum is a gather; others stay as a condition subscripts == target under the sum (an ordered
// scatter, once lowered).
struct Landed {
  std::vector<Expr> outer_guards;  // without the remaining binders
  std::vector<Binder> binders;     // what is left to sum over
  Expr inner_guard;
  Expr seed;
};
Landed land(Context& context, const Contribution& contribution, std::span<const Expr> target);

// The landed contribution as an expression, and the condition under which there is one (null: always).
Expr value_of(Context& context, const Landed& landed);
Expr activity_of(Context& context, const Landed& landed);

}  // namespace gradc
