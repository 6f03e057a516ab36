// Naive spellings at points where naive evaluation loses everything: value, first and second derivative,
// after `simplified` and `stabilised`, in doubles. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/simplify/stabilise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "compiler/diff/derivative.h"
#include "compiler/equations/verify.h"
#include "compiler/operators/evaluate.h"
#include "compiler/operators/table.h"
#include "tests/diff/systems.h"
#include "tests/simplify/print.h"

namespace gradc::test {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

Expr call(std::string_view name, Expr x) { return x->context->apply(*find_operator(name), {x}); }

void expect_close(double got, double want, const std::string& what, double tolerance = 1e-14) {
  if (std::isnan(want))
    EXPECT_TRUE(std::isnan(got)) << what << " is " << got;
  else if (std::isinf(want) || want == 0)
    EXPECT_EQ(got, want) << what;
  else
    EXPECT_NEAR(got / want, 1, tolerance) << what << " is " << got << ", not " << want;
}

System stable(const System& s) {
  const System result = stabilise(simplify(s));
  EXPECT_EQ(verify(result), "");
  const System again = stabilise(result);
  for (std::size_t i = 0; i < again.definitions().size(); ++i)
    EXPECT_EQ(print(again.definitions()[i].define()->value), print(result.definitions()[i].define()->value));
  return result;
}

struct Row {
  friend void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }
  const char* name;
  Expr (*f)(Expr x);
  double x, value, first, second;
};

const Row rows[] = {
    {"softplus_37_5", [](Expr x) { return log(1 + exp(x)); }, 37.5, 37.5, 1, 5.1755550058018680e-17},
    {"log1p_exp_1000", [](Expr x) { return call("log1p", exp(x)); }, 1000, 1000, 1, 0},
    {"log_1_plus_exp_1000", [](Expr x) { return log(1 + exp(x)); }, 1000, 1000, 1, 0},
    {"sigmoid_40", [](Expr x) { return sigmoid(x); }, 40, 1, 4.2483542552915889e-18, -4.2483542552915889e-18},
    {"sigmoid_minus_800", [](Expr x) { return sigmoid(x); }, -800, 0, 0, 0},
    {"sigmoid_by_hand", [](Expr x) { return 1 / (1 + exp(-x)); }, -800, 0, 0, 0},
    {"sigmoid_by_hand_40", [](Expr x) { return 1 / (1 + exp(-x)); }, 40, 1, 4.2483542552915889e-18,
     -4.2483542552915889e-18},
    {"sigmoid_by_quotient", [](Expr x) { return exp(x) / (1 + exp(x)); }, 800, 1, 0, 0},
    {"tanh_20", [](Expr x) { return tanh(x); }, 20, 1, 1.6993417021166355e-17, -3.3986834042332710e-17},
    {"log_of_sigmoid", [](Expr x) { return log(sigmoid(x)); }, -800, -800, 1, 0},
    {"log_of_one_minus_sigmoid", [](Expr x) { return log(1 - sigmoid(x)); }, 800, -800, -1, 0},
    {"one_minus_sigmoid", [](Expr x) { return 1 - sigmoid(x); }, 40, 4.2483542552915889e-18,
     -4.2483542552915889e-18, 4.2483542552915889e-18},
    {"log_1_plus_x", [](Expr x) { return log(1 + x); }, 1e-20, 1e-20, 1, -1},
    {"exp_minus_1", [](Expr x) { return exp(x) - 1; }, 1e-20, 1e-20, 1, 1},
    {"expm1_stays", [](Expr x) { return call("expm1", x); }, 1e-20, 1e-20, 1, 1},
    {"power_zero_at_0", [](Expr x) { return pow(x, 0); }, 0, 1, 0, 0},
    {"square_at_0", [](Expr x) { return pow(x, 2); }, 0, 0, 0, 2},
    {"cube_at_0", [](Expr x) { return pow(x, 3); }, 0, 0, 0, 0},
    {"root_at_0", [](Expr x) { return sqrt(x); }, 0, 0, inf, -inf},
    {"entropy_at_0", [](Expr x) { return x * log(x); }, 0, nan, -inf, inf},
    {"masked_by_zero", [](Expr x) { return 0 * log(x); }, 0, nan, 0, 0},
    {"quotient_of_itself", [](Expr x) { return x / x; }, 0, nan, 0, 0},
    {"difference_of_itself", [](Expr x) { return x - x; }, inf, nan, 0, 0},
    {"log_of_exp_stays", [](Expr x) { return log(exp(x)); }, 1000, inf, 1, 0},
    {"root_of_square_stays", [](Expr x) { return sqrt(pow(x, 2)); }, -3, 3, -1, 0},
    {"choice_of_root", [](Expr x) { return choose(less(x->context->real(0), x), sqrt(x), x); }, -1, -1, 1, 0},
    {"choice_of_log",
     [](Expr x) { return choose(less(x->context->real(0), x), log(x), x->context->real(0)); }, 0, 0, 0, 0},
};

