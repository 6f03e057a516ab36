// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/precise.h"

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <limits>
#include <new>

#include "compiler/operators/precise_number.h"
#include "compiler/support/rational.h"

namespace gradc {

namespace mp = boost::multiprecision;
using Limits = std::numeric_limits<Number>;

static_assert(sizeof(Number) <= sizeof(Precise) && alignof(Number) <= alignof(Precise));

Precise::Precise() { new (storage_) Number(0); }
Precise::Precise(double value) { new (storage_) Number(value); }
Precise::Precise(int value) { new (storage_) Number(value); }
Precise::Precise(std::int64_t value) { new (storage_) Number(value); }
Precise::Precise(const Rational& value) {
  new (storage_) Number(Number(value.numerator().to_string()) / Number(value.denominator().to_string()));
}
Precise::Precise(const Precise& other) { new (storage_) Number(number(other)); }
Precise& Precise::operator=(const Precise& other) {
  Access::number(*this) = number(other);
  return *this;
}
Precise::~Precise() { Access::number(*this).~Number(); }

Precise Precise::parse(std::string_view decimal) { return precise(Number(std::string(decimal))); }
Precise Precise::infinity() { return precise(Limits::infinity()); }
Precise Precise::nan() { return precise(Limits::quiet_NaN()); }
Precise Precise::pi() {
  static const Number value = boost::math::constants::pi<Number>();
  return precise(value);
}

double Precise::to_double() const { return number(*this).convert_to<double>(); }
std::string Precise::to_string(int digits) const { return number(*this).str(digits); }

Precise operator+(const Precise& a, const Precise& b) { return precise(number(a) + number(b)); }
Precise operator-(const Precise& a, const Precise& b) { return precise(number(a) - number(b)); }
Precise operator*(const Precise& a, const Precise& b) { return precise(number(a) * number(b)); }
Precise operator/(const Precise& a, const Precise& b) { return precise(number(a) / number(b)); }
Precise operator-(const Precise& a) { return precise(-number(a)); }
bool operator==(const Precise& a, const Precise& b) {
  return !isnan(a) && !isnan(b) && number(a) == number(b);
}
bool operator<(const Precise& a, const Precise& b) { return !isnan(a) && !isnan(b) && number(a) < number(b); }
bool operator<=(const Precise& a, const Precise& b) {
  return !isnan(a) && !isnan(b) && number(a) <= number(b);
}

bool isnan(const Precise& x) { return (mp::isnan)(number(x)); }
bool isinf(const Precise& x) { return (mp::isinf)(number(x)); }
bool isfinite(const Precise& x) { return !isnan(x) && !isinf(x); }
bool signbit(const Precise& x) { return number(x).backend().sign(); }
Precise fabs(const Precise& x) { return signbit(x) ? -x : x; }
Precise copysign(const Precise& magnitude, const Precise& sign) {
  return signbit(magnitude) == signbit(sign) ? magnitude : -magnitude;
}

// Integers and what is not finite round to themselves; so does every number beyond 2^400.
template <class Round>
static Precise rounded(const Precise& x, Round round) {
  if (!isfinite(x) || fabs(x) > Precise(0x1p400)) return x;
  return copysign(precise(round(number(x))), x);
}
Precise floor(const Precise& x) {
  return rounded(x, [](const Number& v) { return Number(mp::floor(v)); });
}
Precise ceil(const Precise& x) {
  return rounded(x, [](const Number& v) { return Number(mp::ceil(v)); });
}
Precise trunc(const Precise& x) {
  return rounded(x, [](const Number& v) { return Number(mp::trunc(v)); });
}
Precise rint(const Precise& x) {
  return rounded(x, [](const Number& v) {
    const Number below = mp::floor(v), rest = v - below;
    if (rest != 0.5) return Number(rest < 0.5 ? below : below + 1);
    return Number(2 * mp::floor((below + 1) / 2));
  });
}

Precise sqrt(const Precise& x) {
  if (isnan(x) || x == 0 || x == Precise::infinity()) return x;
  return x < 0 ? Precise::nan() : precise(mp::sqrt(number(x)));
}

Precise hypot(const Precise& x, const Precise& y) {
  if (isinf(x) || isinf(y)) return Precise::infinity();
  return sqrt(x * x + y * y);
}

// The exponent of a Number has 32 bits; arguments beyond 1e8 leave any range of use.
Precise exp(const Precise& x) {
  if (isnan(x)) return x;
  if (x > 1e8) return Precise::infinity();
  if (x < -1e8) return 0;
  return precise(mp::exp(number(x)));
}
Precise exp2(const Precise& x) { return pow(2, x); }

// Kahan's corrections: (u - 1) x / log u and x log u / (u - 1) are exact where the naive forms cancel
// (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., §1.14.1).
Precise expm1(const Precise& x) {
  const Precise u = exp(x);
  if (x == 0 || u == 1) return x;
  if (isnan(u) || isinf(u) || fabs(x) > 1) return u - 1;
  return (u - 1) * x / log(u);
}
Precise log1p(const Precise& x) {
  const Precise u = 1 + x;
  if (x == 0 || u == 1) return x;
  if (isnan(u) || isinf(u) || fabs(x) > 0.5) return log(u);
  return x * log(u) / (u - 1);
}

Precise log(const Precise& x) {
  if (isnan(x) || x < 0) return Precise::nan();
  if (x == 0) return -Precise::infinity();
  if (isinf(x)) return x;
  return precise(mp::log(number(x)));
}
Precise log2(const Precise& x) {
  static const Precise ln2 = log(Precise(2));
  return log(x) / ln2;
}
Precise log10(const Precise& x) {
  static const Precise ln10 = log(Precise(10));
  return log(x) / ln10;
}

Precise pow(const Precise& x, const Precise& y) {
  if (y == 0 || x == 1) return 1;
  if (isnan(x) || isnan(y)) return Precise::nan();
  const bool whole = isinf(y) || floor(y) == y;  // ±∞ counts as even
  const bool odd = !isinf(y) && whole && floor(y / 2) * 2 != y;
  const Precise size = fabs(x);
  Precise result;
  if (isinf(y))
    result = size == 1 ? Precise(1) : (size > 1) == (y > 0) ? Precise::infinity() : Precise(0);
  else if (x == 0 || isinf(x))
    result = (x == 0) == (y > 0) ? Precise(0) : Precise::infinity();
  else if (x < 0 && !whole)
    return Precise::nan();
  else if (whole && fabs(y) < 1e6) {
    result = precise(mp::pow(number(size), static_cast<int>(fabs(y).to_double())));
    if (y < 0) result = 1 / result;
  } else {
    result = exp(y * log(size));
  }
  return odd && signbit(x) ? -result : result;
}
Precise cbrt(const Precise& x) {
  if (!isfinite(x) || x == 0) return x;
  return copysign(exp(log(fabs(x)) / 3), x);
}

}  // namespace gradc
