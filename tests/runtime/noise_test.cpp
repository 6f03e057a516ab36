// Noise depends on (seed, step, example, name, position), and on nothing else.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/noise.h"

#include <gtest/gtest.h>

#include <cmath>

namespace gradc {
namespace {

constexpr gradc_extent extents[] = {{-1, 0}, {3, -1}};
constexpr gradc_noise_info normal = {GRADC_NORMAL, 1, 2}, bernoulli = {GRADC_BERNOULLI, 0.25, 0};
constexpr gradc_array_info table[] = {
    {"eps", "eps", GRADC_NOISE, GRADC_F64, 2, extents, {0, -1}, -1, &normal},
    {"m", "m", GRADC_NOISE, GRADC_F32, 1, extents, {0, -1}, -1, &bernoulli}};
constexpr const char* size_names[] = {"batch"};

std::vector<double> seen;
std::int32_t record(const std::int64_t* sizes, void* const* arrays, const std::int64_t* const*, void*, const gradc_pool*) {
  const auto* eps = static_cast<const double*>(arrays[0]);
  const auto* m = static_cast<const float*>(arrays[1]);
  for (std::int64_t n = 0; n < sizes[0]; ++n) {
    seen.insert(seen.end(), eps + 3 * n, eps + 3 * n + 3);
    seen.push_back(static_cast<double>(m[n]));
  }
  return GRADC_OK;
}
constexpr gradc_function_info function = {"record", record, nullptr, 1, size_names, 0, 2, table};

std::vector<double> drawn(std::uint64_t seed, std::uint64_t step, std::span<const std::int64_t> examples,
                          std::int64_t batch) {
  seen.clear();
  BoundCall call(function, {});
  NoiseFeeder noise(call, seed, batch);
  for (std::size_t at = 0; at < examples.size(); at += static_cast<std::size_t>(batch)) {
    const auto part = examples.subspan(at, std::min(static_cast<std::size_t>(batch), examples.size() - at));
    noise.feed(step, part);
    call.run(std::ssize(part));
  }
  return seen;
}

TEST(Noise, IsTheSameHoweverExamplesAreBatched) {
  const std::vector<std::int64_t> examples = {5, 0, 3, 9, 1}, one = {3};
  const std::vector<double> whole = drawn(7, 2, examples, 5);
  EXPECT_EQ(whole, drawn(7, 2, examples, 2));
  EXPECT_EQ(whole, drawn(7, 2, examples, 1));
  EXPECT_EQ(std::vector(whole.begin() + 8, whole.begin() + 12), drawn(7, 2, one, 1));
  EXPECT_NE(whole, drawn(8, 2, examples, 5));
  EXPECT_NE(whole, drawn(7, 3, examples, 5));
}

TEST(Noise, HasItsMoments) {
  constexpr std::int64_t n = 20'000;
  const auto moments = [&](const gradc_noise_info& info) {
    HostArray array(Storage::f64, {n});
    draw(info, noise_stream(1, "eps", 0), 0, array);
    double sum = 0, squares = 0;
    for (std::int64_t i = 0; i < n; ++i) sum += array.value(i);
    for (std::int64_t i = 0; i < n; ++i) squares += std::pow(array.value(i) - sum / n, 2);
    return std::pair(sum / n, squares / n);
  };
  const auto [mean, variance] = moments(normal);
  EXPECT_NEAR(mean, 1, 0.06);  // four deviations of the estimate
  EXPECT_NEAR(variance, 4, 0.16);
  const auto [p, spread] = moments(bernoulli);
  EXPECT_NEAR(p, 0.25, 0.0125);
  EXPECT_NEAR(spread, 0.1875, 0.007);
  const auto [middle, width] = moments({GRADC_UNIFORM, -1, 3});
  EXPECT_NEAR(middle, 1, 0.033);
  EXPECT_NEAR(width, 16.0 / 12, 0.04);
}

// A part of a stream is the same as that part of the whole, though normal numbers come in pairs.
TEST(Noise, CanBeginAnywhere) {
  HostArray whole(Storage::f64, {9}), part(Storage::f64, {4});
  draw(normal, noise_stream(3, "eps", 1), 0, whole);
  draw(normal, noise_stream(3, "eps", 1), 5, part);
  for (std::int64_t i = 0; i < 4; ++i) EXPECT_EQ(part.value(i), whole.value(5 + i));
}

}  // namespace
}  // namespace gradc
