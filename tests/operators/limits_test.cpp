// Recipes where they are hard: near roots, limits of the format, and great exponents. Trigonometric functions
// beyond 2^30 are the C library's, which loses some units there. SPDX-License-Identifier: Apache-2.0 WITH
// LLVM-exception
#include "tests/operators/recipes.h"

namespace gradc::test {
namespace {

// Around multiples of π/2, where the reduction cancels.
TEST(Emit, TrigonometricFunctionsKeepTheirDigitsNearRoots) {
  Random random;
  for (int turn = 0; turn < 400; ++turn) {
    const bool f32 = turn % 2 == 1;
    const double k = std::floor(std::exp2(random.within(0, f32 ? 15 : 30)));
    const double x = round_to(f32, k * 0x1.921fb54442d18p+0);
    for (std::string_view id : {"sin", "cos", "tan"}) expect_within_bound(*find_operator(id), f32, {x, 0, 0});
  }
}

// Where results overflow, become denormal, or magnify the error of a logarithm.
TEST(Emit, LimitsAreSharp) {
  struct {
    std::string_view id;
    std::vector<Point> at;
  } const hard[] = {
      {"exp", {{709.782712893384}, {709.7827128933841}, {-708.4}, {-745.1332191019411}, {-745.14}}},
      {"exp2", {{1023.9999999999999}, {1024}, {-1022}, {-1074}, {-1074.9}, {-1075.1}}},
      {"expm1", {{709.782712893384}, {709.7827128933841}, {-37.42}, {0x1p-1074}, {-0x1p-1060}}},
      {"sinh", {{710.4758600739439}, {710.475860073944}, {0x1p-1074}, {-0x1p-540}}},
      {"cosh", {{710.4758600739439}, {-710.475860073944}, {0x1p-1074}}},
      {"sigmoid", {{-745}, {-709.5}, {-708}, {36.8}, {-0x1p-54}}},
      {"silu", {{-752}, {-746}, {-710.5}, {-1.2784645427610738}}},
      {"gelu", {{-38.5}, {-37.6}, {-0.7071067811865476}, {0.7071067811865476}}},
      {"erfc", {{26.54325845425098}, {27.2}, {0.4999999999999999}, {0.5}, {-5.9}}},
      {"log1p", {{-0.9999999999999999}, {0x1p-1074}, {0.41421356237309515}, {0x1p1023}}},
      {"log", {{0x1p-1074}, {0x1.fffffffffffffp-1023}, {0.7071067811865475}, {1.4142135623730951}}},
      {"pow",
       {{1 + 0x1p-52, 0x1p61},
        {1 - 0x1p-53, 0x1p61},
        {1.0000001, 7e9},
        {0.7071067811865476, 2047},
        {1.4142135623730951, -2100},
        {-3, 645},
        {-0.1, -307},
        {2, -1074},
        {0x1p-1074, 0.9}}},
      {"hypot", {{1e308, 1e308}, {0x1p-1074, 0x1p-1074}, {3e-310, 4e-310}}},
      {"atan2", {{1e308, 1.7e308}, {0x1p-1074, 0x1p-1074}, {0x1p-1000, -1}, {5e-324, 3}}},
      {"cbrt", {{0x1p-1074}, {-0x1p1023}, {26.999999999999996}}},
      {"exp_difference", {{1e5, 1e5 + 0.1}, {-1e300, -1e300}, {0.1, 1e16}, {709.9, 0.2}}},
  };
  for (const auto& [id, points] : hard)
    for (const Point& at : points) expect_within_bound(*find_operator(id), false, at);
  for (double x : {88.72283f, 88.72284f, -87.4f, -103.97f, -103.98f, -106.f, -14.2f, -14.f, 10.05f, 9.2f})
    for (std::string_view id : {"exp", "expm1", "sigmoid", "silu", "gelu", "erfc", "sinh", "cosh", "tanh"})
      expect_within_bound(*find_operator(id), true, {static_cast<float>(x), 0, 0});
}

}  // namespace
}  // namespace gradc::test
