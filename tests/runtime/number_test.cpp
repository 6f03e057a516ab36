// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/dataset/number.h"

#include <gtest/gtest.h>

#include <cmath>

namespace gradc {
namespace {

struct Case {
  std::string_view text;
  NumberFault fault;
  double value = 0;
};

TEST(Number, ReadsDecimalsOnly) {
  const Case cases[] = {{"0.1", NumberFault::none, 0.1},
                        {" +1.5\t", NumberFault::none, 1.5},
                        {"-2e-3", NumberFault::none, -2e-3},
                        {".5", NumberFault::none, 0.5},
                        {"5.", NumberFault::none, 5},
                        {"1E+2", NumberFault::none, 100},
                        {"", NumberFault::empty},
                        {"  ", NumberFault::empty},
                        {"x", NumberFault::text},
                        {"1,5", NumberFault::text},
                        {"0x10", NumberFault::text},
                        {"1e", NumberFault::text},
                        {"+-1", NumberFault::text},
                        {"+", NumberFault::text},
                        {"1 2", NumberFault::text},
                        {"1'000", NumberFault::text},
                        {"1e400", NumberFault::overflow},
                        {"-1e400", NumberFault::overflow},
                        {"nan", NumberFault::not_finite},
                        {"NaN", NumberFault::not_finite},
                        {"-inf", NumberFault::not_finite},
                        {"Infinity", NumberFault::not_finite},
                        {"1e-400", NumberFault::none, 0},
                        {"4.9e-324", NumberFault::none, 4.9e-324},
                        {"0.000001e400", NumberFault::overflow},
                        {"1e99999999999999999999", NumberFault::overflow},
                        {"1e-99999999999999999999", NumberFault::none, 0},
                        {"1.7976931348623157e308", NumberFault::none, 1.7976931348623157e308}};
  for (const Case& c : cases) {
    double value = 0;
    EXPECT_EQ(parse_number(c.text, value), c.fault) << c.text;
    if (c.fault == NumberFault::none) {
      EXPECT_EQ(value, c.value) << c.text;
    }
  }
  double value = 0;
  EXPECT_EQ(parse_number(std::string(400, '9') + "e-5", value), NumberFault::overflow);
  EXPECT_EQ(parse_number("0." + std::string(400, '0') + "1", value), NumberFault::none);
  EXPECT_EQ(value, 0);
}

TEST(Number, RoundsOnceToF32) {
  // Halfway between two floats plus a little: through double it would round to even, the wrong way.
  float value = 0;
  EXPECT_EQ(parse_number("1.00000005960464477539062500001", value), NumberFault::none);
  EXPECT_EQ(value, std::nextafter(1.0F, 2.0F));
  EXPECT_EQ(parse_number("1e39", value), NumberFault::overflow);
}

TEST(Number, MembersAreWhole) {
  std::int64_t member = 0;
  EXPECT_EQ(parse_member("7", member), NumberFault::none);
  EXPECT_EQ(member, 7);
  EXPECT_EQ(parse_member(" 3.0 ", member), NumberFault::none);
  EXPECT_EQ(member, 3);
  EXPECT_EQ(parse_member("2.5", member), NumberFault::text);
  EXPECT_EQ(parse_member("cat", member), NumberFault::text);
  EXPECT_EQ(parse_member("", member), NumberFault::empty);
  EXPECT_EQ(parse_member("1e300", member), NumberFault::overflow);
}

}  // namespace
}  // namespace gradc
