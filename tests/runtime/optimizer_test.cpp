// Three steps of every optimizer against its paper's formulas, written out for one number.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/optimizer/optimizer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace gradc {
namespace {

constexpr double start = 1.5;
double gradient_at(double w, int step) { return 2 * w - 0.3 * step; }  // changes with w and with time

// w after three steps of an optimizer, over arrays longer than any vector; every element must come out alike.
template <class T>
double run(const NamedCall& choice) {
  std::vector<NamedArray> params = {{"w", HostArray(storage_of_type<T>(), {37})}};
  HostArray gradient(storage_of_type<T>(), {37});
  for (std::int64_t i = 0; i < 37; ++i) params[0].array.set_value(i, start);
  Result<OptimizerState> state = OptimizerState::create(choice, params);
  if (!state) {
    ADD_FAILURE() << render(state.diagnostics(), {});
    return 0;
  }
  for (int step = 1; step <= 3; ++step) {
    for (std::int64_t i = 0; i < 37; ++i)
      gradient.set_value(i, 4 * gradient_at(params[0].array.value(i), step));
    state->begin_step();
    state->apply(0, params[0].array, gradient, 0.25);
  }
  for (std::int64_t i = 1; i < 37; ++i) EXPECT_EQ(params[0].array.value(i), params[0].array.value(0));
  return params[0].array.value(0);
}

struct Case {
  NamedCall choice;
  std::function<void(double& w, double& m, double& v, double g, int t)> step;
};

const Case cases[] = {
    {{"sgd", {{"rate", 0.1}}}, [](double& w, double&, double&, double g, int) { w -= 0.1 * g; }},
    {{"momentum", {{"rate", 0.1}, {"beta", 0.8}}},
     [](double& w, double& m, double&, double g, int) {
       m = 0.8 * m + g;
       w -= 0.1 * m;
     }},
    {{"nesterov", {{"rate", 0.1}}},
     [](double& w, double& m, double&, double g, int) {
       m = 0.9 * m + g;
       w -= 0.1 * (g + 0.9 * m);
     }},
    {{"adam", {{"rate", 0.01}}},
     [](double& w, double& m, double& v, double g, int t) {
       m = 0.9 * m + 0.1 * g;
       v = 0.999 * v + 0.001 * g * g;
       w -= 0.01 * (m / (1 - std::pow(0.9, t))) / (std::sqrt(v / (1 - std::pow(0.999, t))) + 1e-8);
     }},
    {{"adamw", {{"rate", 0.01}, {"decay", 0.1}}},
     [](double& w, double& m, double& v, double g, int t) {
       m = 0.9 * m + 0.1 * g;
       v = 0.999 * v + 0.001 * g * g;
       w = w - 0.01 * 0.1 * w -
           0.01 * (m / (1 - std::pow(0.9, t))) / (std::sqrt(v / (1 - std::pow(0.999, t))) + 1e-8);
     }},
    {{"rmsprop", {{"rate", 0.01}}},
     [](double& w, double&, double& v, double g, int) {
       v = 0.9 * v + 0.1 * g * g;
       w -= 0.01 * g / (std::sqrt(v) + 1e-8);
     }},
    {{"adagrad", {}},
     [](double& w, double&, double& v, double g, int) {
       v += g * g;
       w -= 0.01 * g / (std::sqrt(v) + 1e-10);
     }},
};

TEST(Optimizer, StepsAsItsPaperSays) {
  for (const Case& c : cases) {
    double w = start, m = 0, v = 0;
    for (int t = 1; t <= 3; ++t) c.step(w, m, v, gradient_at(w, t), t);
    EXPECT_NEAR(run<double>(c.choice), w, 1e-15 * 20)
        << c.choice.name;  // a few roundings of numbers near 1.5
    EXPECT_NEAR(run<float>(c.choice), w, 6e-8 * 20) << c.choice.name;
  }
}

TEST(Optimizer, EveryEntryIsTested) {
  for (const Optimizer* optimizer : all_optimizers()) {
    bool found = false;
    for (const Case& c : cases) found = found || c.choice.name == optimizer->name;
    EXPECT_TRUE(found) << optimizer->name;
  }
}

TEST(Optimizer, RefusesWhatItDoesNotKnow) {
  const auto message = [](const NamedCall& choice) {
    return render(OptimizerState::create(choice, {}).diagnostics(), {});
  };
  EXPECT_EQ(message({"adamm"}), "error: unknown optimizer `adamm` [E540]\n   = help: did you mean `adam`?\n");
  EXPECT_EQ(message({"lbfgs"}),
            "error: unknown optimizer `lbfgs` [E540]\n"
            "   = help: known are sgd, momentum, nesterov, adam, adamw, rmsprop, adagrad\n");
  EXPECT_EQ(message({"sgd"}), "error: optimizer `sgd` needs `rate` [E541]\n");
  EXPECT_EQ(message({"sgd", {{"rat", 1}}}),
            "error: optimizer `sgd` has no argument `rat` [E541]\n   = help: did you mean `rate`?\n"
            "error: optimizer `sgd` needs `rate` [E541]\n");
  EXPECT_EQ(message({"sgd", {{"", 1}, {"rate", 1}}}),
            "error: optimizer `sgd` is given `rate` twice [E541]\n");
  EXPECT_EQ(message({"sgd", {{"", 1}, {"", 1}}}),
            "error: optimizer `sgd` has too many arguments [E541]\n   = help: it takes `rate`\n");
  EXPECT_EQ(message({"adam", {{"beta1", 1}}}),
            "error: optimizer `adam`: `beta1` is 1 [E542]\n"
            "   = help: it lies between 0 and 1, less than the latter\n");
}

}  // namespace
}  // namespace gradc
