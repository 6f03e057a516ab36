// `iterate implicit`: where the iterate has converged, its derivatives are those through the steps, in both
// modes and to second order; where it has not, they are those of the equation at the value found.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cmath>
#include <nlohmann/json.hpp>
#include <regex>

#include "tests/driver/command.h"

namespace gradc::test {
namespace {

using Json = nlohmann::json;

void expect_close(const Json& a, const Json& b, const std::string& what) {
  const Json left = a.flatten(), right = b.flatten();
  ASSERT_EQ(left.size(), right.size()) << what;
  for (const auto& [path, value] : left.items())
    EXPECT_NEAR(value.get<double>(), right[path].get<double>(), 1e-10 * (1 + std::abs(value.get<double>())))
        << what << path;
}

struct Row {
  const char *what, *of, *text;
};

const Row rows[] = {
    {"a scalar", "y",
     "param a init 2, e init 0.3\n"
     "y = iterate implicit s = a to a + e*sin(s) until abs(s - prev(s)) < 1e-15 at most 200\n"},
    {"a vector", "E",
     "dim D = 2\nparam m[D, D] init [[0.2, 0.1], [-0.1, 0.3]], x[D] init [0.5, 1]\n"
     "v = iterate implicit s = x to tanh(m @ s + x) until norm(s - prev(s)) < 1e-15 at most 200\n"
     "E = v[0]*v[1]\n"},
    {"a matrix", "E",
     "dim D = 2, H = 3\nparam x[D, H] init 0.5, m[D, D] init 0.2\n"
     "v = iterate implicit s = x to tanh(m @ s + x) until norm(s - prev(s)) < 1e-15 at most 200\n"
     "E = sum(d, h) (d + 2*h)*v[d, h]^3\n"},
    {"a scalar and a vector", "E",
     "dim D = 2\nparam x[D] init [0.5, 1], b init 0.4\n"
     "(p, q) = iterate implicit p = 0 to sin(p)*b + sum(i) q[i]/5, q = x to tanh(p*x + q/3)"
     " until abs(p - prev(p)) + norm(q - prev(q)) < 1e-15 at most 400\n"
     "E = p^2 + sum(i) q[i]^3\n"},
    {"for each index", "E",
     "dim D = 3\nparam x[D] init [0.5, 1, 2], b init 0.4\n"
     "E = sum(i) x[i]*p*q where (p, q) = iterate implicit p = 0 to b*sin(q), q = 1 to cos(p)*b"
     " until abs(p - prev(p)) + abs(q - prev(q)) < 1e-15 at most 200\n"},
    {"elements, each with its own", "E",
     "dim D = 3\nparam x[D] init [0.5, 1, 2], b init 0.4\n"
     "y[i] = iterate implicit s = x[i] to x[i] + b*sin(s) until abs(s - prev(s)) < 1e-15 at most 200\n"
     "E = sum(i) x[i]*y[i]^3\n"},
    {"in a function, and its derivative", "y",
     "param a init 2, b init 3\n"
     "root(t) = iterate implicit z = t to (z + t/z)/2 until abs(z - prev(z)) < 1e-14 at most 60\n"
     "y = root'(a*b) + root(b)^3\n"},
    {"in the step of an iterate", "y",
     "param a init 2, b init 0.3\n"
     "y = iterate s = 1 to s/2 + (iterate implicit z = s to a + b*sin(z*s) until abs(z - prev(z)) < 1e-15"
     " at most 300)/7 until s < 0 at most 3\n"},
    {"with an iterate in its step", "y",
     "param a init 0.2, b init 0.3\n"
     "y = iterate implicit s = 1 to s/4 + (iterate z = s to a + b*sin(z*s) until z < -9 at most 3)/7"
     " until abs(s - prev(s)) < 1e-16 at most 100\n"},
    {"with one of its kind in its step", "y",
     "dim D = 2\nparam a[D] init [0.2, 0.4], b init 0.3\n"
     "y = iterate implicit s = 1 to s/4 + norm(iterate implicit z = s*a to a + b*sin(z*s)"
     " until norm(z - prev(z)) < 1e-15 at most 100)/7 until abs(s - prev(s)) < 1e-15 at most 100\n"},
    {"with a derivative in its step", "E",
     "dim D = 2\nparam b[D] init [1, 2]\n"
     "f(x[K]) = (sum(k) (x[k] - b[k]*k)^2) + exp(x[0]*x[1]/10)\n"
     "x_min = iterate implicit x = b to x - f'(x)/4 until norm(f'(x)) < 1e-14 at most 1000\n"
     "E = x_min[0]*x_min[1]^2\n"},
    {"with a stated derivative in its step", "y",
     "param a init 2, b init 0.3\ns(t) = sin(t)\n  deriv t: cos(t)\n"
     "y = iterate implicit z = a to a + b*s(z)*s(a) until abs(z - prev(z)) < 1e-15 at most 300\n"},
    {"with a system of equations in its step", "E",
     "dim D = 2\nparam A[D, D] init [[3, 1], [1, 2]], b[D] init [0.3, 0.5]\n"
     "y = iterate implicit s = b to solve(A + outer(s, s), b + s/3) until norm(s - prev(s)) < 1e-15 at most "
     "100\n"
     "E = y[0]*y[1]\n"},
    {"at each step of a recurrence", "E",
     "dim T = 3\nparam x[T] init [0.4, 0.5, 0.6], b init 0.3\nh[0] = 0.2\n"
     "h[t + 1] = iterate implicit z = h[t] to h[t]/2 + x[t] + b*sin(z) until abs(z - prev(z)) < 1e-15"
     " at most 300\nE = h[T]^2\n"},
    {"where it is wanted", "y",
     "dim D = 3\nconst s[D] = [1, -1, 1]\nparam x[D] init [0.5, 1, 2], b init 0.4\n"
     "y = sum(i) (if s[i] > 0 then x[i]*(iterate implicit z = x[i] to x[i] + sqrt(s[i])*b*sin(z)"
     " until abs(z - prev(z)) < 1e-15 at most 200) else x[i]^3)\n"},
    {"and derived in the file", "y",
     "param a init 2, b init 0.3\n"
     "k = iterate implicit z = a to a + b*sin(z) until abs(z - prev(z)) < 1e-15 at most 300\n"
     "y = diff(k, a)^2*b + diff(k, b)\n"},
};

using Implicit = Command;

TEST_F(Implicit, HasTheDerivativesOfTheStepsWhereTheseHaveConverged) {
  for (const Row& row : rows) {
    const std::string text = row.text;
    std::string plain = text;
    for (std::size_t at; (at = plain.find("implicit ")) != std::string::npos;) plain.erase(at, 9);
    write("implicit.grad", text);
    write("steps.grad", plain);
    const std::string rest = std::string(" --order 2 --json --of ") + row.of;
    const Outcome expected = gradc("eval steps.grad --mode forward" + rest);
    ASSERT_EQ(expected.status, 0) << row.what << "\n" << expected.err;
    for (const std::string mode : {"forward", "reverse"}) {
      const Outcome outcome = gradc("eval implicit.grad --mode " + mode + rest);
      ASSERT_EQ(outcome.status, 0) << row.what << "\n" << outcome.err;
      expect_close(Json::parse(expected.out), Json::parse(outcome.out), row.what + (" " + mode));
    }
  }
}

TEST_F(Implicit, IsVerified) {
  for (const std::size_t k : {0, 1, 3, 6, 9, 12}) {
    write("implicit.grad", rows[k].text);
    const Outcome outcome = gradc(std::string("verify implicit.grad --order 2 --of ") + rows[k].of);
    EXPECT_EQ(outcome.status, 0) << rows[k].what << "\n" << outcome.out << outcome.err;
  }
}

// After one step s = 3/2; F = s - (s² - a)/4, so ds/da = 1/4 / (1 - (1 - s/2)) = 1/(2s) and d²s/da² =
// -1/(4s³).
TEST_F(Implicit, IsTheTheoremsAtTheValueFound) {
  write("once.grad", "param a init 3\ny = iterate implicit s = 1 to s - (s^2 - a)/4 until s > 0 at most 9\n");
  EXPECT_EQ(gradc("eval once.grad --order 2").out,
            "y = 1.5\ndy/da = 0.3333333333\nd2y/da^2 = -0.07407407407\n");
  // The steps themselves end at once, and do not move with `a` at all.
  write("start.grad",
        "param a init 4\ny = iterate implicit s = 2 to stop(s) + (a - s^2) until abs(s^2 - a) < 1e-9 at most "
        "9\n");
  EXPECT_EQ(gradc("eval start.grad").out, "y = 2\ndy/da = 0.2\n");
}

TEST_F(Implicit, HasNoDerivativeWhereTheEquationHasNoneToGive) {
  write("singular.grad", "param a init 3\ny = iterate implicit s = a to s + (a - 3) until s > 0 at most 9\n");
  EXPECT_EQ(gradc("eval singular.grad").out, "y = 3\ndy/da = inf\n");
  write("singular.grad",
        "dim D = 2\nparam a[D] init 3\n"
        "y = iterate implicit s = a to s + (a - s[0]) until s[0] > 0 at most 9\n");
  EXPECT_EQ(gradc("eval singular.grad").out, "y = [3, 3]\ndy/da = [[nan, nan],\n         [nan, nan]]\n");
}

// What is stated and what is not, in one function: each derivative reads the other argument as it is. Terms of
// the second model are such that two rules of the simplifier each undid the other.
TEST_F(Implicit, MixesStatedDerivativesWithOthers) {
  const char* const models[] = {
      "param x init 0.3, y init 0.7\n"
      "s(t) = sin(t)\n"
      "  deriv t: cos(t)\n"
      "f(a, b) = b*s(a)*s(b) + norm([u, 0]) where u = exp((a*b)^2)\n"
      "  deriv a: b*cos(a)*s(b) + 2*a*b^2*u where u = exp((a*b)^2)\n"
      "z = f(x, y)*f(y, x)\n",
      "param x init 0.3, y init 0.7\n"
      "s(t) = sin(t)*v where v = norm([t, 2*t])\n"
      "  deriv t: cos(t)*norm([t, 2*t]) + sin(t)*5*t/norm([t, 2*t])\n"
      "g(a, b) = s(a)*s(b)*u where u = norm([a, s(a*b)])\n"
      "f(a, b) = g(a, b)\n"
      "  deriv a: diff(g(a, b), a)\n"
      "z = f(x, y)*f(y, x)\n"};
  for (const std::string text : models) {
    write("stated.grad", text);
    write("plain.grad", std::regex_replace(text, std::regex("  deriv.*\n"), ""));
    for (const std::string mode : {"forward", "reverse"}) {
      const Outcome a = gradc("eval stated.grad --order 2 --json --mode " + mode);
      const Outcome b = gradc("eval plain.grad --order 2 --json --mode " + mode);
      ASSERT_EQ(a.status, 0) << a.err;
      expect_close(Json::parse(b.out), Json::parse(a.out), text + mode);
    }
  }
}

TEST_F(Implicit, IsTrained) {
  write(
      "model.grad",
      "dim D = 2\ninput x[D]\ntarget y\nparam w[D, D] init 0.1, b init 0.1\n"
      "q = iterate implicit q = x to tanh(w @ q + x) until norm(q - prev(q)) < 1e-12 at most 100\n"
      "minimize E = (b*sum(d) q[d] - y)^2\ntrain { optimizer = sgd(rate = 0.01), epochs = 20, seed = 2 }\n");
  write("data.csv", "x.0,x.1,y\n1,2,3\n-1,1,2\n0.5,0.2,0.1\n");
  const Outcome implicit = gradc("train model.grad --data data.csv --out run");
  EXPECT_EQ(implicit.status, 0) << implicit.err;
  std::string text = read("model.grad");
  write("steps.grad", text.erase(text.find("implicit "), 9));
  const Outcome steps = gradc("train steps.grad --data data.csv --out other");
  EXPECT_EQ(implicit.out.substr(0, implicit.out.find("the run")),
            steps.out.substr(0, steps.out.find("the run")));
}

}  // namespace
}  // namespace gradc::test