class Stable : public testing::TestWithParam<Row> {};
TEST_P(Stable, ValueFirstAndSecondDerivative) {
  const Row& row = GetParam();
  Builder b;
  const TensorId x = b.given("x");
  const TensorId y = b.define("y", {}, row.f(b(x)));
  System s = b.system;
  const TensorId wrt[] = {x};
  const TensorId first = add_adjoints(s, y, wrt)[0];
  const TensorId second = add_jacobian(s, first, x);
  s.set_outputs({y, first, second});
  const System result = stable(s);
  Point<double> point;
  point.tensors[x] = {{}, {row.x}, {}};
  Evaluator<double> at(result, point);
  expect_close(at.tensor(y)->reals[0], row.value, "value");
  expect_close(at.tensor(first)->reals[0], row.first,
               "first derivative " + print(result.find(first)->define()->value));
  expect_close(at.tensor(second)->reals[0], row.second,
               "second derivative " + print(result.find(second)->define()->value));
}
INSTANTIATE_TEST_SUITE_P(Rows, Stable, testing::ValuesIn(rows),
                         [](const auto& i) { return std::string(i.param.name); });

struct Logits : Builder {
  DimId K = dim("K", 3);
  TensorId z = given("z", {K});
  Expr k = slot(0, K);
  Binder j = c.over(K, "j");
  Point<double> point;
  Logits() { point.tensors[z] = {{3}, {1e4, 1e4, -1e4}, {}}; }
  void expect_gradient(TensorId of, std::vector<double> want) {
    System s = system;
    const TensorId wrt[] = {z};
    const TensorId d = add_adjoints(s, of, wrt)[0];
    s.set_outputs({of, d});
    const System result = stable(s);
    const auto got = Evaluator<double>(result, point).tensor(d)->reals;
    for (std::size_t i = 0; i < want.size(); ++i)
      // e^(a - b) turns half an ulp of b = 1e4 into a relative error of 1e-12.
      expect_close(got[i], want[i],
                   "element " + std::to_string(i) + " of " + print(result.find(d)->define()->value), 1e-12);
  }
};

TEST(SumsOfExponentials, LogOfSum) {
  Logits m;
  const TensorId y = m.define("y", {}, log(sum({m.j}, exp(m(m.z, {m.at(m.j)})))));
  m.system.set_outputs({y});
  EXPECT_NEAR(Evaluator<double>(stable(m.system), m.point).tensor(y)->reals[0], 1e4 + std::log(2), 1e-11);
  m.expect_gradient(y, {0.5, 0.5, 0});
}

TEST(SumsOfExponentials, LogOfNamedSum) {
  Logits m;
  const TensorId e = m.define("e", {m.K}, exp(m(m.z, {m.k})));
  const TensorId s = m.define("s", {}, sum({m.j}, m(e, {m.at(m.j)})));
  const TensorId y = m.define("y", {}, log(m(s)));
  m.expect_gradient(y, {0.5, 0.5, 0});
}

TEST(SumsOfExponentials, CrossEntropyOfNamedSoftmax) {
  Logits m;
  const TensorId s = m.define("s", {}, sum({m.j}, exp(m(m.z, {m.at(m.j)}))));
  const TensorId p = m.define("p", {m.K}, exp(m(m.z, {m.k})) / m(s));
  const TensorId y = m.define("y", {}, -log(m(p, {m.c.integer(0)})));
  m.expect_gradient(y, {-0.5, 0.5, 0});
}

TEST(BinaryCrossEntropy, OfNamedSigmoid) {
  Builder b;
  const TensorId z = b.given("z"), t = b.given("t");
  const TensorId s = b.define("s", {}, sigmoid(b(z)));
  const TensorId y = b.define("y", {}, -(b(t) * log(b(s)) + (1 - b(t)) * log(1 - b(s))));
  System system = b.system;
  const TensorId wrt[] = {z};
  const TensorId d = add_adjoints(system, y, wrt)[0];
  system.set_outputs({y, d});
  EXPECT_EQ(print(simplify(system).find(d)->define()->value), "s - t");
  Point<double> point;
  point.tensors[z] = {{}, {800}, {}};
  point.tensors[t] = {{}, {0}, {}};
  const System result = stable(system);
  EXPECT_EQ(Evaluator<double>(result, point).tensor(y)->reals[0], 800);
  EXPECT_EQ(Evaluator<double>(result, point).tensor(d)->reals[0], 1);
}

}  // namespace
}  // namespace gradc::test
