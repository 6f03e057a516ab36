// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/recipes/gamma.h"

#include <vector>

#include "compiler/operators/recipes/logarithm.h"
#include "compiler/operators/recipes/trigonometric.h"

namespace gradc::recipe {

namespace {

constexpr double pi = 0x1.921fb54442d18p+1;
constexpr double bernoulli[] = {1.0 / 6,       -1.0 / 30,       1.0 / 42,       -1.0 / 30,
                                5.0 / 66,      -691.0 / 2730,   7.0 / 6,        -3617.0 / 510,
                                43867.0 / 798, -174611.0 / 330, 854513.0 / 138, -236364091.0 / 2730};

double factorial(int n) { return n < 2 ? 1 : n * factorial(n - 1); }

Lanes power(Lanes x, int n) {
  Lanes result = x;
  for (int i = 1; i < n; ++i) result = result * x;
  return result;
}

// Σ 1/(x + i) for i < steps, an even number. Terms from both ends are added in pairs,
// 1/(x + i) + 1/(x + m − i) = (2x + m)/(x² + mx + i(m − i)) with m = steps − 1, but for the first: so the
// greatest, 1/x, is rounded once.
Lanes sum_of_reciprocals(Lanes x, int steps) {
  const int m = steps - 1;
  const Lanes both = x * (x + static_cast<double>(m));
  Lanes sum = x.constant(0);  // the least terms first
  for (int i = steps / 2; i-- > 1;) sum = sum + 1 / (both + static_cast<double>(i * (m - i)));
  return fma(sum, 2 * x + static_cast<double>(m), 1 / (x + static_cast<double>(m))) + 1 / x;
}

// |ψₙ| for x ≥ 10 + n: the asymptotic series.
Lanes far_to_the_right(int n, Lanes x) {
  std::vector<double> series;
  for (int k = 1; k <= 12; ++k) {
    double rising = 1;  // (2k + n − 1)! / (2k)!
    for (int i = 2 * k + 1; i < 2 * k + n; ++i) rising *= i;
    series.push_back(bernoulli[k - 1] * (n == 0 ? 1.0 / (2 * k) : rising));
  }
  const Lanes w = 1 / (x * x);
  const Lanes rest = w * polynomial(w, series);
  if (n == 0) return log(x) - (0.5 / x + rest);
  Lanes result = factorial(n - 1) + (0.5 * factorial(n) / x + rest);
  for (int i = 0; i < n; ++i) result = result / x;  // xⁿ may overflow where this does not underflow
  return result;
}

// |ψₙ(x)| for x > 0, but for the sign of ψ₀.
Lanes to_the_right(int n, Lanes x) {
  const int steps = 10 + n;
  const Lanes stepped = x < static_cast<double>(steps);
  const Lanes series = far_to_the_right(n, where(stepped, x + static_cast<double>(steps), x));
  const Lanes from = where(stepped, x, 1);
  if (n == 0) return series - where(stepped, sum_of_reciprocals(from, steps), 0);
  Lanes sum = x.constant(0);  // the least terms first
  for (int i = steps; i-- > 0;) sum = sum + 1 / power(from + static_cast<double>(i), n + 1);
  return series + where(stepped, factorial(n) * sum, 0);
}

// dⁿ/dxⁿ π cot πx, a polynomial in c = cot πx, since c' = −π(1 + c²).
Lanes cotangent_derivative(int n, Lanes x) {
  const Lanes rest = x - rint(x);
  const Lanes size = abs(rest);
  const Lanes steep = size > 0.25;
  const Pair s = sin_and_cos_of_small(pi * where(steep, 0.5 - size, size));
  const Lanes c = copysign(where(steep, s.high, s.low) / where(steep, s.low, s.high), rest);
  std::vector<double> p = {0, pi};
  for (int k = 0; k < n; ++k) {
    std::vector<double> next(p.size() + 1);
    for (std::size_t i = 1; i < p.size(); ++i) {
      next[i - 1] -= pi * static_cast<double>(i) * p[i];
      next[i + 1] -= pi * static_cast<double>(i) * p[i];
    }
    p = next;
  }
  return polynomial(c, p);
}

}  // namespace

Lanes lgamma(Lanes x) { return call("lgamma", {x}); }

Lanes polygamma(int n, Lanes x) {
  const Lanes negative = x < 0;
  const Lanes value = to_the_right(n, where(negative, 1 - x, x));
  const Lanes signed_value = n == 0 || n % 2 == 1 ? value : -value;
  const Lanes mirrored = (n % 2 == 0 ? signed_value : -signed_value) - cotangent_derivative(n, x);
  const Lanes result = where(negative, mirrored, signed_value);
  const Lanes at_pole = (x <= 0) & (floor(x) == x);
  // Of even order a pole has a limit from both sides.
  const Lanes pole = where(x == -infinite, undefined, n % 2 == 1 ? infinite : undefined, x);
  return where(at_pole, pole, n == 0 ? result : where(x == infinite, 0, result));
}
Lanes digamma(Lanes x) { return polygamma(0, x); }
Lanes trigamma(Lanes x) { return polygamma(1, x); }

}  // namespace gradc::recipe
