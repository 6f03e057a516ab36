// Value and gradient of two networks at a batch of 128: compiled by gradc, and by hand in C. What is timed is
// the call alone; arrays and workspace are there before. The results are compared once.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <benchmark/benchmark.h>

#include <cmath>
#include <random>

#include "compiler/support/check.h"
#include "runtime/bound_call.h"
#include "tests/bench/by_hand.h"
#include "tests/bench/compiled.h"
#include "tests/support/networks.h"

namespace gradc::bench {
namespace {

constexpr int batch = 128, large_batch = 512;

// One function of a model with all its arrays, filled at random where it reads them.
class Call {
 public:
  Call(const Compiled& model, const char* function, int examples = batch)
      : call_(model.function(function), {}), examples_(examples) {
    call_.use(nullptr);
    std::mt19937 random(1);
    for (const gradc_array_info& info : gradc::arrays(call_.info())) {
      arrays_.push_back(call_.allocate(static_cast<int>(arrays_.size()), examples_));
      HostArray& array = arrays_.back();
      // Pixels are whole numbers up to 255, parameters small, labels members.
      std::uniform_real_distribution<double> pixel(0, 255), small(-0.5, 0.5);
      for (std::int64_t i = 0; i < array.size(); ++i)
        array.set_value(i, info.scalar == GRADC_I32 ? static_cast<double>(random() % mlp_classes)
                           : info.role == GRADC_INPUT
                               ? std::floor(pixel(random)) / (array.size() > 1000 ? 1 : 255)
                               : small(random) / 4);
    }
  }
  void use(const gradc_pool* pool) { call_.use(pool); }
  void run() {
    const std::int32_t status = call_.run(examples_);
    GRADC_CHECK(status == GRADC_OK, "a call failed");
  }
  template <class T>
  T* data(std::size_t array) {
    return arrays_[array].as<T>().data();
  }
  double value(std::size_t array, std::int64_t i = 0) const { return arrays_[array].value(i); }
  std::int64_t size(std::size_t array) const { return arrays_[array].size(); }

