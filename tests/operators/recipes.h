// Runs recipes without code, and measures them against 100 digits. SPDX-License-Identifier: Apache-2.0 WITH
// LLVM-exception
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cfloat>
#include <cmath>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "compiler/operators/build.h"
#include "compiler/operators/evaluating_emitter.h"
#include "compiler/operators/precise.h"
#include "compiler/operators/table.h"

namespace gradc::test {

inline constexpr double infinity = std::numeric_limits<double>::infinity();
using Point = std::array<double, 3>;

inline bool is_real(const Operator& op) {
  return op.typing == Typing::real || op.typing == Typing::arithmetic;
}
// Functions with roots that no double hits: near one the error is measured against what the neighbouring
// argument yields.
inline bool has_roots(const Operator& op) {
  return op.has_order() || op.id == "lgamma" || op.id == "digamma" || op.id == "trigamma" ||
         op.id == "besselj0" || op.id == "besselj1";
}

inline double round_to(bool f32, double x) { return f32 ? static_cast<double>(static_cast<float>(x)) : x; }

inline double run(const Operator& op, bool f32, const Point& at, bool literals = false) {
  EvaluatingEmitter e(f32);
  const MachineType type = f32 ? MachineType::f32 : MachineType::f64;
  EmitValue x[3];
  for (int i = 0; i < op.arity; ++i) {
    const bool is_literal = (literals && i > 0) || (i == 0 && op.has_order());
    x[i] = e.argument(MachineValue::real(type, at[i]),
                      is_literal ? std::optional(Rational::from_double(at[i])) : std::nullopt);
  }
  const MachineValue result = e.value(op.emit(e, x));
  EXPECT_EQ(result.type, type) << op.id;
  return result.as_real();
}

inline Precise exact(const Operator& op, const Point& at) {
  const Precise x[] = {at[0], at[1], at[2]};
  return op.evaluate_precise(x);
}

inline double unit_in_the_last_place(bool f32, double x) {
  const int bits = f32 ? FLT_MANT_DIG : DBL_MANT_DIG, least = f32 ? FLT_MIN_EXP : DBL_MIN_EXP;
  const int most = f32 ? FLT_MAX_EXP : DBL_MAX_EXP;
  int exponent = least;
  if (x != 0) std::isinf(x) ? exponent = most : (std::frexp(x, &exponent), exponent);
  return std::ldexp(1, std::clamp(exponent, least, most) - bits);
}

// How far `value` is from `expected`, in units of the last place of `expected`.
inline double error(const Operator& op, bool f32, const Point& at, double value, const Precise& expected) {
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

// The orders of families by turns.
inline double first_argument(const Operator& op, int turn, double x) {
  if (!op.has_order()) return x;
  const int order = turn % 3 + 1;
  return op.orders[0] < 0 && turn % 2 == 1 ? -order : order;
}

inline void expect_within_bound(const Operator& op, bool f32, const Point& at, bool literals = false) {
  const double value = run(op, f32, at, literals);
  const double distance = error(op, f32, at, value, exact(op, at));
  EXPECT_LE(distance, op.ulp) << op.id << (f32 ? " of f32 at " : " at ") << testing::PrintToString(at)
                              << " yields " << value;
}

}  // namespace gradc::test
