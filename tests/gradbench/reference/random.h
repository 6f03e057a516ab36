// Numbers for generated inputs, the same on every machine: the standard fixes the generator but not its
// distributions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace gradc::reference {

class Random {
 public:
  explicit Random(std::uint64_t seed) : bits_(seed) {}
  double uniform(double low = 0, double high = 1) {
    return low + (high - low) * static_cast<double>(bits_() >> 11) * 0x1p-53;
  }
  // Box and Muller, A note on the generation of random normal deviates, 1958.
  double normal() {
    const double u = 1 - uniform(), angle = 2 * 3.141592653589793 * uniform();
    return std::sqrt(-2 * std::log(u)) * std::cos(angle);
  }
  std::size_t below(std::size_t n) { return bits_() % n; }
  std::vector<double> uniforms(std::size_t n, double low = 0, double high = 1) {
    std::vector<double> v(n);
    for (double& x : v) x = uniform(low, high);
    return v;
  }
  std::vector<double> normals(std::size_t n) {
    std::vector<double> v(n);
    for (double& x : v) x = normal();
    return v;
  }

 private:
  std::mt19937_64 bits_;
};

}  // namespace gradc::reference
