// How a person would lay out one level of an expression: sums as terms with signs, products as a sign,
// numbers, and factors over and under one line, in readable order. All printed formats share this.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "compiler/equations/context.h"
#include "compiler/equations/operator.h"

namespace gradc {

enum class Shape { number, name, sum, product, power, root, call, choice, bracket, reduction };

struct Summand {
  Expr e;
  bool negative = false;  // e is to be printed without its own sign, behind a minus
};

struct Factor {
  Expr e;
  Rational exponent = 1;  // x^-2 over the line stands as x^2 under it
};

struct Product {
  bool negative = false;
  std::vector<Rational> numbers;  // positive; no 1 unless nothing else stands over the line
  std::vector<Factor> over, under;
};

// A choice by rows. A sum over elements that are named one by one, [p = 0]·a + [p = 1]·b, is one as well, in
// the order of the elements.
struct Choice {
  struct Row {
    Expr condition, value;
  };
  std::vector<Row> rows;
  Expr otherwise;
  bool complete = false;  // the rows' conditions are all there are: `otherwise` is the last row's value
};

// Terms with a name of their own (`$1`) are printed by it, not looked into.
class Arranger {
 public:
  void name(Expr e, std::string name) { names_[e] = std::move(name); }
  void forget(Expr e) { names_.erase(e); }
  const std::string* name_of(Expr e) const;

  Shape shape(Expr e) const;
  std::vector<Summand> sum(Expr e) const;
  Product product(Expr e) const;
  Choice choice(Expr e) const;
  bool is_negative(Expr e) const;

 private:
  std::optional<Choice> by_elements(Expr e) const;

  std::unordered_map<Expr, std::string> names_;
};

// The integer in a conversion to real, which is not seen on paper.
Expr without_conversion(Expr e);
// The number that an exponent is, if it is one.
std::optional<Rational> literal(Expr e);
// "not a = b" as a ≠ b.
Expr readable_condition(Expr e);
// choose(condition, 1, 0): the bracket [condition] of Iverson.
bool is_indicator(Expr e);

}  // namespace gradc
