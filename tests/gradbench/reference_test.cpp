// The references' derivatives against differences of their own values, and against what is known of them:
// neither involves gradc. // SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numeric>

#include "tests/gradbench/reference/det.h"
#include "tests/gradbench/reference/hello.h"
#include "tests/gradbench/reference/inputs.h"
#include "tests/gradbench/reference/llsq.h"
#include "tests/gradbench/reference/lse.h"
#include "tests/gradbench/reference/ode.h"
#include "tests/gradbench/reference/particle.h"
#include "tests/gradbench/reference/saddle.h"

namespace gradc::reference {
namespace {

// Central differences with Richardson's step: the error is h⁴ of the fifth derivative, and rounding over h,
// which meet near 1e-10 of the values that are subtracted at h = 1e-3 of x.
double difference(const std::function<double()>& f, double& x, double relative = 1e-3) {
  const double at = x, h = relative * std::max(1.0, std::abs(x));
  const auto slope = [&](double step) {
    x = at + step;
    const double above = f();
    x = at - step;
    const double below = f();
    x = at;
    return (above - below) / (2 * step);
  };
  return (4 * slope(h / 2) - slope(h)) / 3;
}

void expect_gradient(const std::vector<double>& gradient, std::vector<double>& x,
                     const std::function<double()>& f) {
  ASSERT_EQ(gradient.size(), x.size());
  const double scale = std::abs(f());
  for (std::size_t i = 0; i < x.size(); ++i) {
    EXPECT_NE(gradient[i], 0) << "at " << i;
    EXPECT_NEAR(gradient[i], difference(f, x[i]), 1e-7 * std::abs(gradient[i]) + 1e-10 * scale) << "at " << i;
  }
}

std::vector<double> piece(const std::vector<double>& of, std::size_t from, std::size_t size) {
  const auto begin = of.begin() + static_cast<std::ptrdiff_t>(from);
  return {begin, begin + static_cast<std::ptrdiff_t>(size)};
}

TEST(reference, hello) { EXPECT_EQ(square_derivative(3), 6); }

TEST(reference, gmm) {
  Gmm in = make_gmm(3, 4, 6);
  in.gamma = 1.2;
  in.m = 2;
  const GmmGradient g = gmm_gradient(in);
  const auto f = [&] { return gmm_value(in); };
  expect_gradient(g.alpha, in.alpha, f);
  expect_gradient(g.mu, in.mu, f);
  expect_gradient(g.q, in.q, f);
  expect_gradient(g.l, in.l, f);
}

TEST(reference, lstm) {
  Lstm in = make_lstm(2, 6, 3);
  const std::vector<double> g = lstm_gradient(in);
  const auto f = [&] { return lstm_value(in); };
  expect_gradient(piece(g, 0, in.main.size()), in.main, f);
  expect_gradient(piece(g, in.main.size(), in.extra.size()), in.extra, f);
}

TEST(reference, kmeans) {
  Kmeans in = make_kmeans(3, 12, 2);
  const std::vector<double> direction = kmeans_direction(in);
  const auto f = [&] { return kmeans_cost(in); };
  for (std::size_t i = 0; i < direction.size(); ++i) {
    // The cost is a square along each coordinate, so that these differences are exact but for rounding.
    const double at = in.centroid[i], h = 1e-3, middle = f();
    in.centroid[i] = at + h;
    const double above = f();
    in.centroid[i] = at - h;
    const double below = f();
    in.centroid[i] = at;
    EXPECT_NEAR(direction[i], (above - below) / 2 / h / ((above - 2 * middle + below) / h / h), 1e-8);
  }
}

TEST(reference, det) {
  EXPECT_EQ(det_value({1, 2, 3, 4}, 2), -2);
  std::vector<double> a = make_uniform(25);
  expect_gradient(det_gradient(a, 5), a, [&] { return det_value(a, 5); });
}

TEST(reference, llsq) {
  std::vector<double> x = make_uniform(6);
  expect_gradient(llsq_gradient(x, 9), x, [&] { return llsq_value(x, 9); });
}

TEST(reference, lse) {
  std::vector<double> x = make_uniform(40);
  const std::vector<double> g = lse_gradient(x);
  expect_gradient(g, x, [&] { return lse_value(x); });
  EXPECT_NEAR(std::accumulate(g.begin(), g.end(), 0.0), 1, 1e-14);
}

TEST(reference, ode) {
  for (std::size_t n : {3, 8}) {
    std::vector<double> x = make_uniform(n);
    expect_gradient(ode_gradient(x, 2), x, [&] { return ode_value(x, 2).back(); });
  }
}

TEST(reference, ba) {
  // Without a rotation too, where the axis has no direction; nothing is replicated here.
  for (double turn : {0.0, 1.0}) {
    Ba in = make_ba(2, 3, 5);
    for (std::size_t i = 0; i < in.camera.size(); ++i)
      in.camera[i] *= i % 11 < 3 ? turn : 1 + 0.01 * static_cast<double>(i);
    for (std::size_t i = 0; i < in.point.size(); ++i) in.point[i] *= 1 + 0.01 * static_cast<double>(i);
    const Csr jacobian = ba_csr(in);
    ASSERT_EQ(jacobian.vals.size(), 31 * in.observations);
    const std::size_t rows = 3 * in.observations;
    const auto values = [&] {
      std::vector<double> v(rows);
      ba_value(in, v.data(), v.data() + 2 * in.observations);
      return v;
    };
    std::vector<double*> x;
    for (double& e : in.camera) x.push_back(&e);
    for (double& e : in.point) x.push_back(&e);
    for (double& e : in.weight) x.push_back(&e);
    for (std::size_t column = 0; column < x.size(); ++column) {
      if (turn == 0 && column < in.camera.size() && column % 11 < 3) continue;  // the choice would be crossed
      for (std::size_t row = 0; row < rows; ++row) {
        double entry = 0;
        for (auto k = jacobian.rows[row]; k < jacobian.rows[row + 1]; ++k)
          if (jacobian.cols[static_cast<std::size_t>(k)] == static_cast<std::int64_t>(column))
            entry += jacobian.vals[static_cast<std::size_t>(k)];
        EXPECT_NEAR(entry, difference([&] { return values()[row]; }, *x[column]), 1e-8)
            << row << ", " << column;
      }
    }
  }
}

TEST(reference, ht) {
  for (bool complicated : {false, true}) {
    Ht in = make_ht(12, 4, complicated);
    const std::vector<double> jacobian = ht_jacobian(in);
    const std::size_t own = complicated ? 2 : 0, columns = 26 + own;
    for (std::size_t row = 0; row < 3 * in.points; ++row)
      for (std::size_t column = 0; column < columns; ++column) {
        double& x = column < own ? in.us[2 * (row / 3) + column] : in.theta[column - own];
        EXPECT_NEAR(jacobian[row * columns + column], difference([&] { return ht_value(in)[row]; }, x), 1e-8)
            << row << ", " << column;
      }
  }
}

// The numbers that the suite itself expects.
TEST(reference, particle) {
  double w = 0.2;  // the flight is long, and bends sharply with w
  const double derivative = fly(w).by_w;
  EXPECT_NEAR(derivative, difference([&] { return fly(w).square; }, w, 1e-5), 1e-6 * std::abs(derivative));
  EXPECT_NEAR(particle(0), 0.2071918746486116, 1e-12);
}

TEST(reference, saddle) {
  for (double x : saddle({1, 1})) EXPECT_NEAR(x, 8.246324826140356e-06, 1e-18);
}

}  // namespace
}  // namespace gradc::reference
