// Formulas of whole vectors and matrices: what `--style matrix` prints. A vector is a column; a row is a
// transposed one. Terms are interned, so equal terms have one id, and each constructor keeps them in the form
// in which a book would have them (products flat, transposes at the factors, equal summands joined).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/equations/call_operator.h"
#include "compiler/equations/context.h"

namespace gradc::matrix {

using TermId = Id<struct MatrixTermTag>;

enum class Kind : std::uint8_t {
  number,     // value
  scalar,     // expr: an index as a number, a size, π
  name,       // expr: the access, in which `axes` say which subscripts are the rows and columns
  ones,       // the vector of ones, of dim
  identity,   // of dim
  unit,       // e_k, k = expr
  sum,        // Σ factors[k]·operands[k]
  product,    // value · operands…: scalars first, then a chain of matrix products
  hadamard,   // operands, element by element
  quotient,   // operands[0] by operands[1], which is scalar, or element by element
  transpose,  // of a name, sum, hadamard, function or inverse
  inverse,
  diagonal,     // the matrix of a vector
  diagonal_of,  // the vector of a matrix
  trace,
  norm,      // Frobenius' or 2-norm; as a power: its square
  function,  // op of operands, element by element
  call,      // of whole matrices: log det A
  power,     // operands[0]^value, element by element
  choice,    // if expr then operands[0] else operands[1]
  label_sum  // Σ over an index that stays one: expr is the opened reduction's binder as a position
};

struct Shape {
  bool rows = false, columns = false;
  friend bool operator==(Shape, Shape) = default;
  bool scalar() const { return !rows && !columns; }
};

struct Term {
  Kind kind = Kind::number;
  Shape shape = {};
  Rational value = 0;
  Expr expr = {};
  DimId dim = {};
  const Operator* op = nullptr;
  const CallOperator* call = nullptr;
  std::vector<TermId> operands = {};
  std::vector<Rational> factors = {};  // sum
};

class Terms {
 public:
  explicit Terms(Context& context) : c_(context) {}

  const Term& operator[](TermId id) const { return terms_[static_cast<std::size_t>(id.value)]; }
  Shape shape(TermId id) const { return (*this)[id].shape; }
  bool is(TermId id, Kind kind) const { return (*this)[id].kind == kind; }
  bool is_number(TermId id, std::int64_t value) const;

  TermId number(Rational value);
  TermId scalar(Expr e);
  TermId name(Expr access, Shape shape);
  TermId ones(DimId dim);
  TermId identity(DimId dim);
  TermId unit(Expr which, DimId dim);
  TermId sum(const std::vector<TermId>& terms);
  TermId difference(TermId a, TermId b) { return sum({a, negative(b)}); }
  TermId negative(TermId a) { return scaled(-1, a); }
  TermId scaled(Rational factor, TermId a);
  // The matrix product of what is not scalar, times what is.
  TermId product(const std::vector<TermId>& factors);
  TermId hadamard(const std::vector<TermId>& factors);
  TermId quotient(TermId over, TermId under);
  TermId transpose(TermId a);
  // A product with a sum in it, or the sum of products, whichever is shorter on paper.
  TermId distributed_if_shorter(TermId a);
  TermId inverse(TermId a);
  TermId diagonal(TermId vector);
  TermId diagonal_of(TermId matrix);
  TermId trace(TermId a);
  TermId norm(TermId a);
  TermId function(const Operator& op, std::vector<TermId> operands);
  TermId call(const CallOperator& op, std::vector<TermId> operands);
  TermId power(TermId base, Rational exponent);
  TermId choice(Expr condition, TermId on_true, TermId on_false);
  TermId label_sum(Expr binder_in_reduction, TermId body);

  // The term with names in place of what they stand for.
  using Names = std::unordered_map<TermId, TermId>;
  TermId with_names(TermId a, const Names& names);
  bool is_signed_name(TermId a) const;
  // Calls visit(Term) for the term and all below it.
  void each(TermId a, const std::function<void(const Term&)>& visit) const {
    visit((*this)[a]);
    for (TermId operand : (*this)[a].operands) each(operand, visit);
  }
  // About how many signs it has on paper.
  int length(TermId a) const;

  Context& context() const { return c_; }

 private:
  TermId intern(Term term);
  Shape joined(const std::vector<TermId>& terms) const;
  // A product as number, scalars, chain.
  struct Parts {
    Rational number = 1;
    std::vector<TermId> scalars, chain;
  };
  Parts parts(TermId a) const;
  void add_to(Parts& parts, TermId factor);
  TermId made(Parts parts);
  bool join_by_end(std::vector<TermId>& bodies, std::vector<Rational>& factors, bool left);
  TermId made_sum(const std::vector<TermId>& bodies, const std::vector<Rational>& factors);
  std::size_t transposes(TermId a) const;

  Context& c_;
  std::deque<Term> terms_;  // references stay good while terms are added
  std::unordered_map<std::string, TermId> known_;
};

}  // namespace gradc::matrix
