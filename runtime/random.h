// Random numbers without a state: each is a function of (seed, name, step, position), the same on any machine
// and any number of threads. Philox4x32-10: Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as
// 1, 2, 3", SC 2011. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace gradc {

using PhiloxCounter = std::array<std::uint32_t, 4>;
using PhiloxKey = std::array<std::uint32_t, 2>;

PhiloxCounter philox4x32_10(PhiloxCounter counter, PhiloxKey key);

// The numbers of one name at one step. The key is the seed; the counter's halves are the position and a hash
// of name and step (FNV-1a, mixed by splitmix64: Steele, Lea & Flood, OOPSLA 2014).
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::string_view name, std::uint64_t step = 0);

  std::uint64_t bits(std::uint64_t position) const;
  double uniform(std::uint64_t position) const;  // in [0, 1): a multiple of 2^-53
  // Of the positions 2k and 2k + 1: Box & Muller, "A note on the generation of random normal deviates", 1958.
  std::array<double, 2> normal_pair(std::uint64_t k) const;
  double normal(std::uint64_t position) const { return normal_pair(position / 2)[position % 2]; }

 private:
  PhiloxCounter block(std::uint64_t position) const;

  PhiloxKey key_;
  std::uint64_t stream_;
};

// 0 … n-1 in random order, each order equally likely: Fisher & Yates, with Lemire's unbiased draws from a
// range
// ("Fast random integer generation in an interval", ACM TOMACS 2019).
std::vector<std::int64_t> permutation(std::int64_t n, const RandomStream& stream);

}  // namespace gradc
