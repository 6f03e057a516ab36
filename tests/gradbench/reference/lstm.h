// A language model of long short-term memory whose weights are diagonal, and the gradient of its loss by
// backpropagation through time, by hand. Hochreiter, Schmidhuber, Long short-term memory, 1997.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <vector>

namespace gradc::reference {

struct Lstm {
  std::size_t layers, characters, bits;
  std::vector<double> main;      // [layers][weights, biases][forget, in, out, change][bits]
  std::vector<double> extra;     // [w_in, w_out, b_out][bits]
  std::vector<double> state;     // [layers][hidden, cell][bits]
  std::vector<double> sequence;  // [characters][bits]
};

double lstm_value(const Lstm& in);
std::vector<double> lstm_gradient(const Lstm& in);  // by main, then by extra

}  // namespace gradc::reference
