// Bessel functions and incomplete gamma functions of Precise numbers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cmath>

#include "compiler/operators/precise_number.h"

namespace gradc {

namespace {

const Precise& least_term() {
  static const Precise value = Precise::parse("1e-104");
  return value;
}

// DLMF 10.2.2; the greatest term is e^x times the value, at most.
Precise bessel_series(int n, const Precise& x) {
  const Precise half = x / 2, square = half * half;
  Precise term = 1;
  for (int k = 1; k <= n; ++k) term *= half / k;
  Precise total = 0;
  for (int k = 1; k < 400; ++k) {
    total += term;
    term *= -square / (Precise(k) * (n + k));
  }
  return total;
}

// By recurrence downwards (DLMF 10.6.1) from where J is nothing, scaled by J₀ + 2 Σ J₂ₖ = 1 (10.12.4).
Precise bessel_recurrence(int n, const Precise& x) {
  const int start = 2 * (static_cast<int>(x.to_double()) + n / 2 + 100);
  Precise above = 0, here = 1, total = 0, wanted = 0;
  for (int k = start; k >= 0; --k) {
    if (k == n) wanted = here;
    if (k % 2 == 0) total += k == 0 ? here : 2 * here;
    const Precise below = 2 * k * here / x - above;
    above = here;
    here = below;
  }
  return wanted / total;
}

// Hankel's expansion, DLMF 10.17.3; its least term is about e^(−2x).
Precise bessel_far(int n, const Precise& x) {
  Precise even = 0, odd = 0, term = 1;
  for (int k = 0; k < 1000 && fabs(term) > least_term(); ++k) {
    const Precise turned = k % 4 < 2 ? term : -term;
    (k % 2 == 0 ? even : odd) += turned;
    term *= Precise(4.0 * n * n - (2.0 * k + 1) * (2.0 * k + 1)) / (8 * (k + 1) * x);
  }
  // x − π/4, less n quarter turns
  const Precise sine = sin(x), cosine = cos(x);
  const Precise c = cosine + sine, s = sine - cosine;
  const Precise turned_cosine[] = {c, s, -c, -s}, turned_sine[] = {s, -c, -s, c};
  return (turned_cosine[n % 4] * even - turned_sine[n % 4] * odd) / sqrt(Precise::pi() * x);
}

// x^a e^(−x) / Γ(a + 1). For great a the logarithms cancel: a (μ − log(1 + μ)) with μ = x/a − 1.
Precise gamma_power(const Precise& a, const Precise& x) {
  if (a < 1000) return exp(a * log(x) - x - lgamma(a + 1));
  const Precise mu = (x - a) / a;
  const Precise stirling = lgamma(a + 1) - ((a + 0.5) * log(a) - a + log(2 * Precise::pi()) / 2);
  return exp(-a * (mu - log1p(mu)) - stirling) / sqrt(2 * Precise::pi() * a);
}

// DLMF 8.11.4: P = x^a e^(−x)/Γ(a + 1) Σ xⁿ/((a + 1) … (a + n)).
Precise lower_series(const Precise& a, const Precise& x) {
  Precise term = 1, total = 1;
  for (int n = 1; term > total * least_term(); ++n) total += term *= x / (a + n);
  return gamma_power(a, x) * total;
}

// DLMF 8.9.2, by Lentz's method (Thompson & Barnett 1986).
Precise upper_fraction(const Precise& a, const Precise& x) {
  Precise b = x + 1 - a, c = 1e300, d = 1 / b, value = d;
  for (int n = 1; n < 100'000; ++n) {
    const Precise numerator = n * (a - n);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    const Precise step = c * d;
    value *= step;
    if (fabs(step - 1) < least_term()) break;
  }
  return gamma_power(a, x) * a * value;
}

// For great a: ∫₀^∞ e^(−a s + x(1 − e^(−s))) ds is Γ(a, 0 to x) / (x^a e^(−x)) for x ≤ a, and with −s for s
// the other part for x ≥ a. By the trapezoidal rule after s = σ e^(t − e^(−t)) (Takahasi & Mori 1974).
Precise gamma_integral(const Precise& a, const Precise& x) {
  const bool lower = x <= a;
  const Precise scale = 1 / (fabs(a - x) + sqrt(x));
  constexpr int steps = 48;
  Precise total = 0;
  for (int k = -6 * steps; k <= 7 * steps; ++k) {
    const Precise t = Precise(k) / steps, fall = exp(-t);
    const Precise s = scale * exp(t - fall);
    const Precise e = expm1(lower ? -s : s);
    const Precise term = exp(lower ? -a * s - x * e : a * s - x * e) * s * (1 + fall);
    total += term;
    if (t > 1 && term < total * least_term()) break;
  }
  return gamma_power(a, x) * a * total / steps;
}

// The lesser of P (x ≤ a) and Q (x ≥ a) by the first terms of Temme's uniform expansion, DLMF 8.12.3 to
// 8.12.12: from a = 1e16 on they give 25 digits where it is more than e^(−10⁶), and nobody asks for the rest.
Precise great_tail(const Precise& a, const Precise& x) {
  const Precise mu = (x - a) / a;
  // μ − log(1 + μ)
  Precise exponent = mu - log1p(mu);
  if (fabs(mu) < 1e-4) {
    exponent = 0;
    Precise power = mu * mu;
    for (int n = 2; n < 60; ++n, power *= -mu) exponent += power / n;
  }
  if (a * exponent > 1e6) return 0;
  const Precise size = sqrt(2 * exponent), eta = x < a ? -size : size;
  const auto rational = [](int p, int q) { return Precise(p) / q; };
  const Precise first =
      rational(-1, 3) +
      eta * (rational(1, 12) +
             eta * (rational(-2, 135) + eta * (rational(1, 864) + eta * (rational(1, 2835)))));
  const Precise second = rational(-1, 540) - eta / 288 + eta * eta / 378;
  const Precise rest = exp(-a * exponent) / sqrt(2 * Precise::pi() * a) * (first + second / a);
  const Precise half = erfc(size * sqrt(a / 2)) / 2;
  return x < a ? half - rest : half + rest;
}

// Of tiny a: Q = a E₁(x) (1 + O(a log x)), DLMF 6.6.2.
Precise upper_of_tiny(const Precise& a, const Precise& x) {
  static const Precise euler = precise(boost::math::constants::euler<Number>());
  Precise total = -euler - log(x), power = 1;
  for (int n = 1; n < 300; ++n) {
    power *= -x / n;
    total += -power / n;
  }
  return a * total;
}

struct Parts {
  Precise lower, upper;
};
Parts from_lower(const Precise& p) { return {p, 1 - p}; }
Parts from_upper(const Precise& q) { return {1 - q, q}; }

Parts incomplete_gamma(const Precise& a, const Precise& x) {
  if (isnan(a) || isnan(x) || a <= 0 || x < 0) return {Precise::nan(), Precise::nan()};
  if (isinf(a)) return isinf(x) ? Parts{Precise::nan(), Precise::nan()} : Parts{0, 1};
  if (x == 0) return {0, 1};
  if (isinf(x)) return {1, 0};
  const Precise least = a + 1 < 20 ? Precise(20) : a + 1;
  if (a > 1e16) return x < a ? from_lower(great_tail(a, x)) : from_upper(great_tail(a, x));
  if (a > 1e5) return x <= a ? from_lower(gamma_integral(a, x)) : from_upper(gamma_integral(a, x));
  if (x > least) return from_upper(upper_fraction(a, x));
  const Parts parts = from_lower(lower_series(a, x));
  return a < 1e-40 ? Parts{parts.lower, upper_of_tiny(a, x)} : parts;
}

}  // namespace

Precise besselj(int n, const Precise& x) {
  if (isnan(x)) return x;
  const bool odd = n % 2 != 0;
  if (n < 0) return odd ? -besselj(-n, x) : besselj(-n, x);
  if (signbit(x)) return odd ? -besselj(n, -x) : besselj(n, -x);
  if (isinf(x)) return 0;
  if (x < 12) return bessel_series(n, x);
  return x < 150 + n * n ? bessel_recurrence(n, x) : bessel_far(n, x);
}

Precise gamma_density(const Precise& a, const Precise& x) {
  if (isnan(a) || isnan(x) || x < 0 || (isinf(a) && (a < 0 || isinf(x)))) return Precise::nan();
  if (isinf(a) || isinf(x)) return 0;
  if (a > 0 && x > 0) return gamma_power(a, x) * a / x;
  // 1/Γ(a) by reflection, DLMF 5.5.3.
  const Precise rest = a - rint(a), half = rint(a) / 2;
  const Precise sine = sin(Precise::pi() * rest), reciprocal = half == rint(half) ? sine : -sine;
  if (x == 0)
    return a > 1 || (a <= 0 && rest == 0) ? Precise(0)
           : a == 1                       ? Precise(1)
                                          : copysign(Precise::infinity(), a > 0 ? a : reciprocal);
  return rest == 0 ? Precise(0) : exp((a - 1) * log(x) - x + lgamma(1 - a)) * reciprocal / Precise::pi();
}
Precise gammainc(const Precise& a, const Precise& x) { return incomplete_gamma(a, x).lower; }
Precise gammaincc(const Precise& a, const Precise& x) { return incomplete_gamma(a, x).upper; }

}  // namespace gradc
