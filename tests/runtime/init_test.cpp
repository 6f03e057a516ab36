// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/init/init.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace gradc {
namespace {

HostArray start(const NamedCall& choice, Shape shape, std::uint64_t seed = 1) {
  HostArray array(Storage::f64, std::move(shape));
  EXPECT_EQ(render(initialize(choice, seed, "w", array), {}), "");
  return array;
}

TEST(Init, FansAreReadFromTheLastTwoAxes) {
  EXPECT_EQ(fans_of({}).in, 1);
  EXPECT_EQ(fans_of({8}).in, 8);
  EXPECT_EQ(fans_of({8}).out, 1);
  EXPECT_EQ(fans_of({3, 8}).in, 3);
  EXPECT_EQ(fans_of({3, 8}).out, 8);
  EXPECT_EQ(fans_of({5, 5, 3, 8}).in, 75);
  EXPECT_EQ(fans_of({5, 5, 3, 8}).out, 200);
}

TEST(Init, DistributionsHaveTheirWidth) {
  struct Case {
    NamedCall choice;
    double mean, deviation;
    bool bounded;
  };
  const Case cases[] = {{{"glorot_uniform"}, 0, std::sqrt(2.0 / 500), true},
                        {{"glorot_normal"}, 0, std::sqrt(2.0 / 500), false},
                        {{"he_uniform"}, 0, std::sqrt(2.0 / 200), true},
                        {{"he_normal"}, 0, std::sqrt(2.0 / 200), false},
                        {{"lecun_uniform"}, 0, std::sqrt(1.0 / 200), true},
                        {{"lecun_normal"}, 0, std::sqrt(1.0 / 200), false},
                        {{"uniform", {{"", 2}, {"", 4}}}, 3, 2 / std::sqrt(12.0), true},
                        {{"normal", {{"", 5}, {"deviation", 0.5}}}, 5, 0.5, false}};
  for (const Case& c : cases) {
    const HostArray array = start(c.choice, {200, 300});
    double sum = 0, square = 0, largest = 0;
    for (const double w : array.as<double>()) {
      sum += w, square += (w - c.mean) * (w - c.mean);
      largest = std::max(largest, std::abs(w - c.mean));
    }
    const double n = static_cast<double>(array.size());
    EXPECT_NEAR(sum / n, c.mean, 5 * c.deviation / std::sqrt(n)) << c.choice.name;
    EXPECT_NEAR(std::sqrt(square / n), c.deviation, 5 * c.deviation / std::sqrt(n)) << c.choice.name;
    if (c.bounded) {
      EXPECT_LE(largest, c.deviation * std::sqrt(3.0)) << c.choice.name;
    }
  }
}

TEST(Init, OrthogonalColumnsOrRows) {
  for (const Shape& shape : {Shape{7, 4}, Shape{4, 7}, Shape{2, 3, 5}}) {
    const HostArray array = start({"orthogonal"}, shape);
    const std::size_t columns = static_cast<std::size_t>(shape.back());
    const std::size_t rows = static_cast<std::size_t>(array.size()) / columns;
    const bool wide = rows < columns;
    const auto at = [&](std::size_t vector, std::size_t i) {
      return array.as<double>()[wide ? vector * columns + i : i * columns + vector];
    };
    for (std::size_t a = 0; a < std::min(rows, columns); ++a)
      for (std::size_t b = 0; b <= a; ++b) {
        double dot = 0;
        for (std::size_t i = 0; i < std::max(rows, columns); ++i) dot += at(a, i) * at(b, i);
        EXPECT_NEAR(dot, a == b ? 1 : 0, 1e-14);
      }
  }
}

TEST(Init, DependsOnSeedAndName) {
  EXPECT_NE(start({"he_normal"}, {3}, 1).value(0), start({"he_normal"}, {3}, 2).value(0));
  EXPECT_EQ(start({"constant", {{"", 0.25}}}, {2}).value(1), 0.25);
  HostArray other(Storage::f64, {3});
  EXPECT_TRUE(initialize({"he_normal"}, 1, "v", other).empty());
  EXPECT_NE(other.value(0), start({"he_normal"}, {3}).value(0));
}

TEST(Init, RefusesWhatItDoesNotKnow) {
  HostArray array(Storage::f64, {3});
  const auto message = [&](const NamedCall& choice) { return render(initialize(choice, 1, "w", array), {}); };
  EXPECT_EQ(
      message({"glorot_unifrom"}),
      "error: unknown initialiser `glorot_unifrom` [E540]\n   = help: did you mean `glorot_uniform`?\n");
  EXPECT_EQ(message({"normal", {{"", 0}}}), "error: initialiser `normal` of `w` needs `deviation` [E541]\n");
  EXPECT_EQ(message({"normal", {{"", 0}, {"", -1}}}),
            "error: initialiser `normal` of `w`: `deviation` is -1 [E542]\n   = help: it is at least 0\n");
  EXPECT_EQ(
      message({"he_normal", {{"gain", 2}}}),
      "error: initialiser `he_normal` of `w` has no argument `gain` [E541]\n   = help: it takes none\n");
}

}  // namespace
}  // namespace gradc
