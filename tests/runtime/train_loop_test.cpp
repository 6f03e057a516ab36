// The training loop on a model that was compiled by hand.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/train_loop.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstring>

#include "runtime/interrupt.h"
#include "runtime/random.h"
#include "tests/runtime/linear_model.h"

namespace gradc {
namespace {

constexpr double true_w[] = {1.5, -2, 0.25};

Dataset make_data(std::int64_t n) {
  Dataset data;
  data.examples = n;
  data.columns = {{"x", HostArray(Storage::f64, {n, 3})}, {"y", HostArray(Storage::f64, {n})}};
  const RandomStream random(11, "data");
  for (std::int64_t i = 0; i < n; ++i) {
    double y = 0.5;
    for (std::int64_t d = 0; d < 3; ++d) {
      const double x = random.normal(static_cast<std::uint64_t>(3 * i + d));
      data.columns[0].array.set_value(3 * i + d, x);
      y += x * true_w[d];
    }
    data.columns[1].array.set_value(i, y);
  }
  return data;
}

std::vector<NamedArray> make_params() {
  return {{"w", HostArray(Storage::f64, {3})}, {"b", HostArray(Storage::f64, {})}};
}

std::vector<double> flatten(const std::vector<NamedArray>& params) {
  std::vector<double> values;
  for (const NamedArray& param : params)
    for (std::int64_t i = 0; i < param.array.size(); ++i) values.push_back(param.array.value(i));
  return values;
}

class TrainTest : public testing::Test {
 protected:
  TrainTask task() const { return {&linear_model::plain, {{"D", 3}}, {}, &data_}; }
  Dataset data_ = make_data(101);
  std::vector<NamedArray> params_ = make_params();
  TrainOptions options_ = {.optimizer = {"sgd", {{"rate", 0.1}}}, .batch = 16, .epochs = 40, .seed = 7};
};

TEST_F(TrainTest, FindsTheLine) {
  const TrainResult result = train(task(), params_, options_);
  EXPECT_EQ(result.end, TrainEnd::finished) << render(result.diagnostics, {});
  const std::vector<double> values = flatten(params_);
  for (int d = 0; d < 3; ++d) EXPECT_NEAR(values[static_cast<std::size_t>(d)], true_w[d], 1e-8);
  EXPECT_NEAR(values[3], 0.5, 1e-8);
  ASSERT_EQ(result.history.size(), 40U);
  EXPECT_LT(result.history.back().train.loss, 1e-12);
  EXPECT_GT(result.history.front().train.loss, result.history.back().train.loss);
  EXPECT_EQ(result.steps, 40 * 7);  // 101 examples are six batches of 16 and one of 5
  EXPECT_EQ(result.metrics, std::vector<std::string>{"error"});
  EXPECT_EQ(result.loss, "E");
}

TEST_F(TrainTest, TheSameSeedGivesTheSameBits) {
  std::vector<NamedArray> again = make_params(), other = make_params();
  options_.epochs = 3;
  train(task(), params_, options_);
  train(task(), again, options_);
  EXPECT_EQ(flatten(params_), flatten(again));
  options_.seed = 8;
  train(task(), other, options_);
  EXPECT_NE(flatten(params_), flatten(other));
}

// One epoch by hand: two whole batches and a rest, in the order of the file, each with its own mean.
TEST_F(TrainTest, ThePartialBatchIsOrdinary) {
  data_ = make_data(7);
  options_.batch = 3;
  options_.epochs = 1;
  options_.shuffle = false;
  const TrainResult result = train(task(), params_, options_);
  double w[3] = {}, b = 0, loss = 0;
  for (std::int64_t begin = 0; begin < 7; begin += 3) {
    const std::int64_t n = std::min<std::int64_t>(3, 7 - begin);
    double dw[3] = {}, db = 0;
    for (std::int64_t i = begin; i < begin + n; ++i) {
      double r = b - data_.columns[1].array.value(i);
      for (int d = 0; d < 3; ++d) r += w[d] * data_.columns[0].array.value(3 * i + d);
      loss += r * r / 2, db += r;
      for (int d = 0; d < 3; ++d) dw[d] += r * data_.columns[0].array.value(3 * i + d);
    }
    for (int d = 0; d < 3; ++d) w[d] -= 0.1 * (dw[d] / static_cast<double>(n));
    b -= 0.1 * (db / static_cast<double>(n));
  }
  const std::vector<double> values = flatten(params_);
  for (int d = 0; d < 3; ++d) EXPECT_DOUBLE_EQ(values[static_cast<std::size_t>(d)], w[d]);
  EXPECT_DOUBLE_EQ(values[3], b);
  EXPECT_DOUBLE_EQ(result.history[0].train.loss, loss / 7);
}

// w stays at a fixed point of mean(r x) + 2 λ w: the penalty is added once, whatever the batch.
TEST_F(TrainTest, ThePenaltyIsAddedOnce) {
  std::vector<NamedArray> consts = {{"lambda", HostArray(Storage::f64, {})}};
  consts[0].array.set_value(0, 0.3);
  TrainTask with_penalty = task();
  with_penalty.model = &linear_model::with_penalty;
  with_penalty.consts = consts;
  options_.batch = 101;
  options_.epochs = 600;
  const TrainResult result = train(with_penalty, params_, options_);
  ASSERT_EQ(result.end, TrainEnd::finished);
  const std::vector<double> values = flatten(params_);
  for (int d = 0; d < 3; ++d) {
    double mean = 0;
    for (std::int64_t i = 0; i < 101; ++i) {
      double r = values[3] - data_.columns[1].array.value(i);
      for (int e = 0; e < 3; ++e)
        r += values[static_cast<std::size_t>(e)] * data_.columns[0].array.value(3 * i + e);
      mean += r * data_.columns[0].array.value(3 * i + d) / 101;
    }
    EXPECT_NEAR(mean + 2 * 0.3 * values[static_cast<std::size_t>(d)], 0, 1e-12);
  }
  EXPECT_TRUE(result.has_penalty);
  EXPECT_NEAR(result.history.back().penalty,
              0.3 * (values[0] * values[0] + values[1] * values[1] + values[2] * values[2]), 1e-9);
}

TEST_F(TrainTest, SomeExamplesAreKeptForValidation) {
  options_.validation = 0.2;
  const TrainResult result = train(task(), params_, options_);
  ASSERT_TRUE(result.history.back().validation);
  EXPECT_LT(result.history.back().validation->loss, 1e-10);
  EXPECT_EQ(result.history.back().validation->metrics.size(), 1U);
  EXPECT_EQ(result.steps, 40 * 6);  // 81 examples
}

TEST_F(TrainTest, ALossThatIsNotFiniteEndsTraining) {
  options_.optimizer = {"sgd", {{"rate", 1e200}}};
  const TrainResult result = train(task(), params_, options_);
  EXPECT_EQ(result.end, TrainEnd::failed);
  EXPECT_EQ(render(result.diagnostics, {}),
            "error: `E` is inf in step 2 of epoch 1 [E543]\n"
            "   = help: the parameters of the beginning of epoch 1 are kept; try a smaller rate\n");
  EXPECT_EQ(flatten(params_), (std::vector<double>{0, 0, 0, 0}));
}

TEST_F(TrainTest, ASignalEndsTrainingAfterTheStep) {
  const InterruptGuard guard;
  const TrainResult result = train(task(), params_, options_, {.on_step = [](const StepProgress& progress) {
                                     if (progress.epoch == 2 && progress.examples_done == 32)
                                       std::raise(SIGINT);
                                   }});
  EXPECT_EQ(result.end, TrainEnd::interrupted);
  EXPECT_EQ(result.steps, 9);
  EXPECT_EQ(result.history.size(), 1U);
  EXPECT_EQ(interrupt_signal(), SIGINT);
}

TEST_F(TrainTest, SettingsAreChecked) {
  const auto message = [&](TrainOptions options) {
    return render(train(task(), params_, options).diagnostics, {});
  };
  EXPECT_EQ(message({.batch = 0}),
            "error: `batch` is 0 [E542]\n   = help: a batch has at least one example\n");
  EXPECT_EQ(
      message({.epochs = -1, .validation = 1}),
      "error: `epochs` is -1 [E542]\n   = help: it is at least 0\n"
      "error: `validation` is 1 [E542]\n   = help: it is a part of the examples, from 0 to less than 1\n");
  EXPECT_EQ(message({.validation = 0.999}),
            "error: no example of 101 is left to learn from [E518]\n   = help: make `validation` smaller\n");
}

TEST_F(TrainTest, PredictionsDoNotDependOnTheBatch) {
  train(task(), params_, options_);
  const ModelInstance instance = {&linear_model::plain, {{"D", 3}}, {}, params_};
  const auto one = predict(instance, data_, 101), parts = predict(instance, data_, 8);
  ASSERT_TRUE(one && parts);
  EXPECT_EQ((*one)[0].name, "z");
  EXPECT_EQ((*one)[0].array.shape(), Shape{101});
  for (std::int64_t i = 0; i < 101; ++i) {
    EXPECT_EQ((*one)[0].array.value(i), (*parts)[0].array.value(i));
    EXPECT_NEAR((*one)[0].array.value(i), data_.columns[1].array.value(i), 1e-7);
  }
  const auto scores = evaluate(instance, data_, 8);
  ASSERT_TRUE(scores);
  EXPECT_LT(scores->loss, 1e-15);
}

// Minimised as it stands: (w - 3)², one step an epoch.
TEST(Train, AModelWithoutInputsTakesOneStepAnEpoch) {
  static constexpr gradc_array_info arrays[] = {
      {"w", "w", GRADC_PARAM, GRADC_F32, 0, nullptr, linear_model::none, -1, nullptr},
      {"E", "E", GRADC_LOSS, GRADC_F64, 0, nullptr, linear_model::none, -1, nullptr},
      {"d_w", "d_w", GRADC_GRADIENT, GRADC_F32, 0, nullptr, linear_model::none, 0}};
  static constexpr gradc_function_info function = {
      "gradient",
      [](const std::int64_t*, void* const* a, const std::int64_t* const*, void*, const gradc_pool*) -> std::int32_t {
        const float w = *static_cast<const float*>(a[0]);
        *static_cast<double*>(a[1]) = (w - 3.0) * (w - 3.0);
        *static_cast<float*>(a[2]) = 2 * (w - 3);
        return GRADC_NOT_CONVERGED;
      },
      nullptr,
      0,
      nullptr,
      -1,
      3,
      arrays};
  const gradc_model_info model = {GRADC_ABI_VERSION, "bowl", GRADC_F32, 1, &function};
  std::vector<NamedArray> params = {{"w", HostArray(Storage::f32, {})}};
  const TrainTask task = {.model = &model};
  const TrainResult result = train(task, params, {.optimizer = {"sgd", {{"rate", 0.25}}}, .epochs = 20});
  EXPECT_EQ(result.end, TrainEnd::finished);
  EXPECT_EQ(result.steps, 20);
  EXPECT_NEAR(params[0].array.value(0), 3, 1e-5);
  EXPECT_EQ(result.history[0].train.loss, 9);
  EXPECT_EQ(render(result.diagnostics, {}),
            "warning: `gradient` reports an `iterate` that did not converge [W545]\n");
}

// Parameters stay as they were when the compiled code could not compute the step.
TEST(Train, AFailureOfTheModelEndsTraining) {
  static constexpr gradc_function_info function = {
      "gradient",
      [](const std::int64_t*, void* const*, const std::int64_t* const*, void*, const gradc_pool*) -> std::int32_t {
        return GRADC_OUT_OF_RANGE;
      },
      nullptr,
      0,
      nullptr,
      -1,
      0,
      nullptr};
  const gradc_model_info model = {GRADC_ABI_VERSION, "broken", GRADC_F64, 1, &function};
  std::vector<NamedArray> params;
  const TrainTask task = {.model = &model};
  const TrainResult result = train(task, params, {});
  EXPECT_EQ(result.end, TrainEnd::failed);
  EXPECT_EQ(result.steps, 0);
  EXPECT_EQ(render(result.diagnostics, {}), "error: `gradient` reports a subscript outside its dim [E544]\n");
}

TEST(Train, BytesBecomeNumbersInTheBatch) {
  Dataset data;
  data.examples = 3;
  data.columns = {{"x", HostArray(Storage::u8, {3, 3})}, {"y", HostArray(Storage::f64, {3})}};
  for (int i = 0; i < 9; ++i) data.columns[0].array.set_value(i, 28 * i);
  std::vector<NamedArray> params = make_params();
  params[0].array.set_value(2, 1);
  const auto result = predict({&linear_model::plain, {{"D", 3}}, {}, params}, data, 2);
  ASSERT_TRUE(result);
  EXPECT_EQ((*result)[0].array.value(2), 224);
}

}  // namespace
}  // namespace gradc
