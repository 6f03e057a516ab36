// Ends of integer expressions of indices, sizes and members, under conditions: enough to prove that a circle
// of equations falls. Sound, not complete: what cannot be proved has no end.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "compiler/equations/context.h"

namespace gradc {

// Σ coefficient·atom + constant; an atom is an index, the size of a run-time dim, or what is not affine.
struct LinearForm {
  std::map<Expr, std::int64_t> terms;
  std::int64_t constant = 0;
};
std::optional<LinearForm> linear_form(Expr e);

class Bounds {
 public:
  explicit Bounds(Context& context) : c_(&context) {}

  void add(const Binder& binder) { binders_.push_back(binder); }
  void add_condition(Expr condition, bool holds = true);
  // Members that are read at an index lie before that index: a[b] < b, for all that have b's dim.
  void assume_members_fall() { members_fall_ = true; }

  // Nothing if there is no end that is a number for all sizes.
  std::optional<std::int64_t> most(Expr e);
  std::optional<std::int64_t> least(Expr e);
  // Of the last answer: the members that had to be assumed to fall.
  const std::vector<Expr>& assumed() const { return assumed_; }

 private:
  std::optional<std::int64_t> most_of(const LinearForm& form);
  std::optional<std::int64_t> eliminated(LinearForm form) const;
  bool replace(LinearForm& form, Expr atom, std::int64_t factor) const;

  Context* c_;
  std::vector<Binder> binders_;
  std::vector<LinearForm> known_;  // each >= 0
  bool members_fall_ = false;
  std::vector<Expr> assumed_;
};

}  // namespace gradc
