// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/recipes/incomplete_gamma.h"

#include <cstddef>
#include <iterator>
#include <span>

#include "compiler/operators/recipes/error.h"
#include "compiler/operators/recipes/exponential.h"
#include "compiler/operators/recipes/logarithm.h"
#include "compiler/operators/recipes/power.h"
#include "compiler/operators/recipes/trigonometric.h"

namespace gradc::recipe {

namespace {

constexpr double pi = 0x1.921fb54442d18p+1, sqrt_2pi = 0x1.40d931ff62706p+1;

// From here on the uniform expansion holds where |x − a| ≤ 0.4 a.
constexpr double great = 20;

// x^a e^(−x) / Γ(a + 1) = factor e^…
struct Power {
  Lanes factor;
  Exponential e;
};

// log Γ(1 + a) for 0 ≤ a ≤ 1, exact at both ends: a (1 − a) times a minimax polynomial, error 2^-60.
Lanes log_gamma_of_small(Lanes a) {
  return a * (1 - a) *
         polynomial(
             a, {-0x1.2788cfc6fb619p-1,  0x1.f6465978d46ccp-3, -0x1.3e54520480c6ap-3, 0x1.d7a3e6a85e12ep-4,
                 -0x1.79cf9c3874e3bp-4,  0x1.3cb1f82e8001cp-4, -0x1.1155327a38654p-4, 0x1.e1806c0f993c9p-5,
                 -0x1.ae7ca6f9000fap-5,  0x1.852907ba173e6p-5, -0x1.62376064fea48p-5, 0x1.4231a24d42fa6p-5,
                 -0x1.20909f630aef6p-5,  0x1.f05852a8aaccfp-6, -0x1.8be9b51d5a958p-6, 0x1.193fe7005d5c4p-6,
                 -0x1.54d8bde1b1a88p-7,  0x1.50976b6205c98p-8, -0x1.00d3344334182p-9, 0x1.19a4657cd431dp-11,
                 -0x1.88b32936db644p-14, 0x1.0467902760469p-17});
}

// log Γ*(z) = log Γ(z) − (z − ½) log z + z − ½ log 2π for z ≥ 20: Stirling's series, DLMF 5.11.1.
Lanes stirling(Lanes z) {
  return polynomial(1 / (z * z),
                    {1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360}) /
         z;
}

// e^(high + low), where low is nothing if e^high is.
Exponential exponential_of(Lanes high, Lanes low) {
  return exponential(exact_sum(high, where(abs(high) > 1e4, 0, low)));
}

// By Stirling's series for Γ(z + 1), z = a, or a + 20 for lesser a (5.5.1), when z²⁰ is taken
// out of z^z and into the factor (a + 1) … (a + 20)/z²⁰. What is left of the exponent is a (log x − log z) +
// z − x, which cancels: it is summed to twice the precision. For a ≤ 1 it is a log x − x − log Γ(1 + a).
Power power(Lanes a, Lanes x) {
  const Lanes small = a < great, least = a <= 1;
  const Lanes z = where(small, a + great, a);
  Lanes rising = a + 1;
  for (int k = 2; k <= 20; ++k) rising = rising * (a + static_cast<double>(k));
  const Lanes z2 = z * z, z4 = z2 * z2, z5 = z4 * z, z10 = z5 * z5;
  const Lanes shift = where(small, rising / (z10 * z10), 1.0);
  const Pair log_x = log_in_two(x), log_z = log_in_two(z);
  const Pair log_ratio = exact_sum(log_x.high, where(least, 0, -log_z.high));
  const Lanes log_ratio_low = log_ratio.low + (log_x.low - where(least, 0, log_z.low));
  const Pair of_logs = exact_product(a, log_ratio.high), rest = exact_sum(where(least, 0, z), -x);
  const Pair sum = exact_sum(of_logs.high, rest.high);
  const Lanes correction = where(least, log_gamma_of_small(a), stirling(z));
  const Lanes low = (sum.low + rest.low) + (fma(a, log_ratio_low, of_logs.low) - correction);
  return {where(least, 1, shift / (sqrt_2pi * sqrt(z))), exponential_of(sum.high, low)};
}

// A quotient of sums that grow together: one division for all steps.
struct Quotient {
  Lanes above, below;
  Lanes value() const { return above / below; }
};

// Σ xⁿ/((a + 1) … (a + n)), DLMF 8.11.4: from the last, 1 + x/(a + k) times what is behind.
Quotient series(Lanes a, Lanes x) {
  Quotient q{a.constant(1), a.constant(1)};
  for (int k = 78; k >= 1; --k) {
    const Lanes down = (a + static_cast<double>(k)) * q.below;
    q = {fma(x, q.above, down), down};
  }
  return q;
}

// Γ(a, x) / (x^a e^(−x)) = 1/(x + 1 − a − 1(1 − a)/(x + 3 − a − 2(2 − a)/(x + 5 − a − …))), DLMF 8.9.2.
Quotient fraction(Lanes a, Lanes x) {
  constexpr int steps = 60;
  const Lanes from = x - a;
  Quotient q{a.constant(1), from + (2.0 * steps + 1)};
  for (int k = steps; k >= 1; --k) {
    const Lanes behind = (a - static_cast<double>(k)) * static_cast<double>(k) * q.above;
    q = {q.below, fma(from + (2.0 * k - 1), q.below, behind)};
  }
  return q;
}

// Q for a < 1 and x ≤ 2, where 1 − P would lose the digits of a small a (Gil, Segura & Temme 2012, §2.3):
// with t = a log x − log Γ(1 + a), Q = −(e^t − 1) + e^t a x Σ (−x)ⁿ/((n + 1)! (a + n + 1)).
Lanes upper_near_zero(Lanes a, Lanes x) {
  Lanes sum = x.constant(0);
  double factorial = 1.1240007277776077e21;  // 22!
  for (int n = 21; n >= 0; --n) {
    sum = 1 / (factorial * (a + static_cast<double>(n + 1))) - x * sum;
    factorial /= n + 1;
  }
  const Lanes t = fma(a, log(x), -log_gamma_of_small(a));
  const Lanes value = fma(exp(t) * a, x * sum, -expm1(t));
  return where(value > 0, value, 0);
}

// c_k(η) of the uniform expansion (DLMF 8.12.10 to 8.12.12, Temme 1979) for −0.4 ≤ x/a − 1 ≤ 0.4: minimax,
// with errors of 2^-59 times 20^k.
struct Row {
  std::size_t count;
  double c[14];
};
constexpr Row uniform[] = {
    {14,
     {-0x1.5555555555555p-2, 0x1.5555555555554p-4, -0x1.e573ac901e53dp-7, 0x1.2f684bda16527p-10,
      0x1.71de3a5549f67p-12, -0x1.76e06ff261522p-13, 0x1.48c589494511fp-15, -0x1.25534bc95103fp-19,
      -0x1.f1b23cb2e8889p-20, 0x1.bd66265bcd7ep-21, -0x1.7b6c4d2a45deap-23, 0x1.e1bc9a81cbf01p-28,
      0x1.6a426c28efc3ep-27, -0x1.5d8053b33b7afp-28}},
    {13,
     {-0x1.e573ac901e581p-10, -0x1.c71c71c71c6e3p-9, 0x1.5ac056b0167f4p-9, -0x1.0394f6f0a3e8p-10,
      0x1.af83440a2c36ep-13, -0x1.af83339dcdb6p-22, -0x1.2fa4aa9c819f3p-16, 0x1.00a9c15e2d8e6p-17,
      -0x1.b0c17b4b79c01p-20, 0x1.41880272e1da4p-28, 0x1.28d3a90c22146p-23, -0x1.eece1d4915871p-25,
      0x1.73fe8d557db99p-27}},
    {12,
     {0x1.0ee643b990ecep-8, -0x1.5f7268edaf66ep-9, 0x1.948b0fcd864fdp-11, 0x1.0db2138e0858dp-19,
      -0x1.c253efcc12e11p-14, 0x1.bbf4273038adfp-15, -0x1.ac2d0c45a0e37p-17, 0x1.2bed408a891f6p-25,
      0x1.706f1579adc5p-20, -0x1.54ead1fe9aa7ep-21, 0x1.2a11030cb02fep-23, 0x1.00134a980d189p-26}},
    {11,
     {0x1.547d93b35b10ep-11, 0x1.e13ce46639a64p-13, -0x1.ebfb18af759d8p-12, 0x1.18b9b5a90424p-12,
      -0x1.3d2a19f213088p-14, -0x1.013a921927b4ep-22, 0x1.73cad2417b71ep-17, -0x1.7cfe2b2e819fbp-18,
      0x1.836d5a16b0f11p-20, 0x1.91fe52c4b7d65p-26, -0x1.f43bd69cf577cp-23}},
    {10,
     {-0x1.c3e0b02dc22fp-11, 0x1.9b0ff69448d81p-11, -0x1.3999a81598e53p-12, -0x1.88fc75cd012ecp-20,
      0x1.169045709699dp-14, -0x1.4cdc04c6a4de3p-15, 0x1.7deaa6fd1817cp-17, -0x1.33ada5d862a76p-25,
      -0x1.d84f6995b25d4p-20, 0x1.0eab001a86669p-20}},
    {9,
     {-0x1.6128ac5355068p-12, -0x1.247603e03dc45p-14, 0x1.22be806c6560ep-12, -0x1.a2043b951423fp-13,
      0x1.1d22b5b6edd73p-14, 0x1.340367240d582p-23, -0x1.c9cedb3423394p-17, 0x1.0cc2b9a839bdfp-17,
      -0x1.12a1ba6c83567p-19}},
    {8,
     {0x1.168ef130ae9bcp-11, -0x1.3677285933624p-11, 0x1.1c0a0112418c2p-12, 0x1.956882d8e49d1p-21,
      -0x1.5657c946cb991p-14, 0x1.db52448a3785bp-15, -0x1.2406f2c879179p-16, -0x1.633ef2c1f86dap-19}},
    {7,
     {0x1.6918534be195dp-12, 0x1.b1c98d1a9f69dp-15, -0x1.5f1da42c3affap-12, 0x1.2743cadb17dccp-12,
      -0x1.d393f149998a9p-14, -0x1.2b758b90f8b58p-18, 0x1.37e088b6ad59p-15}},
    {6,
     {-0x1.562916ac4f276p-11, 0x1.b81a0067c44e9p-11, -0x1.cc1ec908f8f8dp-12, 0x1.a6be1fb1f75b7p-20,
      0x1.707ffab076aa3p-13, -0x1.29373123105cdp-13}},
    {4, {-0x1.394cd3bf8e493p-11, -0x1.1a4738b65771bp-14, 0x1.789941575ee3fp-11, -0x1.6cb455b709b7bp-11}},
    {3, {0x1.5d9780d79cbdp-10, -0x1.f20aeff556999p-10, 0x1.096eb7c3cb3b1p-10}},
};

// ½aη² = a (μ − log(1 + μ)), μ = x/a − 1, for |x − a| ≤ 0.4 a: with s = (x − a)/(x + a) that is
// (x − a)²/(x + a) − 2a (s³/3 + s⁵/5 + …); the square, which leads, is had to twice the precision.
Pair half_deviance(Lanes a, Lanes x) {
  const Lanes d = x - a;  // exact
  const Pair sum = exact_sum(x, a), square = exact_product(d, d);
  const Lanes lead = square.high / sum.high;
  const Lanes lead_low = (fma(-lead, sum.high, square.high) + fma(-lead, sum.low, square.low)) / sum.high;
  const Lanes s = d / sum.high, s2 = s * s;
  const Lanes odd = polynomial(s2, {1.0 / 3, 1.0 / 5, 1.0 / 7, 1.0 / 9, 1.0 / 11, 1.0 / 13, 1.0 / 15,
                                    1.0 / 17, 1.0 / 19, 1.0 / 21, 1.0 / 23, 1.0 / 25, 1.0 / 27, 1.0 / 29});
  const Lanes second = 2 * a * (s * s2) * odd;
  const Pair size = exact_sum(lead, -second);
  return {size.high, size.low + lead_low};
}

// The lesser of P (x < a) and Q for a ≥ 20, |x − a| ≤ 0.4 a: ½ erfc(√(a/2) |η|) and Σ c_k(η)/a^k times
// e^(−aη²/2)/√(2πa).
Lanes uniform_tail(Lanes a, Lanes x) {
  const Lanes d = x - a;
  const Pair size = half_deviance(a, x);
  const Exponential e = exponential(Pair{-size.high, -size.low});
  const Lanes positive = where(size.high > 0, size.high, 0);
  const Lanes inverse = 1 / a;
  const Lanes eta = copysign(sqrt(2 * positive * inverse), d);
  Lanes rest = a.constant(0);
  for (std::size_t k = std::size(uniform); k-- > 0;) {
    const std::span<const double> c(uniform[k].c, uniform[k].count);
    rest = fma(rest, inverse, polynomial(eta, c));
  }
  rest = where(d < 0, -rest, rest) / (sqrt_2pi * sqrt(a));
  const Lanes t = sqrt(positive);
  const Lanes far =
      fma(0.5 * e.mantissa, scaled_erfc(where(t > 28, 28, where(t < 1, 1, t))), e.mantissa * rest);
  const Lanes near = e.mantissa * rest;
  const Lanes is_near = t < 1;
  return scale(where(is_near, near, far), e) + where(is_near, 0.5 * erfc_of_small(where(is_near, t, 0)), 0);
}

Lanes incomplete_gamma(Lanes a, Lanes x, bool upper) {
  // What is so far out that one of them is 0 is brought back to where it is that too, and nothing overflows.
  const Lanes above = x > a;
  const Lanes beyond = a > 1e100;
  const Lanes distance = abs(x - a);
  const Lanes is_uniform = (a >= great) & (distance <= 0.4 * a);
  const Lanes tail =
      uniform_tail(where(beyond, 1e100, a),
                   where(beyond, where(distance == 0, 1e100, where(above, 1.3e100, 0.7e100, a)), x));

  const Lanes widest = where(above, 1.2e4, 7000, a), furthest = where(above, 2.4e4, 3500, a);
  const Lanes wide = a > widest;
  const Lanes b = where(wide, widest, a), y = where(wide | (x > 2.4e4), furthest, x);
  const Power p = power(b, y);
  const Lanes right = y > where(b < 0.5, 1.5, b + 1);
  const Lanes lower_value = scale(p.e.mantissa * (p.factor * series(b, where(right, 0, y)).value()), p.e);
  // A factor a that is tiny comes last, since what it multiplies may be great.
  const Lanes tiny = b < 1;
  const Lanes upper_value =
      scale(p.e.mantissa * (p.factor * fraction(b, where(right, y, b + 1)).value()) * where(tiny, 1, b),
            p.e) *
      where(tiny, b, 1);

  const Lanes tail_is_wanted = upper ? !(x < a) : x < a;
  const Lanes uniform_value = where(tail_is_wanted, tail, 1 - tail);
  const Lanes plain = upper ? where(right, upper_value, where(tiny, upper_near_zero(b, y), 1 - lower_value))
                            : where(right, 1 - upper_value, lower_value);
  const Lanes finite = where(is_uniform, uniform_value, plain);
  const Lanes at_end =
      where((x == 0) | (a == infinite), upper ? 1 : 0, where(x == infinite, upper ? 0 : 1, finite));
  const Lanes valid = (a > 0) & (x >= 0) & !((a == infinite) & (x == infinite));
  return where(valid, at_end, undefined);
}

// x^(a − 1) e^(−x) / Γ(a) for a < 1; for a ≤ 0 with 1/Γ(a) = Γ(1 − a) sin(πa)/π, DLMF 5.5.3. The factor, a or
// the sine, may be tiny and what it multiplies great: both are logarithms.
struct Density {
  Lanes factor, value;
};
Density density_of_small(Lanes a, Lanes x) {
  const Lanes mirrored = a <= 0;
  const Lanes nearest = rint(a), half = 0.5 * nearest, rest = a - nearest, steep = abs(rest) > 0.25;
  const Pair turn = sin_and_cos_of_small(pi * where(steep, 0.5 - abs(rest), rest));
  const Lanes sine = where(steep, copysign(turn.low, rest), turn.high);
  const Lanes factor = where(mirrored, where(rint(half) == half, sine, -sine) / pi, a);
  const Lanes correction = where(mirrored, call_where(mirrored, "lgamma", {1 - a}, a.constant(0)),
                                 -log_gamma_of_small(where(mirrored, 0, a)));
  const Pair log_x = log_in_two(x), log_factor = log_in_two(where(factor == 0, 1, abs(factor)));
  const Pair order = exact_sum(a, a.constant(-1)), of_logs = exact_product(order.high, log_x.high);
  const Pair first = exact_sum(of_logs.high, -x), sum = exact_sum(first.high, log_factor.high);
  const Pair all = exact_sum(sum.high, correction);
  const Lanes low = of_logs.low + fma(order.high, log_x.low, order.low * log_x.high) + log_factor.low;
  const Exponential e = exponential_of(all.high, all.low + sum.low + first.low + low);
  return {factor, where(factor == 0, 0, copysign(scale(e.mantissa, e), factor))};
}

}  // namespace

Lanes gamma_density(Lanes a, Lanes x) {
  const Lanes small = a<1, beyond = a> 1e100, distance = abs(x - a);
  const Lanes is_uniform = (a >= great) & (distance <= 0.4 * a) & !beyond;
  const Lanes b = where(is_uniform, a, great), y = where(is_uniform, x, great);
  const Pair size = half_deviance(b, y);
  const Exponential e = exponential(Pair{-size.high, -size.low});
  const Lanes near = scale(e.mantissa * (b / y) * exp(-stirling(b)) / (sqrt_2pi * sqrt(b)), e);

  const Density of_small = density_of_small(where(small, a, 0.5), x);
  const Power p = power(where(small | beyond, 1, a - 1), x);
  const Lanes far = where(small, of_small.value, scale(p.e.mantissa * p.factor, p.e));
  const Lanes farthest = where(distance == 0, 1 / (sqrt_2pi * sqrt(a)), 0);
  const Lanes finite = where(beyond, farthest, where(is_uniform, near, far));

  const Lanes factor = of_small.factor;
  const Lanes left = where(factor == 0, 0, copysign(a.constant(infinite), factor));
  const Lanes at_0 = where(small, left, where(a == 1, 1, a.constant(0)));
  const Lanes value = where(x == 0, at_0, where((x == infinite) | (a == infinite), 0, finite));
  const Lanes valid = (x >= 0) & (a > -infinite) & !((a == infinite) & (x == infinite));
  return where(valid, value, undefined);
}

Lanes gammainc(Lanes a, Lanes x) { return incomplete_gamma(a, x, false); }
Lanes gammaincc(Lanes a, Lanes x) { return incomplete_gamma(a, x, true); }

}  // namespace gradc::recipe
