// The derivatives of expressions and of systems, as expressions and systems again. Any order is had by
// applying these to their own results. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <functional>
#include <span>

#include "compiler/diff/dependence.h"
#include "compiler/equations/system.h"

namespace gradc {

// ---- expressions

// Forward mode: the tangent of e, where `of_access` gives the tangent of each access that `varied` knows to
// vary (null: none). Null: e does not vary.
Expr tangent(Expr e, const std::function<Expr(Expr access)>& of_access, Varied& varied);

// f'(t) for a body that reads the scalar placeholder tensor t; everything else in it is held. Null: constant
// in t.
Expr derivative(Expr body, TensorId t);

// ∂body/∂t[at]: the element `at` of the gradient with respect to a placeholder tensor. Null: constant in t.
Expr gradient(Expr body, TensorId t, std::span<const Expr> at);

// ---- systems. Each appends the definitions it needs to `system` and returns the tensors that hold the
// derivatives. Where there is no dependence the derivative is defined as 0: of its shape, not missing.

// Reverse mode: for each of `wrt` the total derivative ∂of/∂wrt, with the axes of `of` first, then those of
// wrt.
std::vector<TensorId> add_adjoints(System& system, TensorId of, std::span<const TensorId> wrt);

// Forward mode: ∂of/∂wrt, with the same axes.
TensorId add_jacobian(System& system, TensorId of, TensorId wrt);

// Forward mode along one direction: Σ ∂of/∂wrt · direction, of the shape of `of`.
TensorId add_tangent(System& system, TensorId of, TensorId wrt, TensorId direction);

// Forward over reverse: ∂²of/∂a∂b of a scalar, with the axes of a first, then those of b.
TensorId add_hessian(System& system, TensorId of, TensorId a, TensorId b);
// ∂²of/∂wrt² · direction, without the Hessian.
TensorId add_hessian_product(System& system, TensorId of, TensorId wrt, TensorId direction);

}  // namespace gradc
