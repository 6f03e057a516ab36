// The library of samples/lib against numbers from outside: mpmath 1.2.1 with 40 digits, from the densities
// themselves (powers, gamma functions, inverses and determinants), not from their logarithms.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "tests/driver/command.h"

namespace gradc::test {
namespace {

const char* const model = R"(
use "densities.grad"
use "special.grad"
dim D = 2, K = 3
param x init 1.5, m init 0.25, s init 0.7, n init 2.5, p init 0.3, rate init 2.5
param v[D] init [1.5, -0.5], w[D] init [0.25, 1], L[D, D] init [[2, 0], [0.5, 1]]
param q[D] init [1, 0.25], theta[K] init [0.2, 0.3, 0.5], a[K] init [2.5, 0.7, 4/3], z[K] init [0.5, -1, 2]
const label in K = 2
S[i in D, j in D] = if i == j then (if i == 0 then 2*q[0] else q[0]) else 2*q[1]
normal = normal_lpdf(x, m, s)
multi_normal = multi_normal_lpdf(v, w, S)
by_cholesky = multi_normal_cholesky_lpdf(v, w, L)
student_t = student_t_lpdf(x, n, m, s)
gamma = gamma_lpdf(x, n, s)
beta = beta_lpdf(p, n, s)
beta_at_its_end = beta_lpdf(1, 2, 1)
dirichlet = dirichlet_lpdf(theta, a)
poisson = poisson_lpmf(3, rate)
gamma_below = gamma_lcdf(x, 5/2, s)
gamma_above = gamma_lccdf(x, 5/2, s)
poisson_below = poisson_lcdf(3, rate)
poisson_above = poisson_lccdf(3, rate)
bernoulli = bernoulli_logit_lpmf(0, s)
categorical = categorical_logit_lpmf(label, z)
of_beta = log_beta(n, s)
of_multigamma = log_multigamma(n + 1, z)
)";

const std::pair<const char*, double> from_outside[] = {
    {"normal", -2.1566513443679811792},          {"multi_normal", -4.3855421032341996838},
    {"by_cholesky", -4.368914871969290793},      {"student_t", -2.0988221619034246035},
    {"gamma", -1.6181725681575035339},           {"beta", -1.3591020131569610033},
    {"beta_at_its_end", 0.69314718055994530942}, {"dirichlet", -0.21620249223188713693},
    {"poisson", -1.5428872736055898053},         {"bernoulli", -1.1031860488854578932},
    {"categorical", -0.24131129665715706021},    {"gamma_below", -1.8026726053177695697},
    {"gamma_above", -0.18015314872100777143},    {"poisson_below", -0.27763124086275529098},
    {"poisson_above", -1.4170675689617413788},   {"of_beta", -0.33985471015032327193},
    {"of_multigamma", 3.8958984821540389551}};

class Densities : public Command {
 public:
  Densities() { write("model.grad", model); }
};

TEST_F(Densities, AreThoseOfTheDistributions) {
  std::string of;
  for (const auto& [name, value] : from_outside) of += std::string(" --of ") + name;
  const Outcome outcome = gradc("eval model.grad -I samples/lib --json --order 0" + of);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out);
  for (const auto& [name, value] : from_outside) {
    EXPECT_NEAR(json[name]["value"].get<double>(), value, 4e-15 * std::abs(value)) << name;
  }
}

TEST_F(Densities, HaveTheDerivativesOfTheirValues) {
  const Outcome outcome = gradc("verify model.grad -I samples/lib --order 2 --points 1");
  EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
}

// mpmath with 40 digits. What is no number of 64 bits, P(100, 1e-4) = 1e-558, has a logarithm.
TEST_F(Densities, HaveTails) {
  write("tails.grad", R"(
use "densities.grad"
param x init 800, s init 1e-4, t init 1e200, z init 0
above = gamma_lccdf(x, 2, 1)
below = gamma_lcdf(s, 100, 1)
poisson_above = poisson_lccdf(200, s*1e4)
poisson_below = poisson_lcdf(3, x)
student_t = student_t_lpdf(t, 3, 0, 1)
at_0 = gamma_lccdf(z, 2, 1)
below_0 = gamma_lcdf(z, 2, 1)
squares = gamma_lccdf(x/2, 3, 1)
)");
  const Outcome outcome = gradc("eval tails.grad -I samples/lib --json --order 2");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out);
  const double infinity = std::numeric_limits<double>::infinity();
  struct Tail {
    const char *name, *by;
    double value, gradient, second;
  };
  for (const Tail& tail :
       {Tail{"above", "x", -793.31413905293164, -0.99875156054931336, -1.5586010620307637e-6},
        {"below", "s", -1284.7735117630823, 999999.00990099971, -9999999999.9999039},
        {"poisson_above", "s", -869.53032943304085, 2000049.7487934016, -20099997549.679633},
        {"poisson_below", "x", -781.7341719483391, -0.99625469333737512, -4.6757593873768936e-6},
        {"student_t", "t", -1840.8717386675238, -4e-200, 0},
        {"at_0", "z", 0, 0, -1},
        {"squares", "x", -388.70521810709935, -0.49750624992226465, -3.1093753881909178e-6},
        {"below_0", "z", -infinity, infinity, -infinity}}) {
    const auto near = [&](const nlohmann::json& found, double wanted) {
      if (std::isinf(wanted))
        EXPECT_EQ(found, wanted < 0 ? "-inf" : "inf") << tail.name;
      else
        EXPECT_NEAR(found.get<double>(), wanted, 1e-8 * std::abs(wanted)) << tail.name;
    };
    near(json[tail.name]["value"], tail.value);
    near(json[tail.name]["gradient"][tail.by], tail.gradient);
    near(json[tail.name]["hessian"][tail.by][tail.by], tail.second);
  }
}

}  // namespace
}  // namespace gradc::test
