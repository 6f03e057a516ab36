// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/gradbench/reference/lstm.h"

#include <cmath>

namespace gradc::reference {
namespace {

enum Gate { forget, in, out, change };

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// What one layer computed in one step, for each bit.
struct Unit {
  double y, hidden, cell;          // what came in: from below, and from the step before
  double gate[4], next, squashed;  // the gates, the new cell, and its tanh
};

// A layer's step at one bit; the new hidden value is gate[out] * squashed.
Unit step(const double* weights, const double* biases, std::size_t bits, double y, double hidden,
          double cell) {
  const auto sum = [&](Gate g, double of) { return of * weights[g * bits] + biases[g * bits]; };
  Unit u{y, hidden, cell, {}, 0, 0};
  u.gate[forget] = sigmoid(sum(forget, y));
  u.gate[in] = sigmoid(sum(in, hidden));
  u.gate[out] = sigmoid(sum(out, y));
  u.gate[change] = std::tanh(sum(change, hidden));
  u.next = cell * u.gate[forget] + u.gate[in] * u.gate[change];
  u.squashed = std::tanh(u.next);
  return u;
}

class Network {
 public:
  explicit Network(const Lstm& given)
      : given_(given),
        b_(given.bits),
        state_(given.state),
        y_(given.bits),
        units_(given.layers * given.bits) {}

  // Step t; afterwards units() tells what happened, and y() is what the topmost layer gave.
  void advance(std::size_t t) {
    for (std::size_t i = 0; i < b_; ++i) y_[i] = given_.sequence[t * b_ + i] * given_.extra[i];
    for (std::size_t l = 0; l < given_.layers; ++l)
      for (std::size_t i = 0; i < b_; ++i) {
        double &hidden = state_[2 * l * b_ + i], &cell = state_[(2 * l + 1) * b_ + i];
        const double* weights = &given_.main[8 * l * b_ + i];
        const Unit u = step(weights, weights + 4 * b_, b_, y_[i], hidden, cell);
        units_[l * b_ + i] = u;
        cell = u.next;
        y_[i] = hidden = u.gate[out] * u.squashed;
      }
  }
  const std::vector<double>& y() const { return y_; }
  const std::vector<Unit>& units() const { return units_; }

 private:
  const Lstm& given_;
  std::size_t b_;
  std::vector<double> state_, y_;
  std::vector<Unit> units_;
};

double scale(const Lstm& given) { return -1 / static_cast<double>((given.characters - 1) * given.bits); }

// What the output layer adds to the total for a step, and the shares of 2 + sum exp if wanted.
double score(const Lstm& given, std::size_t t, const std::vector<double>& y, double* shares) {
  const std::size_t b = given.bits;
  std::vector<double> z(b);
  double sum = 2, total = 0;
  for (std::size_t i = 0; i < b; ++i)
    sum += std::exp(z[i] = y[i] * given.extra[b + i] + given.extra[2 * b + i]);
  for (std::size_t i = 0; i < b; ++i) {
    total += given.sequence[(t + 1) * b + i] * (z[i] - std::log(sum));
    if (shares) shares[i] = std::exp(z[i]) / sum;
  }
  return total;
}

}  // namespace

double lstm_value(const Lstm& given) {
  Network network(given);
  double total = 0;
  for (std::size_t t = 0; t + 1 < given.characters; ++t) {
    network.advance(t);
    total += score(given, t, network.y(), nullptr);
  }
  return total * scale(given);
}

std::vector<double> lstm_gradient(const Lstm& given) {
  const std::size_t b = given.bits, L = given.layers, steps = given.characters - 1;
  std::vector<std::vector<Unit>> units;
  std::vector<std::vector<double>> tops, shares;
  Network network(given);
  for (std::size_t t = 0; t < steps; ++t) {
    network.advance(t);
    units.push_back(network.units());
    tops.push_back(network.y());
    shares.emplace_back(b);
    score(given, t, tops.back(), shares.back().data());
  }
  std::vector<double> gradient(8 * L * b + 3 * b), by_state(2 * L * b), by_y(b);
  double* by_extra = gradient.data() + 8 * L * b;
  for (std::size_t t = steps; t-- > 0;) {
    double ones = 0;
    for (std::size_t i = 0; i < b; ++i) ones += given.sequence[(t + 1) * b + i];
    for (std::size_t i = 0; i < b; ++i) {
      const double by_z = scale(given) * (given.sequence[(t + 1) * b + i] - ones * shares[t][i]);
      by_extra[b + i] += by_z * tops[t][i];
      by_extra[2 * b + i] += by_z;
      by_y[i] = by_z * given.extra[b + i];
    }
    for (std::size_t l = L; l-- > 0;)
      for (std::size_t i = 0; i < b; ++i) {
        const Unit& u = units[t][l * b + i];
        const double* weights = &given.main[8 * l * b + i];
        double &by_hidden = by_state[2 * l * b + i], &by_cell = by_state[(2 * l + 1) * b + i];
        const double of_h = by_y[i] + by_hidden;
        const double by_next = by_cell + of_h * u.gate[out] * (1 - u.squashed * u.squashed);
        double by_sum[4];
        by_sum[forget] = by_next * u.cell * u.gate[forget] * (1 - u.gate[forget]);
        by_sum[in] = by_next * u.gate[change] * u.gate[in] * (1 - u.gate[in]);
        by_sum[out] = of_h * u.squashed * u.gate[out] * (1 - u.gate[out]);
        by_sum[change] = by_next * u.gate[in] * (1 - u.gate[change] * u.gate[change]);
        for (std::size_t g = 0; g < 4; ++g) {
          gradient[(8 * l + g) * b + i] += by_sum[g] * (g == in || g == change ? u.hidden : u.y);
          gradient[(8 * l + 4 + g) * b + i] += by_sum[g];
        }
        by_hidden = by_sum[in] * weights[in * b] + by_sum[change] * weights[change * b];
        by_cell = by_next * u.gate[forget];
        by_y[i] = by_sum[forget] * weights[forget * b] + by_sum[out] * weights[out * b];
      }
    for (std::size_t i = 0; i < b; ++i) by_extra[i] += by_y[i] * given.sequence[t * b + i];
  }
  return gradient;
}

}  // namespace gradc::reference
