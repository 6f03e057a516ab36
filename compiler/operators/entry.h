// What every entry of the table includes. An entry is one definition:  OPERATOR(tanh) = {.name = "tanh", …};
// CMake finds it by that line.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cmath>
#include <limits>
#include <optional>
#include <type_traits>

#include "compiler/operators/build.h"
#include "compiler/operators/precise.h"
#include "compiler/support/check.h"

// Declared and defined in one line, since a const object is invisible to other files otherwise.
#define OPERATOR(name)             \
  extern const Operator op_##name; \
  constinit const Operator op_##name
#define REDUCTION(name)                         \
  extern const ReductionOperator reduce_##name; \
  constinit const ReductionOperator reduce_##name

namespace gradc {

// One generic lambda serves `evaluate` and `evaluate_precise`: these for doubles, those of precise.h by
// argument.
using std::acos, std::acosh, std::asin, std::asinh, std::atan, std::atan2, std::atanh, std::cbrt, std::ceil,
    std::copysign, std::cos, std::cosh, std::erf, std::erfc, std::exp, std::exp2, std::expm1, std::fabs,
    std::floor, std::hypot, std::isfinite, std::isinf, std::isnan, std::lgamma, std::log, std::log10,
    std::log1p, std::log2, std::pow, std::rint, std::signbit, std::sin, std::sinh, std::sqrt, std::tan,
    std::tanh;

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// Orders of families (polygamma) are literals: as a number, and the next one, or another.
inline double whole(double x) { return x; }
inline double whole(const Precise& x) { return x.to_double(); }
inline Expr next_order(Context& c, Expr order, int step = 1) {
  GRADC_CHECK(order->is_constant(), "the order of a derivative that is not a literal");
  return c.real(*order->value + step);
}

// The C library has none of these, or not in all places alike; 100 digits, rounded once.
inline double polygamma(int n, double x) { return polygamma(n, Precise(x)).to_double(); }
inline double besselj(int n, double x) { return besselj(n, Precise(x)).to_double(); }
inline double gammainc(double a, double x) { return gammainc(Precise(a), Precise(x)).to_double(); }
inline double gammaincc(double a, double x) { return gammaincc(Precise(a), Precise(x)).to_double(); }
inline double gamma_density(double a, double x) { return gamma_density(Precise(a), Precise(x)).to_double(); }

// "f(#1)" and "\operatorname{f}\left(#1\right)" bind like calls, their arguments may be anything.
constexpr PrintForm call_form(std::string_view form) { return {.form = form}; }

// The same reduction over indices of its own, to stand inside or beside the first.
inline OpenedReduction renamed(Context& c, const OpenedReduction& reduction) {
  return open(close(c, reduction));
}

// Integers wrap around instead of overflowing; ranges are checked where members are read.
inline std::int64_t wrap_add(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
inline std::int64_t wrap_sub(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
inline std::int64_t wrap_mul(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
}

}  // namespace gradc
