// All that the compiler knows of one elementary function, in one entry. The entries are in
// compiler/operators/; this folder knows the type only. SPDX-License-Identifier: Apache-2.0 WITH
// LLVM-exception
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "compiler/equations/expr.h"

namespace gradc {

class Emitter;  // compiler/operators/emitter.h: generates machine operations
class Precise;  // compiler/operators/precise.h: a number of about 60 digits
struct EmitValue {
  std::int32_t id = -1;
};

using Args = std::span<const Expr>;

// How result and argument types go together.
enum class Typing : std::uint8_t {
  real,        // real, … → real
  arithmetic,  // all real → real, or all integer → integer
  integer,     // integer, … → integer
  comparison,  // all real or all integer → boolean
  logical,     // boolean, … → boolean
  to_real,     // integer → real
};

// How tightly a printed form binds; also what each hole of a form asks for.
enum class Precedence : std::uint8_t {
  lowest,
  choice,
  disjunction,
  conjunction,
  negation,
  comparison,
  sum,
  reduction,
  product,
  unary,
  power,
  postfix,
  atom
};

// "\tanh #1": the holes #1, #2 are arguments; a hole is bracketed if its argument binds less than holes[i].
struct PrintForm {
  std::string_view form;
  Precedence binds = Precedence::postfix;
  std::array<Precedence, 3> holes = {Precedence::lowest, Precedence::lowest, Precedence::lowest};
};

// Where the derivative needs a choice, for the footnote in LaTeX and the language reference.
struct Kink {
  std::string_view where;   // LaTeX: "x = 0"
  std::string_view choice;  // LaTeX: "|x|' = 0"
};

struct Sample {  // from an outside source: mpmath, 17 digits
  std::array<double, 3> at;
  double value;
};

struct Operator {
  std::string_view name = "";  // in the language, or "" if it has no name there
  std::string_view id = "";    // unique, for dumps: "add", "tanh"
  int arity = 1;
  Typing typing = Typing::real;
  PrintForm text = {};  // "tanh(#1)"
  PrintForm latex = {};
  std::string_view domain = "";  // for the reference: "x > 0"; "" = all reals
  std::span<const Kink> kinks = {};
  // Of a family f(n, x), whose n is a literal: the least and the greatest that the language takes.
  std::array<int, 2> orders = {0, -1};

  // ∂y/∂x_i in terms of the arguments and the value itself; null: the derivative is 0 wherever it exists
  // (sign, floor), or the operator is not real. Called only for arguments through which a derivative flows.
  Expr (*partial)(Context& c, int i, Args x, Expr y) = nullptr;
  // The argument by which `partial` knows none: a model that needs it is told so (diff/unknown_partial.h).
  int without_partial = -1;

  // What a first course calls the rule of `partial`; "": "derivative of" and the name.
  std::string_view rule = "";
  // Printed, it runs on to the right: last of the factors.
  bool runs_on = false;

  double (*evaluate)(const double* x) = nullptr;  // real arguments; comparisons return 0 or 1
  std::int64_t (*evaluate_integer)(const std::int64_t* x) = nullptr;  // integer, logical, integer comparisons
  Precise (*evaluate_precise)(const Precise* x) = nullptr;
  EmitValue (*emit)(Emitter& e, const EmitValue* x) = nullptr;

  double ulp = 0.5;  // bound of the emitted code's error, in units in the last place, f64
  std::array<double, 2> sampled = {-4, 4};  // random tests draw their arguments from here, away from kinks
  std::span<const Sample> samples = {};
  bool commutative = false;

  bool has_order() const { return orders[0] <= orders[1]; }
};

// A reduction: what combines the terms, and how much of the result's adjoint each term gets.
struct ReductionOperator {
  std::string_view name = {};  // in the language, or "" if it has no name there
  std::string_view latex;      // "\sum"
  Type term = Type::real;
  Type result = Type::real;
  double identity = 0;  // of the empty reduction
  // Of the terms, in order; there may be none. argmax gives a position among them. Real or integer terms by
  // `term`.
  double (*evaluate)(std::span<const double> terms) = nullptr;
  Precise (*evaluate_precise)(std::span<const Precise> terms) = nullptr;
  std::int64_t (*evaluate_integer)(std::span<const std::int64_t> terms) =
      nullptr;  // integer and boolean terms
  // The adjoint factor of one term: ∂y/∂(term), as an expression of the opened reduction's binders and of y,
  // the value of the whole reduction. Null: no derivative (any, all, argmax).
  Expr (*share)(Context& c, const struct OpenedReduction& reduction, Expr y) = nullptr;
};

}  // namespace gradc
