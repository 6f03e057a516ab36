// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/noise.h"

#include <algorithm>
#include <array>

namespace gradc {
namespace {

template <class T>
void fill(const gradc_noise_info& noise, const RandomStream& stream, std::uint64_t first, std::span<T> out) {
  std::uint64_t position = first;
  switch (noise.distribution) {
    case GRADC_NORMAL:
      for (std::size_t i = 0; i < out.size();) {
        const std::array<double, 2> pair = stream.normal_pair(position / 2);
        for (std::size_t half = position % 2; half < 2 && i < out.size(); ++half, ++position)
          out[i++] = static_cast<T>(noise.a + noise.b * pair[half]);
      }
      return;
    case GRADC_UNIFORM:
      for (T& x : out) x = static_cast<T>(noise.a + (noise.b - noise.a) * stream.uniform(position++));
      return;
    case GRADC_BERNOULLI:
      for (T& x : out) x = stream.uniform(position++) < noise.a ? T{1} : T{0};
      return;
  }
  GRADC_UNREACHABLE("a distribution of abi.h was expected");
}

}  // namespace

RandomStream noise_stream(std::uint64_t seed, std::string_view name, std::uint64_t step) {
  return {seed, "noise " + std::string(name), step};
}

void draw(const gradc_noise_info& noise, const RandomStream& stream, std::uint64_t first, HostArray& array) {
  if (array.storage() == Storage::f32)
    fill(noise, stream, first, array.as<float>());
  else
    fill(noise, stream, first, array.as<double>());
}

NoiseFeeder::NoiseFeeder(BoundCall& call, std::uint64_t seed, std::int64_t capacity) : seed_(seed) {
  for (std::int32_t i = 0; i < call.info().n_arrays; ++i) {
    const gradc_array_info& info = call.info().arrays[i];
    if (info.role != GRADC_NOISE) continue;
    GRADC_CHECK(info.noise != nullptr, std::string("a distribution of `") + info.name + "` was expected");
    HostArray buffer = call.allocate(i, capacity);
    HostArray example(buffer.storage(), Shape(buffer.shape().begin() + 1, buffer.shape().end()));
    lanes_.push_back({&info, std::move(buffer), std::move(example)});
  }
}

void NoiseFeeder::feed(std::uint64_t step, std::span<const std::int64_t> examples) {
  for (Lane& lane : lanes_) {
    const RandomStream stream = noise_stream(seed_, lane.info->name, step);
    const auto width = static_cast<std::uint64_t>(lane.example.size());
    for (std::size_t n = 0; n < examples.size(); ++n) {
      draw(*lane.info->noise, stream, static_cast<std::uint64_t>(examples[n]) * width, lane.example);
      std::ranges::copy(
          lane.example.bytes(),
          lane.buffer.bytes().begin() + static_cast<std::ptrdiff_t>(n * lane.example.bytes().size()));
    }
  }
}

}  // namespace gradc
