// From the definitions of a system to items: reductions that others share, or that a product of matrices or
// an ordered accumulation computes better, become tensors of their own. SPDX-License-Identifier: Apache-2.0
// WITH LLVM-exception
#pragma once

#include <functional>
#include <unordered_map>
#include <unordered_set>

#include "compiler/equations/system.h"
#include "compiler/kernel/extents.h"
#include "compiler/kernel/plan.h"
#include "compiler/kernel/weight.h"

namespace gradc::kernel {

class ItemMaker {
 public:
  ItemMaker(Context& context, Extents& extents, bool products)
      : c_(context), extents_(extents), products_(products) {}

  std::vector<Item> run(const System& system);

 private:
  void count_reductions(const System& system);
  Expr lift_reductions(Expr root, const std::vector<Index>& scope, bool guarded);
  Expr lift_reduction(Expr reduction, const std::vector<Index>& scope, bool guarded);
  Expr compared(Expr e, bool guarded);
  // distribute.cpp: sums of factors, before they are multiplied by what they do not depend on.
  void distribute(OpenedReduction& sum, const std::vector<Index>& scope);
  void sum_before_shift(OpenedReduction& sum, const std::vector<Index>& scope);
  bool sum_first(OpenedReduction& sum, std::size_t binder, const std::vector<Index>& scope);
  Expr split(Expr root, std::span<const Index> slots);
  std::vector<Index> product_order(Expr reduction, const std::vector<Index>& free);
  bool reads_circle(Expr e) const;
  bool worth_lifting(Expr reduction, std::span<const Index> free, const std::vector<Index>& scope);
  // The value as a tensor of its own with these axes, and the element at these indices. One that is there
  // already is taken, in whatever order its axes are, if that suits.
  using Suits = std::function<bool(Expr access)>;
  Expr name(Expr value, std::span<const Index> axes, const Suits& suits);
  Expr name(Expr value, std::span<const Index> axes);
  void add_item(TensorId tensor, Expr value);
  bool add_product(TensorId tensor, Expr value);  // contraction.cpp
  bool add_scatter(TensorId tensor, Expr value);  // scatter.cpp
  void add_routine(const Call& call);
  bool add_accumulation(TensorId tensor, Expr value);
  // contraction.cpp: the two sides of Σ A·B over these indices; none if it is no contraction, or too small.
  struct Sides {
    std::vector<Expr> factors[2];
    std::vector<Index> slots[2];  // each side's own
    std::vector<Index> common;    // of both
    std::vector<Index> inner;
  };
  std::optional<Sides> contraction(const OpenedReduction& reduction, std::span<const Index> slots);
  Expr operand(const Sides& sides, int side);
  // scale.cpp: what one more factor on this side costs, in elements that are copied.
  double cost_of_operand(const Sides& sides, int side);
  // The value with the constant that multiplies a contraction where it costs least; `is_stored`: it is all
  // that a tensor is, and nothing that reads it could do the rest.
  Expr place_scale(Expr value, std::span<const Index> free, bool is_stored);

  Context& c_;
  Extents& extents_;
  bool products_;
  Weight weight_;
  std::vector<Item> items_;
  std::unordered_map<Expr, int> occurrences_;  // of reductions, with slots numbered anew
  struct Named {
    TensorId tensor;
    std::vector<std::size_t> places;  // of its axes among the slots of the key
  };
  std::unordered_map<Expr, std::vector<Named>> named_;  // by value, with slots in the order of appearance
  std::unordered_set<TensorId> circle_;                 // of the definition at hand; empty if it is in none
  std::string stem_;                                    // of the names of new tensors
  Segments segments_ = Segments::none;                  // of the definition at hand
};

// Slots 0, 1, … in the place of these indices.
Expr with_slots(Expr e, std::span<const Index> indices);
std::vector<Expr> factors(Expr product);
// The nodes that are not inside reductions, children first.
std::vector<Expr> nodes_outside_reductions(Expr root);

}  // namespace gradc::kernel
