// Trigonometric, hyperbolic, error and gamma functions of Precise numbers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cmath>
#include <vector>

#include "compiler/operators/precise_number.h"

namespace gradc {

namespace mp = boost::multiprecision;

namespace {

// x - k π/2 for the nearest k, and k mod 4. Doubles reach 2^1024, so π needs 309 digits more than the result.
using Wide = mp::number<mp::cpp_bin_float<450>, mp::et_off>;
struct Reduced {
  Number rest;
  int quadrant;
};
Reduced reduce(const Precise& x) {
  static const Wide half_pi = boost::math::constants::half_pi<Wide>();
  const Wide wide(number(x));
  const Wide k = mp::floor(wide / half_pi + Wide(0.5));
  const Wide quadrant = k - 4 * mp::floor(k / 4);
  return {Number(wide - k * half_pi), quadrant.convert_to<int>()};
}

Precise quarter_turns(const Reduced& r, int more) {
  switch ((r.quadrant + more) % 4) {
    case 0: return precise(mp::sin(r.rest));
    case 1: return precise(mp::cos(r.rest));
    case 2: return precise(-mp::sin(r.rest));
    default: return precise(-mp::cos(r.rest));
  }
}

// Tangent numbers by Brent & Harvey, "Fast computation of Bernoulli, tangent and secant numbers" (2013), fig.
// 1; B_2n = (-1)^(n-1) 2n T_n / (4^n (4^n - 1)).
std::vector<Number> bernoulli_numbers(int count) {
  std::vector<mp::cpp_int> t(static_cast<std::size_t>(count) + 1);
  t[1] = 1;
  for (int k = 2; k <= count; ++k) t[k] = (k - 1) * t[k - 1];
  for (int k = 2; k <= count; ++k)
    for (int j = k; j <= count; ++j) t[j] = (j - k) * t[j - 1] + (j - k + 2) * t[j];
  std::vector<Number> result(t.size());
  for (int n = 1; n <= count; ++n) {
    const mp::cpp_int four = mp::cpp_int(1) << (2 * n);
    result[n] = Number(t[n] * (2 * n)) / Number(four * (four - 1));
    if (n % 2 == 0) result[n] = -result[n];
  }
  return result;
}
const Number& bernoulli(int twice_n) {
  static const std::vector<Number> table = bernoulli_numbers(120);
  return table[static_cast<std::size_t>(twice_n / 2)];
}

// Where the asymptotic series are used: their smallest term is about e^(-2πx), 1e-150 here.
constexpr int far = 56;

// The n-th derivative of π cot(πx), by d/dx P(c) = -π (1 + c²) P'(c), c = cot πx.
Number cot_derivative(int n, const Number& x) {
  const Number pi = boost::math::constants::pi<Number>();
  const Number rest = x - mp::floor(x + Number(0.5));
  const Number c = mp::cos(pi * rest) / mp::sin(pi * rest);
  std::vector<Number> p = {0, pi};  // coefficients of powers of c
  for (int k = 0; k < n; ++k) {
    std::vector<Number> next(p.size() + 1);
    for (std::size_t i = 1; i < p.size(); ++i) {
      next[i - 1] -= pi * static_cast<int>(i) * p[i];
      next[i + 1] -= pi * static_cast<int>(i) * p[i];
    }
    p = next;
  }
  Number value = 0;
  for (std::size_t i = p.size(); i-- > 0;) value = value * c + p[i];
  return value;
}

}  // namespace

Precise sin(const Precise& x) {
  if (!isfinite(x)) return Precise::nan();
  return x == 0 ? x : quarter_turns(reduce(x), 0);
}
Precise cos(const Precise& x) { return isfinite(x) ? quarter_turns(reduce(x), 1) : Precise::nan(); }
Precise tan(const Precise& x) { return x == 0 ? x : sin(x) / cos(x); }

Precise asin(const Precise& x) {
  if (isnan(x) || fabs(x) > 1) return Precise::nan();
  return x == 0 ? x : atan2(x, sqrt((1 - x) * (1 + x)));
}
Precise acos(const Precise& x) {
  if (isnan(x) || fabs(x) > 1) return Precise::nan();
  return 2 * atan2(sqrt(1 - x), sqrt(1 + x));
}
Precise atan(const Precise& x) {
  if (isnan(x) || x == 0) return x;
  if (isinf(x)) return copysign(Precise::pi() / 2, x);
  return precise(mp::atan(number(x)));
}
Precise atan2(const Precise& y, const Precise& x) {
  if (isnan(x) || isnan(y)) return Precise::nan();
  const Precise pi = Precise::pi();
  if (y == 0) return signbit(x) ? copysign(pi, y) : y;
  if (isinf(x)) {
    const Precise size = isinf(y) ? (x > 0 ? pi / 4 : 3 * pi / 4) : (x > 0 ? Precise(0) : pi);
    return copysign(size, y);
  }
  if (x == 0 || isinf(y)) return copysign(pi / 2, y);
  const Precise base = fabs(y) < fabs(x) ? atan(fabs(y / x)) : pi / 2 - atan(fabs(x / y));
  return copysign(x > 0 ? base : pi - base, y);
}

Precise sinh(const Precise& x) {
  if (!isfinite(x) || x == 0) return x;
  if (fabs(x) > 100) return copysign(exp(fabs(x)) / 2, x);
  const Precise e = expm1(fabs(x));
  return copysign((e + e / (e + 1)) / 2, x);
}
Precise cosh(const Precise& x) { return (exp(x) + exp(-x)) / 2; }
Precise tanh(const Precise& x) {
  if (isnan(x) || x == 0) return x;
  if (fabs(x) > 1000) return copysign(1, x);
  const Precise e = expm1(2 * fabs(x));
  return copysign(e / (e + 2), x);
}
Precise asinh(const Precise& x) {
  if (!isfinite(x) || x == 0) return x;
  const Precise a = fabs(x);
  return copysign(log1p(a + a * a / (1 + sqrt(1 + a * a))), x);
}
Precise acosh(const Precise& x) {
  if (isnan(x) || x < 1) return Precise::nan();
  if (isinf(x)) return x;
  const Precise t = x - 1;
  return log1p(t + sqrt(2 * t + t * t));
}
Precise atanh(const Precise& x) {
  if (isnan(x) || fabs(x) > 1) return Precise::nan();
  if (x == 0) return x;
  if (fabs(x) == 1) return copysign(Precise::infinity(), x);
  return copysign(log1p(2 * fabs(x) / (1 - fabs(x))) / 2, x);
}

// DLMF 7.6.2, all terms of one sign: erf x = 2/√π e^(-x²) Σ 2^n x^(2n+1) / (1·3·…·(2n+1)).
Precise erf(const Precise& x) {
  if (isnan(x) || x == 0) return x;
  if (fabs(x) > 6) return copysign(1 - erfc(fabs(x)), x);
  const Precise square = x * x;
  Precise term = x, total = x;
  for (int n = 1; fabs(term) > fabs(total) * 1e-102; ++n) total += term *= 2 * square / (2 * n + 1);
  return 2 / sqrt(Precise::pi()) * exp(-square) * total;
}
// DLMF 7.9.1 as a continued fraction from its tail: √π e^(x²) erfc x = 1/(x + (1/2)/(x + 1/(x + (3/2)/(x +
// …)))).
Precise erfc(const Precise& x) {
  if (isnan(x)) return x;
  if (x < 4) return 1 - erf(x);
  if (x > 1e5) return 0;
  Precise tail = x;
  for (int k = 1200; k >= 1; --k) tail = x + Precise(k) / 2 / tail;
  return exp(-x * x) / sqrt(Precise::pi()) / tail;
}

// Stirling's series (DLMF 5.11.1) after steps upwards; reflection (DLMF 5.5.3) far to the left.
Precise lgamma(const Precise& x) {
  if (isnan(x)) return x;
  if (isinf(x)) return Precise::infinity();
  if (x <= 0 && floor(x) == x) return Precise::infinity();
  const Precise pi = Precise::pi();
  if (x < -20) return log(pi / fabs(sin(pi * (x - rint(x))))) - lgamma(1 - x);
  Precise steps = 1, z = x;
  for (; z < far; z += 1) steps *= z;
  Precise series = 0, power = z;
  for (int k = 2; k <= 160; k += 2, power *= z * z) series += precise(bernoulli(k)) / (power * (k * (k - 1)));
  return (z - 0.5) * log(z) - z + log(2 * pi) / 2 + series - log(fabs(steps));
}

// DLMF 5.11.2 and its derivatives (5.15.8), after the steps of 5.5.2; reflection 5.15.6 far to the left.
Precise polygamma(int n, const Precise& x) {
  if (isnan(x) || (isinf(x) && x < 0)) return Precise::nan();
  if (x <= 0 && floor(x) == x) return n % 2 == 1 ? Precise::infinity() : Precise::nan();
  if (isinf(x)) return n == 0 ? x : Precise(0);
  if (x < -20) {
    const Precise mirrored = polygamma(n, 1 - x);
    return (n % 2 == 0 ? mirrored : -mirrored) - precise(cot_derivative(n, number(x)));
  }
  Precise factorial = 1;  // n!
  for (int k = 2; k <= n; ++k) factorial *= k;
  const Precise sign = n % 2 == 0 ? -1 : 1;
  Precise steps = 0, z = x;  // ψ_n(x) = ψ_n(z) + sign n! Σ 1/(x+k)^(n+1)
  for (; z < far + n; z += 1) steps += 1 / pow(z, n + 1);
  Precise series = n == 0 ? -log(z) : factorial / n / pow(z, n);
  series += factorial / (2 * pow(z, n + 1));
  Precise rising = n == 0 ? Precise(0.5) : factorial * (n + 1) / 2;  // (2k + n - 1)! / (2k)!
  for (int k = 2; k <= 160; k += 2) {
    series += precise(bernoulli(k)) * rising / pow(z, k + n);
    rising *= Precise((k + n) * (k + n + 1)) / Precise((k + 1) * (k + 2));
  }
  return sign * (factorial * steps + series);
}

}  // namespace gradc
