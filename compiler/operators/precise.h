// A binary floating-point number of 100 decimal digits with the rules of IEEE 754 for NaN, infinities and
// signed zero, but without overflow in any practical range. What derivative tests and `gradc verify` compute
// with: differences of values with a step of 1e-25 keep more than 50 right digits.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gradc {

class Rational;

class Precise {
 public:
  Precise();                    // 0
  Precise(double value);        // NOLINT: implicit on purpose, and exact
  Precise(int value);           // NOLINT
  Precise(std::int64_t value);  // NOLINT
  explicit Precise(const Rational& value);
  Precise(const Precise& other);
  Precise& operator=(const Precise& other);
  ~Precise();
  // "0.1", "-1.25e-30": as many digits as are given, up to 100.
  static Precise parse(std::string_view decimal);
  static Precise infinity();
  static Precise nan();
  static Precise pi();

  double to_double() const;  // rounded to nearest
  std::string to_string(int digits = 50) const;

  friend Precise operator+(const Precise& a, const Precise& b);
  friend Precise operator-(const Precise& a, const Precise& b);
  friend Precise operator*(const Precise& a, const Precise& b);
  friend Precise operator/(const Precise& a, const Precise& b);
  friend Precise operator-(const Precise& a);
  friend bool operator==(const Precise& a, const Precise& b);
  friend bool operator<(const Precise& a, const Precise& b);
  friend bool operator<=(const Precise& a, const Precise& b);
  friend bool operator>(const Precise& a, const Precise& b) { return b < a; }
  friend bool operator>=(const Precise& a, const Precise& b) { return b <= a; }
  Precise& operator+=(const Precise& b) { return *this = *this + b; }
  Precise& operator-=(const Precise& b) { return *this = *this - b; }
  Precise& operator*=(const Precise& b) { return *this = *this * b; }
  Precise& operator/=(const Precise& b) { return *this = *this / b; }

  struct Access;  // precise.cpp: the number inside, a Boost.Multiprecision cpp_bin_float

 private:
  alignas(16) std::byte storage_[80];
};

// The C library's functions, with its special values; errors of a few units in the 100th digit (trigonometric
// functions of huge arguments: in the 70th).
Precise exp(const Precise& x);
Precise exp2(const Precise& x);
Precise expm1(const Precise& x);
Precise log(const Precise& x);
Precise log2(const Precise& x);
Precise log10(const Precise& x);
Precise log1p(const Precise& x);
Precise sqrt(const Precise& x);
Precise cbrt(const Precise& x);
Precise pow(const Precise& x, const Precise& y);
Precise sin(const Precise& x);
Precise cos(const Precise& x);
Precise tan(const Precise& x);
Precise asin(const Precise& x);
Precise acos(const Precise& x);
Precise atan(const Precise& x);
Precise atan2(const Precise& y, const Precise& x);
Precise sinh(const Precise& x);
Precise cosh(const Precise& x);
Precise tanh(const Precise& x);
Precise asinh(const Precise& x);
Precise acosh(const Precise& x);
Precise atanh(const Precise& x);
Precise erf(const Precise& x);
Precise erfc(const Precise& x);
Precise lgamma(const Precise& x);
// The n-th derivative of digamma; n = 0: digamma itself. NaN at the poles.
Precise polygamma(int n, const Precise& x);
// The Bessel function Jₙ, n of any sign.
Precise besselj(int n, const Precise& x);
// The regularised incomplete gamma functions P(a, x) and Q(a, x) = 1 − P(a, x), each with digits of its own;
// 90 digits up to a = 1e16, 25 beyond. NaN unless a > 0 and x ≥ 0.
Precise gammainc(const Precise& a, const Precise& x);
Precise gammaincc(const Precise& a, const Precise& x);
// x^(a − 1) e^(−x) / Γ(a), any a; NaN unless x ≥ 0.
Precise gamma_density(const Precise& a, const Precise& x);
Precise hypot(const Precise& x, const Precise& y);
Precise fabs(const Precise& x);
Precise floor(const Precise& x);
Precise ceil(const Precise& x);
Precise trunc(const Precise& x);
Precise rint(const Precise& x);  // halves to even
Precise copysign(const Precise& magnitude, const Precise& sign);
bool isnan(const Precise& x);
bool isinf(const Precise& x);
bool isfinite(const Precise& x);
bool signbit(const Precise& x);

}  // namespace gradc
