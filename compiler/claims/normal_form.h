// A normal form of expressions, for proofs: sums of products of atoms, with exact coefficients. Every step
// holds at all points at which what it starts from has a value, under the facts of the case; where both sides
// have values is compared apart (domain.h). Incomplete on purpose, and never guessing.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <unordered_map>

#include "compiler/claims/facts.h"
#include "compiler/equations/operator.h"
#include "compiler/equations/system.h"
#include "compiler/equations/walk.h"

namespace gradc::claims {

// The proof would grow too large: nothing is said.
struct GaveUp {};
// A condition decides, and the facts do not say which way: the cases are to be told apart.
struct NeedSplit {
  Poly sum;        // by its sign
  Expr condition;  // or by this, if it is there
};

// A tensor that is not written out: by its name.
using IsKept = std::function<bool(TensorId)>;

class NormalForm {
 public:
  NormalForm(const System& system, const Facts& facts, IsKept is_kept);

  Poly of(Expr e);
  // Whether it is 0 wherever it has a value. False says nothing.
  bool is_zero(const Poly& poly);
  Signs signs(const Poly& poly);
  // An |u| in it whose sign is not known: u.
  std::optional<Poly> open_kink(const Poly& poly) const;

  // ---- conditions.cpp
  // A condition as a sum of products of indicators, each 0 or 1; a whole number where the facts decide.
  Poly indicator(Expr condition);
  std::optional<bool> truth(Expr condition);
  // Of indices that are bound around it only: it cannot be split by.
  bool depends_on_binders(Expr e) const;
  bool depends_on_binders(const Poly& p) const;

  // A reduction with indices of ours, which stand for nothing else inside.
  struct Opened {
    const ReductionOperator* op;
    std::vector<Binder> binders;
    Expr guard, body;
  };
  Opened open(Expr reduce, std::size_t least = 0);
  std::size_t above(std::span<const Index> indices) const;

  Poly mul(const Poly& a, const Poly& b);
  Poly power(const Poly& base, const Rational& exponent);
  // Of type integer only what integers are made of.
  Expr expr(const Poly& poly, Type type = Type::real) const;
  Poly common_factor(const Poly& sum, bool positive_only) const;
  // The sum that a base stands for, or the base itself.
  Poly inside(Expr base) const;
  bool is_whole_dim(const Binder& binder);
  bool has_positions(DimId dim) const;
  Poly function(const Operator& op, std::vector<Poly> arguments);
  Poly bessel(std::int64_t n, const Poly& x);
  Poly gamma_density(const Poly& order, const Poly& x);
  std::pair<Poly, Poly> sine_cosine(const Poly& argument);
  // When the facts have grown.
  void forget() { memo_.clear(); }
  Poly renamed(const Poly& poly) { return of(expr(poly)); }
  Expr written_out(Expr access);  // the definition's value, or the access itself if it is kept
  Context& context() const { return c_; }
  const System& system() const { return system_; }
  TensorId canonical(TensorId t);  // of several calls of the same

 private:
  enum class Kind : std::uint8_t { other, sum, function, indicator, reduction, prime };
  struct Atom {
    Kind kind = Kind::other;
    const Operator* op = nullptr;  // function
    std::vector<Poly> arguments;   // function; sum: itself; indicator: whose sign
    Signs sign = any;              // indicator: the sign that it asks for
  };

  void step(std::size_t cost = 1);
  Poly compute(Expr e);
  Poly apply(Expr e);
  Poly access(Expr e);
  Poly choice(Expr e);
  bool replace_squares_of_cosines(Poly& p);
  Poly sign_indicator(const Poly& sum, Signs wanted);
  Poly boolean_indicator(Expr condition, bool holds);

  // ---- arithmetic.cpp
  Poly settled(Factors factors);
  Poly atom(Expr e) const { return Poly(1, {{e, 1}}); }
  Poly as_base(const Poly& sum, const Rational& exponent);
  Poly number_power(const Rational& number, const Rational& exponent);
  Signs signs(const Factors& factors);
  Signs base_signs(Expr base);

  // ---- functions.cpp
  Poly odd(const Operator& op, const Poly& argument);
  Poly absolute(const Poly& argument);
  Poly exponential(const Poly& argument);
  Poly logarithm(const Poly& argument);
  Poly general_power(Expr e);
  Poly named_function(Expr e, const std::vector<Poly>& x);
  std::optional<std::pair<Poly, Poly>> sine_cosine_of_inverse(const Poly& argument);

  // ---- sums.cpp
  Poly reduction(Expr e);
  struct BoundSum {
    std::vector<Binder> binders;
    Factors factors;
  };
  Poly summed(BoundSum sum);
  std::optional<Poly> absorb_inner_sum(const BoundSum& sum);
  std::optional<Poly> eliminate_delta(const BoundSum& sum);
  Poly component(const std::vector<Binder>& binders, const Factors& factors);
  Poly count(const Binder& binder);
  Poly substituted(const Factors& factors, const IndexMap& map);
  bool is_in_range(const Poly& position, const Binder& binder);
  Index pool(std::size_t number, DimId dim);

  Context& c_;
  const System& system_;
  const Facts& facts_;
  IsKept is_kept_;
  std::unordered_map<Expr, Poly> memo_;
  std::map<Expr, Atom> atoms_;
  std::map<const Operator*, std::vector<Expr>> functions_;
  std::map<std::pair<std::size_t, DimId>, Index> pool_;
  std::map<Index, std::size_t> pooled_;
  std::map<TensorId, TensorId> canonical_;
  std::size_t steps_ = 0, depth_ = 0;
};

}  // namespace gradc::claims
