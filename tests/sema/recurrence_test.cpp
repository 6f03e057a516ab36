// Recurrences against plain loops, and long ones. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cmath>
#include <fstream>
#include <sstream>

#include "tests/sema/checked.h"

namespace gradc::test {
namespace {

std::string sample(const std::string& name) {
  std::ifstream file(std::string(GRADC_SOURCE_DIR) + "/samples/" + name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(Recurrence, LongOnesNeedNoDeepStack) {
  const Checked c = checked(
      "dim T\nparam w\nh[0] = 1\nh[t + 1] = w*h[t]  for t in T\nE = h[T]\nd = diff(E, w)\n"
      "g[T] = 1\ng[t] = w*g[t + 1]  for t in T\nF = g[0]");
  ASSERT_TRUE(c.model) << c.said;
  EXPECT_EQ(verify(c.model->system), "");
  EXPECT_EQ(values(c, "d", {{"w", {1}}}, {{"T", 100000}})[0], 100000);
  EXPECT_EQ(values(c, "F", {{"w", {1}}}, {{"T", 100000}})[0], 1);
}

// GradBench's ode: y' = f(x, y) with f_0 = x_0, f_i = x_i·y_{i-1}, by Runge and Kutta.
TEST(Recurrence, RungeKutta) {
  const Checked c = checked(sample("gradbench/ode.grad"));
  ASSERT_TRUE(c.model) << c.said;
  const std::vector<double> x = {0.5, -1.2, 0.8};
  const auto f = [&](const std::vector<double>& y) {
    return std::vector<double>{x[0], x[1] * y[0], x[2] * y[1]};
  };
  const auto plus = [](std::vector<double> a, double s, const std::vector<double>& b) {
    for (std::size_t k = 0; k < a.size(); ++k) a[k] += s * b[k];
    return a;
  };
  const int steps = 6;
  const double h = 2.0 / steps;
  std::vector<double> y(3, 0);
  for (int s = 0; s < steps; ++s) {
    const auto k1 = f(y), k2 = f(plus(y, h / 2, k1)), k3 = f(plus(y, h / 2, k2)), k4 = f(plus(y, h, k3));
    y = plus(plus(plus(plus(y, h / 6, k1), h / 3, k2), h / 3, k3), h / 6, k4);
  }
  const auto primal = values(c, "primal", {{"x", x}}, {{"N", 3}, {"S", steps}});
  ASSERT_EQ(primal.size(), 3u);
  for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(primal[k], y[k], 1e-13);
  const auto grad = values(c, "grad", {{"x", x}}, {{"N", 3}, {"S", steps}});
  // The last one is a product of all x: t³/6 of them.
  EXPECT_NEAR(grad[0] * x[0], y[2], 1e-13);
  EXPECT_NEAR(grad[2] * x[2], y[2], 1e-13);
}

// GradBench's det: by shared minors, against Sarrus' rule; its gradient is the matrix of cofactors.
TEST(Recurrence, SharedMinors) {
  const Checked c = checked(sample("gradbench/det.grad"), {.dims = {{"N", 3}}});
  ASSERT_TRUE(c.model) << c.said;
  const std::vector<double> a = {2, 1, 0, 1, 3, 1, 0, 1, 4};
  EXPECT_EQ(values(c, "value", {{"A", a}})[0], 18);
  EXPECT_EQ(values(c, "grad", {{"A", a}}), (std::vector<double>{11, -4, 1, -4, 8, -2, 1, -2, 5}));
}

// GradBench's lstm of one layer, step by step.
TEST(Recurrence, LongShortTermMemory) {
  const Checked c = checked(sample("gradbench/lstm.grad"));
  ASSERT_TRUE(c.model) << c.said;
  const int steps = 4;
  std::vector<double> main, extra = {0.3, -0.7, 0.2}, state = {0.1, -0.4}, chars = {1, 0, 1, 1};
  for (int k = 0; k < 8; ++k) main.push_back(0.3 * k - 0.8);
  const auto sigmoid = [](double x) { return 1 / (1 + std::exp(-x)); };
  double h = state[0], cell = state[1], loss = 0;
  for (int t = 0; t + 1 < steps; ++t) {
    const double y = chars[static_cast<std::size_t>(t)] * extra[0];
    const double forget = sigmoid(y * main[0] + main[4]), in = sigmoid(h * main[1] + main[5]),
                 out = sigmoid(y * main[2] + main[6]), change = std::tanh(h * main[3] + main[7]);
    cell = cell * forget + in * change;
    h = out * std::tanh(cell);
    const double said = h * extra[1] + extra[2];
    loss -= chars[static_cast<std::size_t>(t) + 1] * (said - std::log(2 + std::exp(said)));
  }
  loss /= steps - 1;
  const auto value = values(c, "loss", {{"main", main}, {"extra", extra}, {"state", state}, {"chars", chars}},
                            {{"L", 1}, {"C", steps}, {"N", 1}});
  ASSERT_EQ(value.size(), 1u);
  EXPECT_NEAR(value[0], loss, 1e-14);
}

}  // namespace
}  // namespace gradc::test
