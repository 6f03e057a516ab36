// Exact rational numbers of any size: what a literal in a model file is until code is made.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gradc {

// An immutable value in lowest terms, denominator positive. Most are small and live in two words;
// `big_` holds the others (Boost.Multiprecision, kept out of this header for build time).
class Rational {
 public:
  Rational() = default;
  Rational(std::int64_t integer) : numerator_(integer) {}  // NOLINT: implicit on purpose
  Rational(std::int64_t numerator, std::int64_t denominator);

  // "12", "0.1", "1e-5" as the grammar's NUMBER has them; none if the exponent is beyond ±4000.
  static std::optional<Rational> parse(std::string_view literal);
  // Exactly the value of a finite double.
  static Rational from_double(double value);

  bool is_integer() const;
  bool is_zero() const { return !big_ && numerator_ == 0; }
  bool is_one() const { return !big_ && numerator_ == 1 && denominator_ == 1; }
  int sign() const;
  std::optional<std::int64_t> to_int64() const;  // if it is an integer that fits
  Rational numerator() const;
  Rational denominator() const;
  double to_double() const;       // rounded once, to nearest
  float to_float() const;         // rounded once, to nearest
  std::string to_string() const;  // "3", "-1/2"
  std::size_t hash() const;

  friend Rational operator+(const Rational& a, const Rational& b);
  friend Rational operator-(const Rational& a, const Rational& b);
  friend Rational operator*(const Rational& a, const Rational& b);
  friend Rational operator/(const Rational& a, const Rational& b);  // b != 0: the caller's promise
  friend Rational operator-(const Rational& a);
  friend bool operator==(const Rational& a, const Rational& b);
  friend std::strong_ordering operator<=>(const Rational& a, const Rational& b);

  struct Big;

 private:
  explicit Rational(Big value);
  friend Big widen(const Rational& r);

  std::int64_t numerator_ = 0;
  std::int64_t denominator_ = 1;
  std::shared_ptr<const Big> big_;
};

// a^n for an integer n; none where it would be 0^negative or has more than about 20,000 digits.
std::optional<Rational> power(const Rational& a, std::int64_t n);

}  // namespace gradc
