// Literals are rounded once, to the nearest number, ties to even, as the C++ library reads them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <charconv>

#include "compiler/support/rational.h"
#include "tests/operators/recipes.h"

namespace gradc::test {
namespace {

template <class Float>
Float read(const std::string& text) {
  Float value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

void expect_nearest(const std::string& text) {
  const Rational literal = Rational::parse(text).value();
  EXPECT_EQ(literal.to_double(), read<double>(text)) << text;
  EXPECT_EQ(literal.to_float(), read<float>(text)) << text;
}

TEST(Literals, AreTheNearestNumbers) {
  for (const char* text : {"0.1", "0.3333333333333333", "0.9999999999999999", "9007199254740993", "1e23",
                           "1e22", "2.2250738585072011e-308", "5e-324", "2.5e-324", "1.7976931348623157e308",
                           "16777217", "1.17549435e-38", "1.4e-45", "3.4028235e38"})
    if (const double value = read<double>(text); value != 0) {
      EXPECT_EQ(Rational::parse(text).value().to_double(), value) << text;
    }
  Random random;
  for (int turn = 0; turn < 4000; ++turn) {
    const double digits = std::floor(random.within(1e15, 9e16)), scale = std::floor(random.within(-36, 14));
    expect_nearest(std::to_string(static_cast<std::int64_t>(digits)) + "e" +
                   std::to_string(static_cast<int>(scale)));
  }
}

TEST(Literals, QuotientsAreRoundedOnce) {
  for (int n = 1; n < 60; ++n)
    for (int d = 1; d < 60; ++d) {
      EXPECT_EQ((Rational(n) / Rational(d)).to_double(), static_cast<double>(n) / d) << n << "/" << d;
      EXPECT_EQ((Rational(n) / Rational(d)).to_float(), static_cast<float>(n) / static_cast<float>(d));
    }
}

}  // namespace
}  // namespace gradc::test
