// The two networks that stand for small and large models wherever tests need one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <fmt/format.h>

#include <string>

namespace gradc::test {

// One hidden layer of sigmoids, squared error.
inline std::string hidden_layer(int inputs = 3, int units = 8) {
  return fmt::format(R"(
dim D = {}, H = {}
input  x[D]
target y
param  w0[D, H] init glorot_uniform
param  b0[H]    init 0
param  w1[H]    init glorot_uniform
param  b1       init 0
z0[h] = sum(d) x[d] * w0[d, h] + b0[h]
a0    = sigmoid(z0)
z1    = sum(h) a0[h] * w1[h] + b1
E     = 1/2 * (z1 - y)^2
minimize E
)",
                     inputs, units);
}

// A classifier with matrix products that are large enough for tiles.
inline constexpr const char* classifier = R"(
dim D = 40, H = 24, K = 10
input  x[D]
target label in K
param  w0[D, H] init glorot_uniform
param  b0[H] init 0
param  w1[H, K] init glorot_uniform
param  b1[K] init 0
a[h] = relu(sum(d) x[d] * w0[d, h] + b0[h])
z[k] = sum(h) a[h] * w1[h, k] + b1[k]
E = logsumexp(k) z[k] - z[label]
minimize E
)";

}  // namespace gradc::test
