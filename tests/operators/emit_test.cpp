// The recipes of operators, run by the evaluating emitter, against 100 digits: random arguments within the
// entry's bound, and special values of the right class and sign. SPDX-License-Identifier: Apache-2.0 WITH
// LLVM-exception
#include <gtest/gtest.h>

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "compiler/operators/build.h"
#include "compiler/operators/evaluating_emitter.h"
#include "compiler/operators/precise.h"
#include "compiler/operators/table.h"

namespace gradc {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
using Point = std::array<double, 3>;

bool is_real(const Operator& op) { return op.typing == Typing::real || op.typing == Typing::arithmetic; }
// polygamma(n, x): the first argument is a literal.
bool has_order(const Operator& op) { return op.id == "polygamma" || op.id == "sinc_derivative"; }
// Functions with roots that no double hits: near one the error is measured against what the neighbouring
// argument yields.
bool has_roots(const Operator& op) {
  return has_order(op) || op.id == "lgamma" || op.id == "digamma" || op.id == "trigamma";
}

double round_to(bool f32, double x) { return f32 ? static_cast<double>(static_cast<float>(x)) : x; }

double run(const Operator& op, bool f32, const Point& at, bool literals = false) {
  EvaluatingEmitter e(f32);
  const MachineType type = f32 ? MachineType::f32 : MachineType::f64;
  EmitValue x[3];
  for (int i = 0; i < op.arity; ++i) {
    const bool is_literal = (literals && i > 0) || (i == 0 && has_order(op));
    x[i] = e.argument(MachineValue::real(type, at[i]),
                      is_literal ? std::optional(Rational::from_double(at[i])) : std::nullopt);
  }
  const MachineValue result = e.value(op.emit(e, x));
  EXPECT_EQ(result.type, type) << op.id;
  return result.as_real();
}

Precise exact(const Operator& op, const Point& at) {
  const Precise x[] = {at[0], at[1], at[2]};
  return op.evaluate_precise(x);
}

double unit_in_the_last_place(bool f32, double x) {
  const int bits = f32 ? FLT_MANT_DIG : DBL_MANT_DIG, least = f32 ? FLT_MIN_EXP : DBL_MIN_EXP;
  const int most = f32 ? FLT_MAX_EXP : DBL_MAX_EXP;
  int exponent = least;
  if (x != 0) std::isinf(x) ? exponent = most : (std::frexp(x, &exponent), exponent);
  return std::ldexp(1, std::clamp(exponent, least, most) - bits);
}

// How far `value` is from `expected`, in units of the last place of `expected`.
double error(const Operator& op, bool f32, const Point& at, double value, const Precise& expected) {
  if (isnan(expected) || std::isnan(value)) return isnan(expected) && std::isnan(value) ? 0 : infinity;
  const double limit = std::ldexp(1.0, f32 ? 128 : 1023);  // 2^1024 is no double
  const double top = f32 ? limit : infinity;
  const Precise overflow = f32 ? Precise(limit) : 2 * Precise(limit);
  if (isinf(expected) && value == expected.to_double()) return 0;
  if (std::isinf(value)) {
    if (std::signbit(value) != signbit(expected)) return infinity;
    if (fabs(expected) >= overflow) return 0;
    return ((overflow - fabs(expected)) / unit_in_the_last_place(f32, top)).to_double();
  }
  double unit = unit_in_the_last_place(f32, expected.to_double());
  if (has_roots(op)) {
    Point next = at;
    double& last = next[static_cast<std::size_t>(op.arity) - 1];
    last += unit_in_the_last_place(f32, last);
    const double moved = fabs(exact(op, next) - expected).to_double();
    if (std::isfinite(moved)) unit = std::max(unit, moved);
  }
  return (fabs(Precise(value) - expected) / unit).to_double();
}

class Random {
 public:
  double within(double low, double high) { return std::uniform_real_distribution(low, high)(engine_); }
  // The logarithm is uniform: over a range where things happen, or over all numbers.
  double anywhere(bool f32) {
    const bool near = within(0, 1) < 0.6;
    const double low = near ? -30 : f32 ? -149 : -1074, high = near ? 11 : f32 ? 128 : 1024;
    const double x = std::exp2(within(low, high));
    return within(0, 1) < 0.3 ? -x : x;
  }

