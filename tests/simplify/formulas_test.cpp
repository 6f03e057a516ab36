// What derivatives read like. The formulas are those that a textbook would print.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include "compiler/diff/derivative.h"
#include "compiler/equations/verify.h"
#include "compiler/simplify/simplify.h"
#include "tests/diff/systems.h"
#include "tests/simplify/print.h"

namespace gradc::test {
namespace {

std::string value_of(const System& s, TensorId t) {
  const Definition* d = s.find(t);
  return d && d->define() ? print(d->define()->value) : "(none)";
}

// ∂y/∂x after simplification, with y wanted too.
std::string derivative_of(Builder& b, Expr y, TensorId x) {
  const TensorId of = b.define("y", {}, y);
  System s = b.system;
  const TensorId wrt[] = {x};
  const TensorId d = add_adjoints(s, of, wrt)[0];
  s.set_outputs({of, d});
  const System simple = simplify(s);
  EXPECT_EQ(verify(simple), "");
  const System again = simplify(simple);
  EXPECT_EQ(value_of(again, d), value_of(simple, d));
  System forward = b.system;
  const TensorId f = add_jacobian(forward, of, x);
  forward.set_outputs({of, f});
  EXPECT_EQ(value_of(simplify(forward), f), value_of(simple, d)) << "forward mode";
  return value_of(simple, d);
}

struct Formula {
  const char* name;
  Expr (*y)(Expr x);
  const char* derivative;
  friend void PrintTo(const Formula& f, std::ostream* out) { *out << f.name; }
};

const Formula formulas[] = {
    {"square", [](Expr x) { return pow(x, 2); }, "2 * x"},
    {"product", [](Expr x) { return x * x; }, "2 * x"},
    {"cube_of_sum", [](Expr x) { return pow(pow(x, 2) + x, 3); }, "3 * (x^2 + x)^2 * (2 * x + 1)"},
    {"polynomial", [](Expr x) { return 3 * pow(x, 4) + 2 * pow(x, 2); }, "12 * x^3 + 4 * x"},
    {"linear", [](Expr x) { return 8 * x; }, "8"},
    {"five_cubes", [](Expr x) { return 5 * pow(x, 3); }, "15 * x^2"},
    {"half_square", [](Expr x) { return Rational(1, 2) * pow(x - 3, 2); }, "x - 3"},
    {"half_square_turned", [](Expr x) { return Rational(1, 2) * pow(3 - x, 2); }, "x - 3"},
    {"exponential", [](Expr x) { return exp(2 * x); }, "2 * y"},
    {"product_rule", [](Expr x) { return pow(x, 2) * exp(x); }, "x * exp(x) * (x + 2)"},
    {"quotient", [](Expr x) { return x / (1 + x); }, "1 / (1 + x)^2"},
    {"logarithm", [](Expr x) { return log(pow(x, 2)); }, "2 / x"},
    {"entropy", [](Expr x) { return x * log(x); }, "log(x) + 1"},
    {"sigmoid", [](Expr x) { return sigmoid(x); }, "y * (1 - y)"},
    {"tanh", [](Expr x) { return tanh(x); }, "1 - y^2"},
    {"root", [](Expr x) { return sqrt(x); }, "1 / (2 * y)"},
    {"choice", [](Expr x) { return choose(less(x, x->context->real(0)), -x, pow(x, 2)); },
     "if x < 0 then -1 else 2 * x"},
};

class Reads : public testing::TestWithParam<Formula> {};
TEST_P(Reads, AsOnPaper) {
  Builder b;
  const TensorId x = b.given("x");
  EXPECT_EQ(derivative_of(b, GetParam().y(b(x)), x), GetParam().derivative);
}
INSTANTIATE_TEST_SUITE_P(Formulas, Reads, testing::ValuesIn(formulas),
                         [](const auto& i) { return std::string(i.param.name); });

// (x² + x)³ with a name for the bracket stays factored too, in both modes.
TEST(Names, KeepDerivativesFactored) {
  Builder b;
  const TensorId x = b.given("x");
  const TensorId a = b.define("a", {}, pow(b(x), 2) + b(x));
  EXPECT_EQ(derivative_of(b, pow(b(a), 3), x), "3 * a^2 * (2 * x + 1)");
}

// So do chains of sums, link by link.
TEST(Names, KeepChainsFactored) {
  Builder b;
  const TensorId x = b.given("x");
  const TensorId f = b.define("f", {}, pow(b(x), 2) + b(x));
  const TensorId y = b.define("y", {}, pow(b(f), 2) + b(f));
  System s = b.system;
  const TensorId wrt[] = {x};
  const TensorId d = add_adjoints(s, y, wrt)[0];
  s.set_outputs({y, d});
  EXPECT_EQ(value_of(simplify(s), d), "(2 * f + 1) * (2 * x + 1)");
}

// A name of the file for a derivative leads over the derivative's own: dn/dg, not dn/d(dE/dw).
TEST(Names, DerivativesByNamedDerivatives) {
  Builder b;
  const DimId D = b.dim("D", 3);
  const TensorId w = b.given("w", {D}), x = b.given("x", {D});
  const Binder d = b.c.over(D), k = b.c.over(D);
  const TensorId E = b.define("E", {}, pow(sum({d}, b(w, {b.at(d)}) * b(x, {b.at(d)})), 2));
  const TensorId by_w[] = {w};
  const TensorId dE = add_adjoints(b.system, E, by_w)[0];
  const TensorId g = b.define("g", {D}, b.c.access_by_slots(dE));
  const TensorId n = b.define("n", {}, sum({k}, pow(b(g, {b.at(k)}), 2)));
  System s = b.system;
  const TensorId dn = add_adjoints(s, n, by_w)[0];
  s.set_outputs({E, g, n, dn});
  const System simple = simplify(s);
  const std::string derivative = value_of(simple, dn);
  EXPECT_NE(derivative.find("d_n_g"), std::string::npos) << derivative;
  EXPECT_EQ(derivative.find("d_n_d_E_w"), std::string::npos) << derivative;
}

struct HiddenLayer : Builder {
  DimId D = dim("D", 3), H = dim("H", 4);
  TensorId x = given("x", {D}), y = given("y"), w0 = given("w0", {D, H}), b0 = given("b0", {H}),
           w1 = given("w1", {H}), b1 = given("b1");
  Binder d = c.over(D, "d"), h = c.over(H, "h");
  Expr h0 = slot(0, H);
  TensorId z0 =
      define("z0", {H}, sum({d}, (*this)(x, {at(d)}) * (*this)(w0, {at(d), h0})) + (*this)(b0, {h0}));
  TensorId a0 = define("a0", {H}, sigmoid((*this)(z0, {h0})));
  TensorId z1 = define("z1", {}, sum({h}, (*this)(a0, {at(h)}) * (*this)(w1, {at(h)})) + (*this)(b1));
  TensorId e = define("E", {}, Rational(1, 2) * pow((*this)(z1) - (*this)(y), 2));

