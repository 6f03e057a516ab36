// Elements of tensors named by indices: what both modes ask of them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <optional>
#include <span>
#include <string>

#include "compiler/diff/derivative.h"
#include "compiler/diff/pull_back.h"
#include "compiler/operators/affine.h"
#include "compiler/operators/build.h"

namespace gradc {

// tensor[slot first, slot first+1, …]
Element whole_element(Context& context, TensorId tensor, std::size_t first);
// Whether it is tensor[slot 0, slot 1, …] over just the tensor's dims.
bool is_whole(Context& context, const Element& element, std::span<const DimId> dims);
// How many slots its subscripts use: 0 … n-1.
std::size_t slots_of(const Element& element);
// Where all subscripts, and those inside them, are in range. Null: wherever the slots are.
Expr is_in_range(Context& context, const Element& element);

// The least or greatest value of an integer expression over the dims of its indices, as sizes; none if they
// have no dims, or it is not affine.
std::optional<Affine> bound(Context& context, Expr e, bool greatest);

inline Expr both_of(Expr a, Expr b) { return !a ? b : !b ? a : both(a, b); }

// What lands on wrt from of[slot 0, slot 1, …], as contributions with these slots. All their guards are
// there: where one does not hold there is no entry.
std::vector<Contribution> reverse_contributions(System& system, TensorId of, TensorId wrt);

// ∂of/∂wrt as an expression of the slots; null: no dependence.
Expr reverse_element(System& system, const Element& of, const Element& wrt, std::span<const DimId> leads,
                     std::span<const std::string> lead_names);
Expr forward_element(System& system, const Element& of, const Element& wrt);
// Σ ∂of/∂wrt · direction, where direction's subscripts are those before wrt's.
Expr forward_along(System& system, const Element& of, TensorId wrt, const Element& direction);

// How many positions a dim has, with 32 for what is known at run time only.
double likely_size(Context& c, DimId dim);

}  // namespace gradc
