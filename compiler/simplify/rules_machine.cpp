// The table: rules for the machine. The same domain, more digits; they may look through names.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/build.h"
#include "compiler/operators/table.h"
#include "compiler/simplify/rule.h"
#include "compiler/support/check.h"

namespace gradc {
namespace {

Expr call(std::string_view name, std::initializer_list<Expr> arguments) {
  const Operator* op = find_operator(name);
  GRADC_CHECK(op, "a rule names an operator that does not exist");
  return arguments.begin()[0]->context->apply(*op, arguments);
}

}  // namespace

void RuleTable::add_machine_rules() {
  Context& c = patterns_;
  const Expr a = a_, b = b_, one = c.real(1), always = c.boolean(true);
  const Binder i = {c.fresh_index({}, "i"), c.integer(0), c.integer(5)};
  const Expr at_i = to_real(c.position(i.index));
  auto sum_of = [&](Expr body) { return sum({i}, body); };
  auto better = [&](std::string_view name, Expr left, Expr right, std::string_view source,
                    std::string_view condition = "") {
    rules_.push_back({.name = name,
                      .left = left,
                      .right = right,
                      .holds = Holds::better,
                      .reader = Reader::machine,
                      .source = source,
                      .condition = condition});
  };
  const Expr two = c.real(2), four = c.real(4);
  const std::string_view goldberg = "Goldberg, What every computer scientist should know, 1991, Thm 4";
  const std::string_view kahan = "Kahan, Branch cuts for complex elementary functions, 1987, §2";
  const std::string_view maechler = "Mächler, Accurately computing log(1 - exp(-|a|)), 2012";
  better("one-minus-sigmoid", one - sigmoid(a), sigmoid(-a), "1 - σ(x) = σ(-x) keeps its digits for x > 37");
  better("sigmoid-minus-one", sigmoid(a) - one, -sigmoid(-a), "as one-minus-sigmoid");
  better("one-minus-tanh-squared", one - pow(tanh(a), two), four * sigmoid(two * a) * sigmoid(-(two * a)),
         "sech² x = 4 σ(2x) σ(-2x), DLMF 4.28");
  better("one-minus-tanh-times-tanh", one - tanh(a) * tanh(a), four * sigmoid(two * a) * sigmoid(-(two * a)),
         "as one-minus-tanh-squared");
  better("one-minus-tanh", one - tanh(a), two * sigmoid(-(two * a)), "1 - tanh x = 2 σ(-2x)");
  better("one-plus-tanh", one + tanh(a), two * sigmoid(two * a), "1 + tanh x = 2 σ(2x)");
  better("one-minus-two-sigmoid", one - two * sigmoid(a), -tanh(Rational(1, 2) * a),
         "tanh(x/2) = 2 σ(x) - 1");
  better("over-one-minus-square", b / (one - pow(a, two)), b / ((one - a) * (one + a)), kahan);
  better("softplus", log(one + exp(a)), call("softplus", {a}), maechler);
  better("log1p", log(one + a), call("log1p", {a}), goldberg, "a > -1");
  better("log1p-of-minus", log(one - a), call("log1p", {-a}), goldberg, "a < 1");
  better("expm1", exp(a) - one, call("expm1", {a}), kahan);
  better("minus-expm1", one - exp(a), -call("expm1", {a}), kahan);
  better("expm1-of-sum", exp(a) + c.real(-1), call("expm1", {a}), kahan);
  better("log-sigmoid", log(sigmoid(a)), call("log_sigmoid", {a}), maechler);
  better("log-of-reciprocal-softplus", call("log1p", {exp(a)}), call("softplus", {a}), maechler);
  better("hypot", sqrt(pow(a, two) + pow(b, two)), call("hypot", {a, b}),
         "IEEE 754-2019, 9.2: no overflow of squares");
  better("hypot-of-products", sqrt(a * a + b * b), call("hypot", {a, b}), "as hypot");
  better("root-of-one-minus-square", sqrt(one - pow(a, two)), sqrt((one - a) * (one + a)), kahan, "|a| <= 1");
  better("root-of-one-minus-product", sqrt(one - a * a), sqrt((one - a) * (one + a)), kahan, "|a| <= 1");

  auto stabilising = [&](std::string_view name, Expr left, Expr right, std::string_view source) {
    rules_.push_back({.name = name,
                      .left = left,
                      .right = right,
                      .holds = Holds::better,
                      .reader = Reader::machine,
                      .source = source,
                      .procedure = true});
  };
  const std::string_view blanchard = "Blanchard, Higham, Higham, IMA J. Numer. Anal. 41, 2021";
  auto logsumexp_of = [&](Expr body) {
    return c.reduce(reduce_logsumexp, std::vector<Binder>{i}, always, body);
  };
  stabilising("logistic-function", b * exp(a) / pow(one + exp(a), two), b * sigmoid(a) * sigmoid(-a),
              blanchard);
  stabilising("quotient-of-powers", a * a * a / pow(b, two), a * pow(a / b, two),
              "b² leaves the range of numbers long before a/b does");
  stabilising("exponential-less-one", call("expm1", {a}) * sigmoid(-a), tanh(Rational(1, 2) * a),
              "(e^v - 1)/(e^v + 1) = tanh(v/2), DLMF 4.28");
  stabilising("log-of-sum-of-exponentials", log(sum_of(exp(at_i * a))), logsumexp_of(at_i * a), blanchard);
  stabilising("log-of-softmax", log(call("exp_difference", {b, logsumexp_of(at_i * a)})),
              b - logsumexp_of(at_i * a), blanchard);
  stabilising("softmax", exp(b) / sum_of(exp(at_i * a)), call("exp_difference", {b, logsumexp_of(at_i * a)}),
              blanchard);
  stabilising("name-that-cancels", a, a, "as softmax, where the divisor has a name of its own");
}

}  // namespace gradc