 private:
  BoundCall call_;
  int examples_;
  std::vector<HostArray> arrays_;
};

void expect_near(double a, double b, double tolerance) {
  GRADC_CHECK(std::abs(a - b) <= tolerance * (1 + std::abs(b)),
              "compiled and by hand differ: " + std::to_string(a) + " and " + std::to_string(b));
}

// The arguments' places; the results follow: the loss, then a gradient for each parameter.
enum { x, y, w0, b0, w1, b1, loss, first_gradient };

const Compiled& hidden() {
  static const Compiled model(test::hidden_layer(hidden_inputs, hidden_units), false,
                              Compiled::Functions::gradient_and_evaluate);
  return model;
}
const Compiled& mlp() {
  static const Compiled model(classifier(), true, Compiled::Functions::gradient_and_evaluate);
  return model;
}

double hidden_value_of(Call& c) {
  return hidden_value(batch, c.data<double>(x), c.data<double>(y), c.data<double>(w0), c.data<double>(b0),
                      c.data<double>(w1), *c.data<double>(b1));
}
double hidden_gradient_of(Call& c, double* g) {
  double* db0 = g + hidden_inputs * hidden_units;
  return hidden_gradient(batch, c.data<double>(x), c.data<double>(y), c.data<double>(w0), c.data<double>(b0),
                         c.data<double>(w1), *c.data<double>(b1), g, db0, db0 + hidden_units,
                         db0 + 2 * hidden_units);
}
double mlp_value_of(Call& c, float* work) {
  return mlp_value(batch, c.data<float>(x), c.data<int>(y), c.data<float>(w0), c.data<float>(b0),
                   c.data<float>(w1), c.data<float>(b1), work);
}
double mlp_gradient_of(Call& c, float* g, float* work) {
  float* db0 = g + mlp_pixels * mlp_units;
  float* dw1 = db0 + mlp_units;
  return mlp_gradient(batch, c.data<float>(x), c.data<int>(y), c.data<float>(w0), c.data<float>(b0),
                      c.data<float>(w1), c.data<float>(b1), g, db0, dw1, dw1 + mlp_units * mlp_classes, work);
}

// The gradients stand one after the other in g.
template <class T>
void expect_gradients(const Call& c, const T* g, double tolerance) {
  for (std::size_t array = first_gradient; array < first_gradient + 4; ++array)
    for (std::int64_t i = 0; i < c.size(array); ++i) expect_near(c.value(array, i), *g++, tolerance);
}

constexpr std::size_t mlp_work = batch * (mlp_pixels + 2 * mlp_units + mlp_classes);
constexpr std::size_t mlp_params = (mlp_pixels + 1) * mlp_units + (mlp_units + 1) * mlp_classes;

void hidden_value_gradc(benchmark::State& state) {
  Call call(hidden(), "evaluate");
  for (auto _ : state) call.run();
  expect_near(call.value(loss), hidden_value_of(call), 1e-12);
}
void hidden_value_by_hand(benchmark::State& state) {
  Call call(hidden(), "evaluate");
  for (auto _ : state) benchmark::DoNotOptimize(hidden_value_of(call));
}
void hidden_gradient_gradc(benchmark::State& state) {
  Call call(hidden(), "gradient");
  for (auto _ : state) call.run();
  double g[64];
  expect_near(call.value(loss), hidden_gradient_of(call, g), 1e-12);
  expect_gradients(call, g, 1e-12);
}
void hidden_gradient_by_hand(benchmark::State& state) {
  Call call(hidden(), "gradient");
  double g[64];
  for (auto _ : state) benchmark::DoNotOptimize(hidden_gradient_of(call, g));
}
void mlp_value_gradc(benchmark::State& state) {
  Call call(mlp(), "evaluate");
  for (auto _ : state) call.run();
  std::vector<float> work(mlp_work);
  expect_near(call.value(loss), mlp_value_of(call, work.data()), 1e-4);
}
void mlp_value_by_hand(benchmark::State& state) {
  Call call(mlp(), "evaluate");
  std::vector<float> work(mlp_work);
  for (auto _ : state) benchmark::DoNotOptimize(mlp_value_of(call, work.data()));
}
void mlp_gradient_gradc(benchmark::State& state) {
  Call call(mlp(), "gradient");
  for (auto _ : state) call.run();
  std::vector<float> work(mlp_work), g(mlp_params);
  expect_near(call.value(loss), mlp_gradient_of(call, g.data(), work.data()), 1e-4);
  expect_gradients(call, g.data(), 1e-3);
}
void mlp_gradient_by_hand(benchmark::State& state) {
  Call call(mlp(), "gradient");
  std::vector<float> work(mlp_work), g(mlp_params);
  for (auto _ : state) benchmark::DoNotOptimize(mlp_gradient_of(call, g.data(), work.data()));
}

// By the clock.
void mlp_gradient_in_threads(benchmark::State& state) {
  Call call(mlp(), "gradient", static_cast<int>(state.range(0)));
  set_threads(static_cast<int>(state.range(1)));
  call.use(thread_pool());
  for (auto _ : state) call.run();
}

BENCHMARK(hidden_value_gradc)->Name("hidden/value/gradc");
BENCHMARK(hidden_value_by_hand)->Name("hidden/value/by_hand");
BENCHMARK(hidden_gradient_gradc)->Name("hidden/gradient/gradc");
BENCHMARK(hidden_gradient_by_hand)->Name("hidden/gradient/by_hand");
BENCHMARK(mlp_value_gradc)->Name("mlp/value/gradc");
BENCHMARK(mlp_value_by_hand)->Name("mlp/value/by_hand");
BENCHMARK(mlp_gradient_gradc)->Name("mlp/gradient/gradc");
BENCHMARK(mlp_gradient_by_hand)->Name("mlp/gradient/by_hand");
BENCHMARK(mlp_gradient_in_threads)
    ->Name("mlp/threads")
    ->ArgsProduct({{batch, large_batch}, {1, 2}})
    ->ArgNames({"batch", "threads"})
    ->UseRealTime();

}  // namespace
}  // namespace gradc::bench
