// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/random.h"

#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace gradc {
namespace {

std::uint32_t low(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
std::uint32_t high(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); }

std::uint64_t splitmix64(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  return hash;
}

}  // namespace

PhiloxCounter philox4x32_10(PhiloxCounter c, PhiloxKey k) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53} * c[0];
    const std::uint64_t p1 = std::uint64_t{0xCD9E8D57} * c[2];
    c = {high(p1) ^ c[1] ^ k[0], low(p1), high(p0) ^ c[3] ^ k[1], low(p0)};
    k[0] += 0x9E3779B9;  // the golden ratio, and √3 - 1
    k[1] += 0xBB67AE85;
  }
  return c;
}

RandomStream::RandomStream(std::uint64_t seed, std::string_view name, std::uint64_t step)
    : key_{low(seed), high(seed)}, stream_(splitmix64(fnv1a(name) ^ splitmix64(step))) {}

PhiloxCounter RandomStream::block(std::uint64_t position) const {
  return philox4x32_10({low(position), high(position), low(stream_), high(stream_)}, key_);
}

std::uint64_t RandomStream::bits(std::uint64_t position) const {
  const PhiloxCounter block = this->block(position / 2);
  const std::size_t half = 2 * (position % 2);
  return block[half] | std::uint64_t{block[half + 1]} << 32;
}

double RandomStream::uniform(std::uint64_t position) const {
  return static_cast<double>(bits(position) >> 11) * 0x1p-53;
}

std::array<double, 2> RandomStream::normal_pair(std::uint64_t k) const {
  const PhiloxCounter block = this->block(k);
  const std::uint64_t first = block[0] | std::uint64_t{block[1]} << 32;
  const std::uint64_t second = block[2] | std::uint64_t{block[3]} << 32;
  const double u = (static_cast<double>(first >> 11) + 1) * 0x1p-53;  // in (0, 1]: its logarithm is finite
  const double radius = std::sqrt(-2 * std::log(u));
  const double angle = 2 * std::numbers::pi * (static_cast<double>(second >> 11) * 0x1p-53);
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

std::vector<std::int64_t> permutation(std::int64_t n, const RandomStream& stream) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  std::uint64_t position = 0;
  for (std::uint64_t left = static_cast<std::uint64_t>(n); left > 1; --left) {
    // A number below `left`: the upper half of 64 random bits times it; the few bit patterns that would
    // favour some results are drawn again.
    unsigned __int128 product = static_cast<unsigned __int128>(stream.bits(position++)) * left;
    if (static_cast<std::uint64_t>(product) < left) {
      const std::uint64_t rejected = (0 - left) % left;
      while (static_cast<std::uint64_t>(product) < rejected)
        product = static_cast<unsigned __int128>(stream.bits(position++)) * left;
    }
    std::swap(order[left - 1], order[static_cast<std::uint64_t>(product >> 64)]);
  }
  return order;
}

}  // namespace gradc
