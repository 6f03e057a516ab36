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

// An element of a tensor, or one for each value of some indices, which its subscripts name as slots 0, 1, ….
struct Element {
  TensorId tensor;
  std::vector<Expr> at;
};

// How a derivative of many quantities by many is had: by one sweep from each quantity, or by one from each
// that it is taken by. The numbers are the same. `cheapest`: where fewer elements are computed on the way.
enum class Mode : std::uint8_t { cheapest, forward, reverse };

// ∂of/∂wrt of elements whose subscripts use the slots 0, 1, … over `dims`, which are the result's axes; those
// of `of` come first. The cost is that of the elements: where e[i, b] depends on cams[cam[i], v] and on no
// other i, its derivatives are computed along i, not for all pairs. Where a subscript is out of range, the
// derivative is 0.
TensorId add_element_derivative(System& system, const Element& of, const Element& wrt,
                                std::span<const DimId> dims, std::span<const std::string> names,
                                Mode mode = Mode::cheapest);

// Some entries of a Jacobian: for each position of the axes of `of`, and of some more, which column (of wrt,
// flattened; -1: no entry here) and how much. Entries of one row and column add up, in order.
struct SparseEntries {
  TensorId columns, values;
};
// ∂of/∂wrt as its entries, in reverse mode. Where they are follows from the subscripts: it depends on
// integers alone, and counts both sides of a choice on real numbers.
std::vector<SparseEntries> add_sparse_jacobian(System& system, TensorId of, TensorId wrt);

// The mode in which the whole Jacobian computes fewer elements on the way.
Mode cheaper_mode(System& system, TensorId of, TensorId wrt);

// Σ ∂of/∂wrt · direction for elements, in forward mode: the direction's subscripts are those before wrt's.
TensorId add_element_tangent(System& system, const Element& of, TensorId wrt, const Element& direction,
                             std::span<const DimId> dims, std::span<const std::string> names);

// ∂of/∂wrt, with the axes of `of` first, then those of wrt.
TensorId add_jacobian(System& system, TensorId of, TensorId wrt, Mode mode = Mode::forward);

// Forward mode along one direction: Σ ∂of/∂wrt · direction, of the shape of `of`.
TensorId add_tangent(System& system, TensorId of, TensorId wrt, TensorId direction);

// Forward (or the mode that is said) over reverse: ∂²of/∂a∂b of a scalar, with the axes of a first, then
// those of b.
TensorId add_hessian(System& system, TensorId of, TensorId a, TensorId b, Mode mode = Mode::forward);
// ∂²of/∂wrt² · direction, without the Hessian.
TensorId add_hessian_product(System& system, TensorId of, TensorId wrt, TensorId direction);

}  // namespace gradc
