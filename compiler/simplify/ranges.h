// What is known of integer expressions from the ranges of their indices: enough to see that a subscript fits.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <map>
#include <optional>
#include <unordered_map>

#include "compiler/equations/context.h"

namespace gradc {

// coefficient·atom + … + constant; atoms are what addition and multiplication by numbers do not take apart.
struct Linear {
  std::map<Expr, Rational> atoms;  // by age of the atom
  Rational constant;

  void add(Expr atom, const Rational& coefficient);
  void add(const Linear& other, const Rational& factor);
  // Of a form that is to be at least 0: n + floor(r/c) becomes c*n + r, n - floor(r/c) becomes c*n + c - 1 - r,
  // which is so for the same integers. False if there is no such quotient.
  bool divide_out();
};
Linear linear(Expr integer);
Expr to_expr(Context& context, const Linear& form);

class Ranges {
 public:
  // lower <= index < upper wherever the index is met. Bounds may use indices that were made before it.
  void add(Index index, Expr lower, Expr upper) { bounds_[index] = {lower, upper}; }
  // The form is not negative wherever its indices are met: what ties several of them together.
  void add_fact(const Linear& form);

  // The index's range; nothing if none is known.
  std::optional<std::pair<Expr, Expr>> of(Index index, Context& context) const;

  // Proven for all values of the indices; false means "not seen", not "wrong". Each index takes the end of
  // its range that makes the expression least, the youngest first, for its bounds may use the older ones.
  bool non_negative(Linear e) const;
  bool less_equal(Expr a, Expr b) const;  // a <= b
  bool less(Expr a, Expr b) const;
  bool equal(Expr a, Expr b) const;
  bool fits(Expr e, Expr lower, Expr upper) const { return less_equal(lower, e) && less(e, upper); }

 private:
  struct Bounds {
    Expr lower, upper;
  };
  std::map<Index, Bounds> bounds_;
  std::map<std::map<Expr, Rational>, Rational> facts_;  // by atoms, the least constant
};

}  // namespace gradc
