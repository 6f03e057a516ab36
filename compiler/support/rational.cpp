// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/support/rational.h"

#include <boost/multiprecision/cpp_int.hpp>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "compiler/support/check.h"

namespace gradc {

using Integer = boost::multiprecision::cpp_int;

struct Rational::Big {
  Integer numerator, denominator;
};

Rational::Big widen(const Rational& r) {
  if (r.big_) return *r.big_;
  return {Integer(r.numerator_), Integer(r.denominator_)};
}

Rational::Rational(Big value) {
  GRADC_CHECK(value.denominator != 0, "a rational with denominator 0");
  if (value.denominator < 0) value.numerator = -value.numerator, value.denominator = -value.denominator;
  const Integer divisor = gcd(value.numerator, value.denominator);
  if (divisor != 1) value.numerator /= divisor, value.denominator /= divisor;
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  if (abs(value.numerator) <= most && value.denominator <= most) {
    numerator_ = value.numerator.convert_to<std::int64_t>();
    denominator_ = value.denominator.convert_to<std::int64_t>();
  } else {
    big_ = std::make_shared<const Big>(std::move(value));
  }
}

Rational::Rational(std::int64_t numerator, std::int64_t denominator)
    : Rational(Big{Integer(numerator), Integer(denominator)}) {}

std::optional<Rational> Rational::parse(std::string_view literal) {
  std::string digits;
  std::int64_t scale = 0;
  std::size_t i = 0;
  bool fraction = false;
  for (; i < literal.size() && literal[i] != 'e' && literal[i] != 'E'; ++i) {
    if (literal[i] == '.') {
      fraction = true;
      continue;
    }
    digits += literal[i];
    if (fraction) --scale;
  }
  if (i < literal.size()) {
    ++i;
    if (i < literal.size() && literal[i] == '+') ++i;
    std::int64_t exponent = 0;
    auto [end, error] = std::from_chars(literal.data() + i, literal.data() + literal.size(), exponent);
    if (error != std::errc() || exponent > 4000 || exponent < -4000) return std::nullopt;
    scale += exponent;
  }
  if (digits.size() > 20000 || scale > 20000 || scale < -40000) return std::nullopt;
  const std::size_t first = digits.find_first_not_of('0');  // a leading 0 would mean octal to cpp_int
  Integer numerator(first == std::string::npos ? "0" : digits.substr(first));
  Integer ten_power = boost::multiprecision::pow(Integer(10), static_cast<unsigned>(std::abs(scale)));
  if (scale >= 0) return Rational(Big{numerator * ten_power, 1});
  return Rational(Big{numerator, ten_power});
}

Rational Rational::from_double(double value) {
  GRADC_CHECK(std::isfinite(value), "a rational from a number that is not finite");
  int exponent = 0;
  const double mantissa = std::frexp(value, &exponent);
  Integer numerator(static_cast<std::int64_t>(std::ldexp(mantissa, 53)));
  exponent -= 53;
  if (exponent >= 0) return Rational(Big{numerator << exponent, 1});
  return Rational(Big{numerator, Integer(1) << -exponent});
}

bool Rational::is_integer() const { return big_ ? big_->denominator == 1 : denominator_ == 1; }
int Rational::sign() const { return big_ ? big_->numerator.sign() : (numerator_ > 0) - (numerator_ < 0); }

std::optional<std::int64_t> Rational::to_int64() const {
  if (big_ || denominator_ != 1) return std::nullopt;
  return numerator_;
}

Rational Rational::numerator() const {
  return big_ ? Rational(Big{big_->numerator, 1}) : Rational(numerator_);
}
Rational Rational::denominator() const {
  return big_ ? Rational(Big{big_->denominator, 1}) : Rational(denominator_);
}

namespace {

// The nearest float of `digits` bits to n/d, ties to even: a quotient with two bits to spare, the last of
// them sticky, then one correct rounding by ldexp (which also rounds subnormals once).
template <class Float>
Float round_quotient(Integer n, const Integer& d) {
  constexpr int digits = std::numeric_limits<Float>::digits;
  if (n == 0) return 0;
  const bool negative = n < 0;
  if (negative) n = -n;
  const std::int64_t size = static_cast<std::int64_t>(msb(n)) - static_cast<std::int64_t>(msb(d));
  // `size` is the quotient's own or one more: with one bit too many the loop goes on, with one too few it
  // could not.
  std::int64_t exponent = std::max<std::int64_t>(size, std::numeric_limits<Float>::min_exponent) - digits;
  if (size > std::numeric_limits<Float>::max_exponent)
    return negative ? -std::numeric_limits<Float>::infinity() : std::numeric_limits<Float>::infinity();
  for (;; ++exponent) {
    Integer scaled = n, divisor = d;
    if (exponent < 0)
      scaled <<= static_cast<unsigned>(-exponent);
    else
      divisor <<= static_cast<unsigned>(exponent);
    Integer quotient, remainder;
    divide_qr(scaled, divisor, quotient, remainder);
    const Integer twice = remainder * 2;
    if (twice > divisor || (twice == divisor && bit_test(quotient, 0))) ++quotient;
    if (quotient != 0 && msb(quotient) >= static_cast<unsigned>(digits) && quotient != (Integer(1) << digits))
      continue;
    const Float value =
        std::ldexp(static_cast<Float>(quotient.convert_to<std::int64_t>()), static_cast<int>(exponent));
    return negative ? -value : value;
  }
}

}  // namespace

double Rational::to_double() const {
  if (!big_ && denominator_ == 1 && std::abs(numerator_) < (std::int64_t{1} << 53))
    return static_cast<double>(numerator_);
  const Big value = widen(*this);
  return round_quotient<double>(value.numerator, value.denominator);
}

float Rational::to_float() const {
  const Big value = widen(*this);
  return round_quotient<float>(value.numerator, value.denominator);
}

std::string Rational::to_string() const {
  if (!big_)
    return denominator_ == 1 ? std::to_string(numerator_)
                             : std::to_string(numerator_) + "/" + std::to_string(denominator_);
  return big_->denominator == 1 ? big_->numerator.str()
                                : big_->numerator.str() + "/" + big_->denominator.str();
}

std::size_t Rational::hash() const {
  if (big_) return std::hash<std::string>{}(to_string());
  return static_cast<std::size_t>(numerator_) * 0x9E3779B97F4A7C15u ^ static_cast<std::size_t>(denominator_);
}

Rational operator+(const Rational& a, const Rational& b) {
  std::int64_t sum = 0;
  if (!a.big_ && !b.big_ && a.denominator_ == 1 && b.denominator_ == 1 &&
      !__builtin_add_overflow(a.numerator_, b.numerator_, &sum))
    return Rational(sum);
  const Rational::Big x = widen(a), y = widen(b);
  return Rational(Rational::Big{x.numerator * y.denominator + y.numerator * x.denominator,
                                x.denominator * y.denominator});
}
Rational operator-(const Rational& a, const Rational& b) { return a + (-b); }
Rational operator*(const Rational& a, const Rational& b) {
  std::int64_t product = 0;
  if (!a.big_ && !b.big_ && a.denominator_ == 1 && b.denominator_ == 1 &&
      !__builtin_mul_overflow(a.numerator_, b.numerator_, &product))
    return Rational(product);
  const Rational::Big x = widen(a), y = widen(b);
  return Rational(Rational::Big{x.numerator * y.numerator, x.denominator * y.denominator});
}
Rational operator/(const Rational& a, const Rational& b) {
  const Rational::Big x = widen(a), y = widen(b);
  return Rational(Rational::Big{x.numerator * y.denominator, x.denominator * y.numerator});
}
Rational operator-(const Rational& a) {
  const Rational::Big x = widen(a);
  return Rational(Rational::Big{-x.numerator, x.denominator});
}
bool operator==(const Rational& a, const Rational& b) {
  if (!a.big_ && !b.big_) return a.numerator_ == b.numerator_ && a.denominator_ == b.denominator_;
  if (!a.big_ || !b.big_) return false;
  return a.big_->numerator == b.big_->numerator && a.big_->denominator == b.big_->denominator;
}
std::strong_ordering operator<=>(const Rational& a, const Rational& b) {
  const Rational::Big x = widen(a), y = widen(b);
  const Integer left = x.numerator * y.denominator, right = y.numerator * x.denominator;
  return left < right   ? std::strong_ordering::less
         : left > right ? std::strong_ordering::greater
                        : std::strong_ordering::equal;
}

std::optional<Rational> power(const Rational& a, std::int64_t n) {
  if (a.is_zero() && n < 0) return std::nullopt;
  const std::size_t digits = a.to_string().size();
  if (static_cast<double>(digits) * std::abs(static_cast<double>(n)) > 20000) {
    if (!(a.is_one() || a.is_zero() || a == Rational(-1))) return std::nullopt;
    if (a == Rational(-1)) return Rational(n % 2 == 0 ? 1 : -1);
    return a;
  }
  Rational base = n < 0 ? Rational(1) / a : a, result = 1;
  for (std::uint64_t k = n < 0 ? 0 - static_cast<std::uint64_t>(n) : static_cast<std::uint64_t>(n); k;
       k >>= 1) {
    if (k & 1) result = result * base;
    base = k > 1 ? base * base : base;
  }
  return result;
}

}  // namespace gradc