  const Definition* defined(const System& s, std::string_view name) const {
    for (const Definition& definition : s.definitions())
      if (c.tensor(definition.tensor).name == name) return &definition;
    return nullptr;
  }
};

TEST(Layer, GradientReadsAsOnPaper) {
  HiddenLayer m;
  const TensorId wrt[] = {m.w0, m.b0, m.w1, m.b1, m.z0, m.a0, m.z1};
  System s = m.system;
  const std::vector<TensorId> d = add_adjoints(s, m.e, wrt);
  std::vector<TensorId> outputs = d;
  outputs.push_back(m.e);
  s.set_outputs(outputs);
  const System simple = simplify(s);
  ASSERT_EQ(verify(simple), "");
  EXPECT_EQ(value_of(simple, d[6]), "z1 - y");
  EXPECT_EQ(value_of(simple, d[5]), "d_E_z1 * w1[i0]");
  EXPECT_EQ(value_of(simple, d[4]), "d_E_a0[i0] * a0[i0] * (1 - a0[i0])");
  EXPECT_EQ(value_of(simple, d[3]), "d_E_z1");
  EXPECT_EQ(value_of(simple, d[2]), "d_E_z1 * a0[i0]");
  EXPECT_EQ(value_of(simple, d[1]), "d_E_z0[i0]");
  EXPECT_EQ(value_of(simple, d[0]), "d_E_z0[i1] * x[i0]");
  EXPECT_EQ(value_of(simple, m.e), print(m.system.find(m.e)->define()->value)) << "the user's equation stays";
}

TEST(Layer, IntermediateAdjointsThatNobodyWantsArePutIn) {
  HiddenLayer m;
  const TensorId wrt[] = {m.w0, m.b0};
  System s = m.system;
  const std::vector<TensorId> d = add_adjoints(s, m.e, wrt);
  s.set_outputs(d);
  const System simple = simplify(s);
  EXPECT_EQ(value_of(simple, d[0]), "d_E_z0[i1] * x[i0]");
  EXPECT_EQ(value_of(simple, d[1]), "d_E_z0[i0]");
  ASSERT_TRUE(m.defined(simple, "d_E_z0"));
  EXPECT_EQ(print(m.defined(simple, "d_E_z0")->define()->value), "(z1 - y) * w1[i0] * a0[i0] * (1 - a0[i0])");
  EXPECT_EQ(m.defined(simple, "d_E_a0"), nullptr);
}

}  // namespace
}  // namespace gradc::test