 private:
  std::mt19937_64 engine_{5};
};

// Integers by turns, and orders of derivative families.
double first_argument(const Operator& op, int turn, double x) { return has_order(op) ? turn % 3 + 1 : x; }

void expect_within_bound(const Operator& op, bool f32, const Point& at, bool literals = false) {
  const double value = run(op, f32, at, literals);
  const double distance = error(op, f32, at, value, exact(op, at));
  EXPECT_LE(distance, op.ulp) << op.id << (f32 ? " of f32 at " : " at ") << testing::PrintToString(at)
                              << " yields " << value;
}

TEST(Emit, EveryOperatorHasARecipe) {
  for (const Operator* op : all_operators()) EXPECT_NE(op->emit, nullptr) << op->id;
}

TEST(Emit, IsWithinItsBoundOnTheSampledRange) {
  Random random;
  for (const Operator* op : all_operators())
    for (int turn = 0; is_real(*op) && op->arity > 0 && turn < 300; ++turn) {
      const bool f32 = turn % 2 == 1;
      Point at;
      for (double& x : at) x = round_to(f32, random.within(op->sampled[0], op->sampled[1]));
      at[0] = first_argument(*op, turn / 2, at[0]);
      expect_within_bound(*op, f32, at);
    }
}

TEST(Emit, IsWithinItsBoundEverywhere) {
  Random random;
  for (const Operator* op : all_operators())
    for (int turn = 0; is_real(*op) && op->arity > 0 && turn < 300; ++turn) {
      const bool f32 = turn % 2 == 1;
      Point at;
      for (double& x : at) x = round_to(f32, random.anywhere(f32));
      at[0] = first_argument(*op, turn / 2, at[0]);
      expect_within_bound(*op, f32, at);
    }
}

// Both NaN, or of one sign, and zero, infinite, denormal together; the least denormal may round to 0.
bool is_alike(bool f32, double value, double expected) {
  if (std::isnan(value) || std::isnan(expected)) return std::isnan(value) && std::isnan(expected);
  if (std::signbit(value) != std::signbit(expected)) return false;
  const double least = f32 ? FLT_TRUE_MIN : DBL_TRUE_MIN;
  if (std::fabs(value) <= least && std::fabs(expected) <= least) return true;
  const auto kind = [&](double x) {
    return f32 ? std::fpclassify(static_cast<float>(x)) : std::fpclassify(x);
  };
  return kind(value) == kind(expected);
}

TEST(Emit, SpecialValuesAreAsInTheReference) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> special = {0, 0.25, 0.5, 1, 1.5, 2, 3, 20, 100, infinity};
  for (double sign : {1.0, -1.0})
    for (const bool f32 : {false, true}) {
      const double least = f32 ? FLT_TRUE_MIN : DBL_TRUE_MIN, normal = f32 ? FLT_MIN : DBL_MIN;
      std::vector<double> values = {nan,
                                    sign * least,
                                    sign * normal,
                                    sign * (f32 ? FLT_MAX : DBL_MAX),
                                    sign * (1 + (f32 ? FLT_EPSILON : DBL_EPSILON)),
                                    sign * (1 - (f32 ? FLT_EPSILON : DBL_EPSILON) / 2)};
      for (double x : special) values.push_back(sign * x), values.push_back(-sign * x);
      for (const Operator* op : all_operators()) {
        if (!is_real(*op) || op->arity == 0) continue;
        const auto of = [&](int i) {
          if (i >= op->arity) return std::vector<double>{0};
          return i == 0 && has_order(*op) ? std::vector<double>{1, 2, 3} : values;
        };
        for (double x0 : of(0))
          for (double x1 : of(1))
            for (double x2 : of(2)) {
              const Point at = {x0, x1, x2};
              const double expected = round_to(f32, op->evaluate(at.data())), value = run(*op, f32, at);
              EXPECT_TRUE(is_alike(f32, value, expected))
                  << op->id << (f32 ? " of f32 at " : " at ") << testing::PrintToString(at) << " yields "
                  << value << " instead of " << expected;
            }
      }
    }
}

TEST(Emit, LiteralArgumentsChangeTheRecipeButNotTheResult) {
  Random random;
  const Operator* const with_literals[] = {&op_max, &op_min, &op_pow, find_operator("clamp")};
  for (const Operator* op : with_literals)
    for (double literal : {0.0, 1.0, 2.0, 3.0, 4.0, 7.0, 8.0, -1.0, -2.0, -3.0, -8.0, 0.5, -0.5, 1.5, 9.0})
      for (int turn = 0; turn < 40; ++turn) {
        const bool f32 = turn % 2 == 1;
        expect_within_bound(*op, f32, {round_to(f32, random.anywhere(f32)), literal, literal + 1}, true);
        for (double x : {0.0, -0.0, infinity, -infinity}) {
          const Point at = {x, literal, literal + 1};
          EXPECT_EQ(1 / run(*op, f32, at, true), 1 / op->evaluate(at.data())) << op->id << x << literal;
        }
      }
}

TEST(Emit, IntegersAreExact) {
  const std::int64_t values[] = {0, 1, -1, 2, -2, 3, 7, -9, 62, 63, 64, 1000, INT64_MAX, INT64_MIN};
  for (const Operator* op : all_operators()) {
    if (!op->evaluate_integer || op->typing == Typing::logical) continue;
    for (std::int64_t a : values)
      for (std::int64_t b : values)
        for (int literals = 0; literals < 4; ++literals) {
          EvaluatingEmitter e(false);
          const std::int64_t at[] = {a, b};
          EmitValue x[2];
          for (int i = 0; i < 2; ++i)
            x[i] = e.argument(MachineValue::i64(at[i]),
                              literals >> i & 1 ? std::optional(Rational(at[i])) : std::nullopt);
          const MachineValue result = e.value(op->emit(e, x));
          EXPECT_EQ(result.as_i64(), op->evaluate_integer(at)) << op->id << " of " << a << ", " << b;
        }
  }
}

}  // namespace
}  // namespace gradc
