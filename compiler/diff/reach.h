// Which elements of what lies between are on the way from one element: dependence analysis of subscripts.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <functional>
#include <set>
#include <span>
#include <unordered_map>
#include <vector>

#include "compiler/diff/dependence.h"

namespace gradc {

// Some of a tensor's elements: on each axis one position, an expression of the element's indices, or (null)
// all of them.
using Part = std::vector<Expr>;

// An element of[at], where `at` uses the slots 0 … leads-1, depends on certain parts of each tensor between:
// e[i, b] on p[i, b'] for all b', on cams[cam[i], v] for all v, and on nothing of another i. Axes on which a
// part has one position need no axis in a derivative: what is derived along such an axis costs one element,
// not all. A circle, and what is no equation of elements, has its tensors whole on all other axes than those
// that go through it unchanged.
class Reach {
 public:
  // `whole`: tensors whose parts are wanted whole. `slice` is what `of` needs, each after what it reads.
  // `carried`, of tangents: the indices that they have anyway. An axis that is read where data say, by at
  // least as many elements as it has positions, is taken whole there: each position's tangent is computed
  // once.
  Reach(const System& slice, TensorId of, std::span<const Expr> at, std::size_t leads, Varied& varied,
        const TensorSet& whole, const std::set<Index>* carried = nullptr);

  // None of the parts of a tensor covers another. Empty: not on the way.
  const std::vector<Part>& parts(TensorId t) const;
  // The part to which an access belongs, by its subscripts.
  std::size_t part_of(TensorId t, std::span<const Expr> subscripts) const;

 private:
  Part part_at(TensorId t, std::span<const Expr> subscripts) const;
  bool is_gathered(Expr at, DimId dim) const;
  void add(TensorId t, Part part);
  void walk(const Definition& d, const Part& part, const std::function<void(TensorId, Part)>& found);
  void go_round(const System& slice, const std::vector<std::size_t>& circle);

  Context& c_;
  const System& slice_;
  std::size_t leads_;
  Varied& varied_;
  const TensorSet& whole_;
  const std::set<Index>* carried_;
  std::unordered_map<TensorId, std::vector<Part>> parts_;
};

// The accesses through which a derivative flows.
std::vector<Expr> varied_accesses(Expr root, Varied& varied);

}  // namespace gradc
