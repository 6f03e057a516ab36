// Where an expression has a value: divisors that are not 0, logarithms and roots of what they take, …, under
// the conditions of the choices and in the ranges of the sums on the way. Collected before anything is
// rewritten.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <map>
#include <set>

#include "compiler/claims/normal_form.h"

namespace gradc::claims {

class Domain {
 public:
  // Whether a tensor that is kept by its name has a value everywhere.
  using IsTotal = std::function<bool(TensorId)>;
  Domain(NormalForm& form, IsTotal is_total)
      : form_(form), c_(form.context()), is_total_(std::move(is_total)) {}

  void collect(Expr side);

  const std::vector<std::pair<Poly, Signs>>& signs() const { return signs_; }
  const std::set<Expr>& others() const { return others_; }
  bool is_everything() const { return signs_.empty() && others_.empty(); }

 private:
  // What is bound around a place, and what holds there.
  struct Place {
    std::vector<Binder> binders;
    std::vector<Expr> guards;
    std::size_t number = 0;
  };
  void visit(Expr e, const Place& place);
  void visit_apply(Expr e, const Place& place);
  void visit_reduce(Expr e, const Place& place);
  void visit_under(Expr e, Expr condition, const Place& place);
  void need(const Poly& value, Signs allowed, const Place& place);
  void need_part(const Poly& value, Signs allowed, const Place& place);
  void need_other(Expr condition, const Place& place);
  void need_value(Expr e, const Place& place) { need_other(key(e), place); }
  Expr key(Expr e);

  NormalForm& form_;
  Context& c_;
  IsTotal is_total_;
  std::vector<std::pair<Poly, Signs>> signs_;
  std::set<Expr> others_;
  std::set<std::pair<Expr, std::size_t>> visited_;
  std::size_t places_ = 0, depth_ = 0;
};

}  // namespace gradc::claims
