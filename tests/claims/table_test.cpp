// Claims that are true and must be proved, and claims that are nearly true and must never be.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/claims/claim.h"

namespace gradc::test {
namespace {

const char* const true_claims[] = {
    // arithmetic
    "(x + y)^2 = x^2 + 2*x*y + y^2",
    "x^3 - y^3 = (x - y)*(x^2 + x*y + y^2)",
    "1/(1 + x^2) - 1/(1 + x^2)^2 = x^2/(1 + x^2)^2",
    "x^2*0 = 0",
    "x/c = x/3",
    "tenth*10 = 1",
    "1/x - 1/y = (y - x)/(x*y)",
    // derivatives
    "f'(x) = 3*x^2 - 2",
    "f''(x) = 6*x",
    "g'(x) = exp(x)*(sin(x) + cos(x))",
    "g''(x) = 2*cos(x)*exp(x)",
    "diff(log(x), x) = 1/x",
    "diff(sqrt(x), x) = 1/(2*sqrt(x))",
    "diff(x/y, y) = -x/y^2",
    "diff(exp(-x^2/2), x) = -x*exp(-x^2/2)",
    "diff(atan(x), x) = 1/(1 + x^2)",
    "diff(tan(x), x) = 1 + tan(x)^2",
    "diff(tan(x), x) = 1/cos(x)^2 + 0*tan(x)",
    "diff(tanh(x), x) = 1 - tanh(x)^2",
    "diff(sigmoid(x), x) = sigmoid(x)*(1 - sigmoid(x))",
    "diff(softplus(x), x) = sigmoid(x)",
    "diff(x*y*z, x, y) = z",
    "diff(relu(x), x) = if x > 0 then 1 else 0",
    "diff(abs(x), x) = if x > 0 then 1 else if x < 0 then -1 else 0",
    "diff(log(1 + exp(x)), x) = 1/(1 + exp(-x))",
    // functions
    "sin(x)^2 + cos(x)^2 = 1",
    "sin(x + y) = sin(x)*cos(y) + cos(x)*sin(y)",
    "cos(3*x) = 4*cos(x)^3 - 3*cos(x)",
    "tan(x) = sin(x)/cos(x)",
    "sin(x + pi) = -sin(x)",
    "tanh(x) = (exp(2*x) - 1)/(exp(2*x) + 1)",
    "cosh(x)^2 - sinh(x)^2 = 1",
    "sigmoid(-x) = 1 - sigmoid(x)",
    "tanh(x) = 2*sigmoid(2*x) - 1",
    "softplus(x) - softplus(-x) = x",
    "log(exp(x)) = x",
    "log(x^3) = 3*log(x)",
    "log(12*exp(x)) = x + 2*log(2) + log(3)",
    "exp(x + y) = exp(x)*exp(y)",
    "erf(-x) + erf(x) = 0",
    "sqrt(8) = 2*sqrt(2)",
    // kinks and choices
    "abs(x)^2 = x^2",
    "sqrt(x^2) = abs(x)",
    "abs(x*y) = abs(x)*abs(y)",
    "max(x, y) + min(x, y) = x + y",
    "max(x, y) = (x + y + abs(x - y))/2",
    "relu(x) - relu(-x) = x",
    "if x == 3 then 9 else x^2 = x^2",
    "if x < 0 then -x else x = abs(x)",
    "sign(x)*x = abs(x)",
    "clamp(x, -1, 1) = max(min(x, 1), -1)",
    // sums and matrices
    "sum(i) (u[i] + v[i]) = (sum(i) u[i]) + sum(i) v[i]",
    "sum(i, j) u[i]*v[j] = (sum(i) u[i])*(sum(j) v[j])",
    "mean(i) u[i] = (sum(i) u[i])/N",
    "(A @ B)'[i, j] = (B' @ A')[i, j]",
    "trace(A @ B) = trace(B @ A)",
    "diff(sum(i, j) u[i]*A[i, j]*u[j], u)[k] = sum(j) (A[k, j] + A[j, k])*u[j]",
    "diff(sum(i, j) u[i]*A[i, j]*v[j], A)[k, l] = u[k]*v[l]",
    "diff(trace(A @ B), A)[i, j] = B[j, i]",
    "diff(trace(A @ A), A) = 2*A'",
    "hessian(sum(k) u[k]^4, u)[i, j] = if i == j then 12*u[i]^2 else 0",
    "diff(dot(u, v)^2, u)[i] = 2*dot(u, v)*v[i]",
    "diff(logdet(A), A)[i, j] = inv(A)[j, i]",
    "diff(sum(i) exp(u[i]), u)[k] = exp(u[k])",
    "sum(i) softmax(u)[i] = 1",
    "diff(logsumexp(i) u[i], u)[k] = exp(u[k])/(sum(i) exp(u[i]))",
    "jacobian(A @ u, u)[i, j] = A[i, j]",
    "diff(1/2*sum(i) ((A @ u)[i] - v[i])^2, u)[j] = (A' @ (A @ u - v))[j]",
};

const char* const nearly_true_claims[] = {
    // at one point, or where one side has no value
    "x/x = 1",
    "x^2/x = x",
    "(x^2 - 1)/(x - 1) = x + 1",
    "1/(1/x) = x",
    "x/y*y = x",
    "0*log(x) = 0",
    "0/x = 0",
    "x^(-1)*x = 1",
    "exp(log(x)) = x",
    "sqrt(x)^2 = x",
    "log(x^2) = 2*log(x)",
    "log(x) + log(y) = log(x*y)",
    "log(x/y) = log(x) - log(y)",
    "sqrt(x)*sqrt(y) = sqrt(x*y)",
    "tan(x)*cos(x) = sin(x)",
    "tan(x)^2 + 1 - tan(x)^2 = 1",
    "sin(asin(x)) = x",
    "diff(log(abs(x)), x)*x = 1",
    "diff(x^2/x, x) = 1",
    "(if x == 3 then 1 else 0) = 0",
    "(if x == 1/3 then x else 2*x) = 2*x",
    "(if x != 0 then sin(x)/x else 0) = sin(x)/x",
    "diff(abs(x), x) = if x >= 0 then 1 else -1",
    "diff(abs(x), x) = x/abs(x)",
    "diff(abs(x), x) = x/sqrt(x^2)",
    "diff(relu(x), x) = if x >= 0 then 1 else 0",
    "diff(max(x, y), x) = if x > y then 1 else 0",
    "sign(x)^2 = 1",
    "sqrt((x - 2)^2)/(x - 2) = sign(x - 2)",
    "diff(norm(u), u)[k] = u[k]/norm(u)",
    "(x*y)^(1/2) = x^(1/2)*y^(1/2)",
    "if x == y then (x - y)/(x - y) else 1 = 1",
    "x^y*x^(-y) = 1",
    "u[0]/u[0] = 1",
    "sum(i) u[i]/u[i] = N",
    "sum(i) log(u[i]^2) = 2*sum(i) log(u[i])",
    "A @ inv(A) @ u = u",
    "prod(i) u[i]/u[i] = 1",
    // in one sign
    "sqrt(x^2) = x",
    "abs(x) = x",
    "sqrt(x^2*y^2) = x*y",
    "(x^2)^(1/2)*x = x^2",
    "diff(cos(x), x) = sin(x)",
    "diff(x/y, y) = x/y^2",
    "diff(sigmoid(-x), x) = sigmoid(x)*(1 - sigmoid(x))",
    "asin(sin(x)) = x",
    "atan(tan(x)) = x",
    "acosh(cosh(x)) = x",
    // by very little, or for some sizes and indices
    "x + 1e-12 = x",
    "x*(1 + 1e-30) = x",
    "tenth = 0.1000000000000000055511151231257827",
    "pi = "
    "3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534211706798",
    "x + 1/1000000007 = x",
    "sqrt(2) = 1.41421356237309504880168872420969807856967187537694807317667973799073247846",
    "exp(1) = 2.71828182845904523536028747135266249775724709369995957496696762772407663",
    "0.1 + 0.2 = 0.3 + 1e-80",
    "sum(i) u[i] = u[0]",
    "u[i] = u[j]",
    "A = A'",
    "diff(sum(i, j) u[i]*A[i, j]*u[j], u)[k] = 2*sum(j) A[k, j]*u[j]",
    "hessian(sum(k) u[k]^4, u)[i, j] = 12*u[i]^2",
    "diff(u[0]^2, u)[k] = 2*u[k]",
    "diff(sum(i) u[i]^2, u)[k] = sum(i) 2*u[i]",
    "sum(i, j) u[i]*u[j] = sum(i) u[i]^2",
    "max(i) p[i] = p[0]",
    "floor(x) + 1 = ceil(x)",
    "round(x) = floor(x + 1/2)",
};

class Table : public testing::TestWithParam<const char*> {};
class True : public Table {};
class NearlyTrue : public Table {};

TEST_P(True, IsProved) {
  const Decided found = decided(GetParam());
  EXPECT_EQ(found.verdict.kind, Verdict::Kind::proved) << GetParam() << (found.proved ? "" : ": no proof");
}

TEST_P(NearlyTrue, IsNotProved) {
  const Decided found = decided(GetParam());
  EXPECT_FALSE(found.proved) << GetParam();
  EXPECT_NE(found.verdict.kind, Verdict::Kind::proved) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(Claims, True, testing::ValuesIn(true_claims));
INSTANTIATE_TEST_SUITE_P(Claims, NearlyTrue, testing::ValuesIn(nearly_true_claims));

}  // namespace
}  // namespace gradc::test
