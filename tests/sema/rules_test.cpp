// The language, rule by rule (docs/language.md; the numbers are those of the design's list): what holds, as
// the value of `y`, and what is refused, as a code. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cmath>
#include <limits>

#include "tests/sema/checked.h"

namespace gradc::test {
namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
const double nan = std::nan("");

struct Row {
  const char* rule;
  const char* text;
  std::vector<double> y = {};  // its value
  const char* code = "";       // or how the file is refused; or a warning
};

// dims and values that the rows use
const char* head = R"(dim D = 3, H = 2, D2 = 3
const x[D] = [1, 2, 3], v[D] = [4, 5, 6], u[H] = [7, 8], a = 2, b = 3, k in D = 1
const w[D, H] = [[1, 2], [3, 4], [5, 6]], s[D, D] = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
)";

const std::vector<Row> rule_1 = {
    {"order is free", "y = z + 1\nz = 2*q\nconst q = 4", {9}},
    {"one name, one definition", "y = 1\ny = 2", {}, "E202"},
    {"no blocks, no assignment", "y = y + 1", {}, "E210"},
    {"a misspelt name", "long_name = 1\ny = long_nmae", {}, "E201"},
    {"an unused index", "y = sum(i, j) x[i]", {}, "E209"},
    {"an unused index on the left", "y[i, j] = x[i]", {}, "E209"},
    {"an index may not bear a declared name", "y = sum(a) x[a]", {}, "E206"},
    {"an index may not bear an equation's name", "z = 1\ny = sum(z) x[z]", {}, "E206"},
    {"an index may not bear a dim's name", "y = sum(D) x[D]", {}, "E206"},
    {"an unused input is a warning", "input unused\ny = 1", {1}, "W201"},
    {"an unused const is a warning", "const unused\ny = 1", {1}, "W201"},
    {"an unused param is a warning", "param unused init 0\ny = 1", {1}, "W201"},
    {"an unused equation is a warning", "z = 1\nminimize y = a", {2}, "W203"},
};

const std::vector<Row> rule_2 = {
    {"a dim is fixed", "dim N = 4\ny = N", {4}},
    {"a dim is computed", "dim N = D*(D - 1)/2 + 2^H\ny = N", {7}},
    {"a computed dim that does not come out whole", "dim N = D/2\ny = N", {}, "E218"},
    {"a dim by div and mod", "dim N = div(7, D) + mod(7, D)\ny = N", {3}},
    {"a const is given once", "const c = a^2\ny = c", {4}},
    {"consts read each other in any order", "const c = e + 1, e = 2\ny = c", {3}},
    {"several names to a line, each with its brackets", "const c[H] = [1, 2], e = 3\ny = c*e", {3, 6}},
    {"a const array has its dims' sizes", "const c[H] = [1, 2, 3]\ny = c", {}, "E220"},
    {"`init` only of params", "param p[H] init [1, 2]\ny = 1", {1}, "W201"},
    {"noise stands for its mean",
     "noise eps ~ uniform(1, 2), d[H] ~ bernoulli(1/4)\ny = eps*d",
     {0.375, 0.375}},
    {"by parameters that are expressions", "noise eps[D] ~ normal(x, a^2)\ny = eps", {1, 2, 3}},
    {"of one shape with what is drawn", "noise eps[H] ~ normal(x, 1)\ny = eps", {}, "E205"},
    {"which do not read it", "noise eps ~ normal(eps, 1)\ny = eps", {}, "E210"},
    {"what all examples share has no axis over a `seq`", "seq T\nparam q[T] init 0\ny = q", {}, "E435"},
    {"a file without minimize is a set of functions", "f(t) = t^2\ny = f(a)", {4}},
};

const std::vector<Row> rule_3 = {
    {"an axis of D never meets one of another dim", "const q[D2] = [1, 2, 3]\ny = x + q", {}, "E203"},
    {"not under an index either", "const q[D2] = [1, 2, 3]\ny = sum(i) x[i]*q[i]", {}, "E203"},
    {"nor across `@`", "const q[D2] = [1, 2, 3]\ny = x @ q", {}, "E203"},
    {"a member subscripts its own dim", "y = x[k]", {2}},
    {"and no other", "y = u[k]", {}, "E203"},
    {"a const of members", "const parent[D] in D = [0, 0, 1]\ny[i] = x[parent[i]]", {1, 1, 2}},
    {"a given member is in range", "const q in D = 3\ny = x[q]", {}, "E215"},
    {"a computed member",
     "dim L = 3\nconst l[L] = [7, 8, 9]\n"
     "tri[r in D, c in D] in L = c*(2*D - c - 1)/2 + r - c - 1\ny[r, c] = if r > c then l[tri[r, c]] else 0",
     {0, 0, 0, 7, 0, 0, 8, 9, 0}},
    {"it may use + - * ^ div mod",
     "q[i in D] in D = mod(2^i + div(i, 2)*3 - 1, D)\ny[i] = x[q[i]]",
     {1, 2, 1}},
    {"it is checked where it is read", "q[i in D] in D = i + 1\ny[i] = x[q[i]]", {}, "E215"},
    {"and not where it is not", "q[i in D] in D = i + 1\ny[i] = if i < 2 then x[q[i]] else 0", {2, 3, 0}},
    {"a member is an integer", "q[i in D] in D = x[i]\ny = q", {}, "E214"},
    {"integers have no derivative", "y = diff(x[k], k)", {}, "E301"},
};

const std::vector<Row> rule_4 = {
    {"no silent summation", "y = x[i]*v[i]", {}, "E207"},
    {"a reduction swallows the term to its right", "y = sum(d) x[d]*v[d] + 100", {132}},
    {"and the factors behind", "y = sum(d) x[d]*2/4", {3}},
    {"sum", "y = sum(d) x[d]", {6}},
    {"prod", "y = prod(d) x[d]", {6}},
    {"mean", "y = mean(d) x[d]", {2}},
    {"max", "y = max(d) x[d]", {3}},
    {"min", "y = min(d) x[d]", {1}},
    {"logsumexp", "y = logsumexp(d) (0*x[d])", {std::log(3.0)}},
    {"argmax", "y = argmax(d) x[d]", {2}},
    {"argmin", "y = argmin(d) x[d]", {0}},
    {"argmax takes the first of equals", "y = argmax(d) (0*x[d])", {0}},
    {"any", "y = any(d) (x[d] > 2)", {1}},
    {"all", "y = all(d) (x[d] > 2)", {0}},
    {"ranges include both ends", "y = sum(i in 1..9) i", {45}},
    {"ranges depend on outer indices", "y[i in D] = sum(j in 0..i) x[j]", {1, 3, 6}},
    {"the inner on the outer one", "y = sum(i in 0..3, j in 0..i) i*j", {25}},
    {"a filter", "y = sum(d if x[d] > 1) x[d]", {5}},
    {"a filter on members", "const g[D] in H = [0, 1, 0]\ny[h in H] = sum(d if g[d] == h) x[d]", {4, 2}},
    {"a mean counts what the filter lets through", "y = mean(i, j if s[i, j] > 5) s[i, j]", {7.5}},
    {"and what ragged ranges hold", "y = mean(i in 0..2, j in 0..i) j", {4.0 / 6}},
    {"what is reduced over the batch differs from example to example",
     "param q init 0\ny = mean(batch) q",
     {},
     "E433"},
};

const std::vector<Row> rule_5 = {
    {"element by element", "y = sqrt(x*x) + 1", {2, 3, 4}},
    {"scalars spread", "y = a*x", {2, 4, 6}},
    {"no broadcasting by size 1", "dim One = 1\nconst o[One] = [1]\ny = x + o", {}, "E203"},
    {"no broadcasting of a missing axis", "y = s + x", {}, "E205"},
    {"@ is the dot product", "y = x @ v", {32}},
    {"@ of a matrix", "y = x @ w", {22, 28}},
    {"@ from the left", "y = w @ u", {23, 53, 83}},
    {"@ of three", "y = x @ w @ u", {378}},
    {"@ of matrices", "y = w' @ w", {35, 44, 44, 56}},
    {"transposition", "y = w'", {1, 3, 5, 2, 4, 6}},
    {"twice is none", "y = w''", {1, 2, 3, 4, 5, 6}},
    {"only of rank 2", "y = x'", {}, "E229"},
    {"trailing subscripts may be left out", "y[i] = sum(h) w[i][h]", {3, 7, 11}},
    {"a row", "y = w[1]", {3, 4}},
    {"array literals hold expressions", "y[H, H] = [[a, -b], [b, a]]", {2, -3, 3, 2}},
    {"and take their dims from what they meet", "y = u + [a, b]", {9, 11}},
    {"of declared sizes only", "y = u + [1, 2, 3]", {}, "E203"},
    {"they may be subscripted", "y[i in D] = [3, 1, 2][i]", {3, 1, 2}},
    {"their dims have to be stated somewhere", "y = [1, 2]", {}, "E220"},
    {"conditions element by element", "z = x > 1\ny[i] = if z[i] then 1 else 0", {0, 1, 1}},
};

const std::vector<Row> rule_6 = {
    {"a function", "f(t) = 5*t^3\ny = f(2)", {40}},
    {"used before it is defined", "y = f(2)\nf(t) = 5*t^3", {40}},
    {"it reads the file's names", "f(t) = t + a\ny = f(1)", {3}},
    {"parameters hide them", "f(a) = a*10\ny = f(1)", {10}},
    {"generic in dims", "n(p[A]) = sum(i) p[i]\ny = n(x) + n(u)", {21}},
    {"which may be used as numbers", "n(p[A]) = A*p[0]\ny = n(x) + n(u)", {17}},
    {"a generic dim is one dim", "n(p[A], q[A]) = sum(i) p[i]*q[i]\ny = n(x, u)", {}, "E203"},
    {"two generic dims may be the same", "o(p[A], q[B])[i, j] = p[i]*q[j]\ny = o(u, u)", {49, 56, 56, 64}},
    {"a declared dim is itself", "n(p[D]) = sum(i) p[i]\ny = n(u)", {}, "E203"},
    {"with indices on the left",
     "dense(p[A], q[A, B], r[B])[j] = sum(i) p[i]*q[i, j] + r[j]\ny = dense(x, w, u)",
     {29, 36}},
    {"members as parameters", "pick(i in D) = x[i]\ny = pick(k)", {2}},
    {"a scalar function takes tensors by element", "f(t) = t^2\ny = f(x)", {1, 4, 9}},
    {"several arguments too", "f(p, q) = p*q\ny = f(x, a)", {2, 4, 6}},
    {"functions of functions", "f(t) = t + 1\ng(t) = f(f(t))\ny = g(1)", {3}},
    {"of conditions", "big(t) = t > 2\ny = sum(i if big(x[i])) x[i]", {3}},
    {"a call may be subscripted", "f(p[A]) = 2*p\ny = f(x)[1]", {4}},
    {"no function calls itself", "f(t) = f(t - 1)\ny = f(1)", {}, "E211"},
    {"not through another", "f(t) = g(t)\ng(t) = f(t)\ny = f(1)", {}, "E211"},
    {"not uncalled either", "f(t) = f(t - 1)\ny = 1", {}, "E211"},
    {"where, in any order", "y = p + q  where p = 2*q, q = a*b", {18}},
    {"where behind a function", "f(t) = q*t where q = t^2\ny = f(b)", {27}},
    {"where a function acts by element", "f(t) = q*q where q = t + 1\ny = f(x)", {4, 9, 16}},
    {"where reads the indices of the left", "y[i] = q + 1 where q = x[i]^2", {2, 5, 10}},
    {"where has tensors", "y = q[1] where q = 2*x", {4}},
    {"with indices of their own", "y = sum(i) q[i]*x[i] where q[i] = x[i] + 1", {20}},
    {"and both", "y[i] = sum(h) q[h] where q[h] = x[i]*u[h]", {15, 30, 45}},
    {"whose ranges may be stated", "y = q[1] where q[j in 0..2] = 2*j", {2}},
    {"where hides the file's names", "y = a where a = b", {3}},
    {"where a number stays an integer", "y = x[n] where n = 1", {2}},
    {"where a condition has a name", "y = if big then 1 else 0 where big = a > 1", {1}},
    {"a side that is not taken is not evaluated",
     "y[i in D] = if i == 0 then 0 else q where q = x[i - 1]",
     {0, 1, 2}},
    {"but one that is has to fit", "y[i in D] = q where q = x[i - 1]", {}, "E215"},
    {"derivatives by local names", "y = diff(q^2, q) where q = 2*a", {8}},
    {"and through them", "f(t) = q*q where q = sin(t)\ny = f'(0)", {0}},
    {"where every name is used", "y = a where q = b", {}, "E209"},
    {"where nothing depends on itself", "y = p where p = q, q = p", {}, "E210"},
    {"where a name is defined once", "y = q where q = a, q = b", {}, "E202"},
    {"where a parameter is not defined again", "f(t) = t where t = a\ny = f(1)", {}, "E202"},
    {"an index bears no local name", "y = sum(q) x[q] where q = a", {}, "E206"},
    {"where a local name is no function", "y = q(1) where q = a", {}, "E216"},
    {"a parameter that is called", "f(g, t) = g(t)\ny = f(sin, 0)", {0}},
    {"of the file's functions", "sq(t) = t^2\nf(g, t) = g(g(t))\ny = f(sq, b)", {81}},
    {"which may take tensors", "sq(p[A]) = sum(i) p[i]^2\nf(g, p[A]) = g(2*p)\ny = f(sq, x)", {56}},
    {"with arguments left open", "of(p, q) = p - q\nf(g, t) = g(t)\ny = f(of(_, b), a)", {-1}},
    {"the first or the second", "of(p, q) = p - q\nf(g, t) = g(t)\ny = f(of(b, _), a)", {1}},
    {"several of them", "of(p, q, r) = p*q - r\nf(g, t) = g(t, 5)\ny = f(of(_, b, _), a)", {1}},
    {"that have tensors already", "of(p, q[A]) = p*sum(i) q[i]\nf(g, t) = g(t)\ny = f(of(_, x), a)", {12}},
    {"that depend on indices", "of(p, q) = p*q\nf(g, t) = g(t)\ny[i] = f(of(_, x[i]), a)", {2, 4, 6}},
    {"handed on", "sq(t) = t^2\nf(g, t) = g(t)\nh(g, t) = f(g, t) + 1\ny = h(sq, b)", {10}},
    {"and their derivatives", "sq(t) = t^3\nf(g, t) = g'(t)\ny = f(sq, a)", {12}},
    {"at any order", "sq(t) = t^3\nf(g, t) = g''(t)\ny = f(sq, a)", {12}},
    {"by the open argument", "of(p, q) = p^2*q\nf(g, t) = g'(t)\ny = f(of(_, b), a)", {12}},
    {"gradients of functions of tensors",
     "of(p[A], q) = q*sum(i) p[i]^2\nf(g, p[A]) = g'(p)\ny = f(of(_, b), x)",
     {6, 12, 18}},
    {"a derivative is a function", "sq(t) = t^3\nf(g, t) = g(t)\ny = f(sq', a)", {12}},
    {"a function inside itself, with another",
     "sq(t) = t^2\nf(g, t) = g(t) + 1\nm(t) = f(sq, t)\ny = f(m, b)",
     {11}},
    {"but not with the same", "f(g, t) = g(t)\nm(t) = f(m, t)\ny = f(m, b)", {}, "E211"},
    {"a number is no function", "f(g, t) = g(t)\ny = f(2, a)", {}, "E213"},
    {"a function is no number", "sq(t) = t^2\nf(t) = 2*t\ny = f(sq)", {}, "E213"},
    {"nor does it stand alone", "sq(t) = t^2\ny = sq", {}, "E213"},
    {"nor with open arguments", "of(p, q) = p*q\ny = of(_, 2)", {}, "E212"},
    {"it has its arguments", "of(p, q) = p*q\nf(g, t) = g(t)\ny = f(of, a)", {}, "E212"},
    {"so is one over an axis", "f(g, p[A]) = sum(i) i*g(p)[i]\ny = f(cumsum, x)", {15}},
    {"under an index whose range depends on another",
     "y[i in D] = sum(j in 0..i) det(j*(w' @ w))",
     {0, 24, 120}},
    {"and one that does not begin at 0", "y[i in D] = sum(j in i..2) det((j - i)*(w' @ w))", {120, 24, 0}},
    {"and one of matrices", "f(g, p[A, A]) = g(p)\ny = f(det, w' @ w)", {24}},
    {"with as many arguments", "f(g, p[A]) = g(p)\ny = f(dot, x)", {}, "E212"},
    {"but no derivative of it", "f(g, p[A]) = sum(i) g'(p)[i]\ny = f(softmax, x)", {}, "E304"},
    {"nor a function of names", "f(g, t) = g(t, t)\ny = f(diff, a)", {}, "E213"},
    {"over an axis means the last one", "y = cumsum(w)", {1, 3, 3, 7, 5, 11}},
    {"cumprod", "y = cumprod(x)", {1, 2, 6}},
    {"the number of arguments", "f(t) = t\ny = f(1, 2)", {}, "E212"},
    {"what is called is a function", "y = a(2)", {}, "E216"},
};

const std::vector<Row> rule_7 = {
    {"f'", "f(t) = t^3\ny = f'(2)", {12}},
    {"f''", "f(t) = t^3\ny = f''(2)", {12}},
    {"of a function of the table", "y = sin'(0)", {1}},
    {"by element", "f(t) = t^3\ny = f'(x)", {3, 12, 27}},
    {"of a function of a tensor: the gradient", "f(p[A]) = sum(i) p[i]^2\ny = f'(x)", {2, 4, 6}},
    {"diff", "e = sum(i) x[i]^2*a\ny = diff(e, x)", {4, 8, 12}},
    {"diff twice", "e = sum(i) u[i]^3\ny = diff(e, u, u)", {42, 0, 0, 48}},
    {"at a position, taken as a number", "f(t) = t^3\ny[i in D] = f'(i)", {0, 3, 12}},
    {"of an expression", "y = diff(a^3, a)", {12}},
    {"jacobian", "z[h] = sum(d) x[d]*w[d, h]\ny = jacobian(z, x)", {1, 3, 5, 2, 4, 6}},
    {"hessian", "e = u[0]^2*u[1]\ny = hessian(e, u)", {16, 14, 14, 0}},
    {"hvp", "e = u[0]^2*u[1]\ny = hvp(e, u, u)", {224, 98}},
    {"jvp", "z = x*x\ny = jvp(z, x, v)", {8, 20, 36}},
    {"vjp", "z = x*x\ny = vjp(z, x, v)", {8, 20, 36}},
    {"vjp along what moves itself", "f = a^3\nz = vjp(f, a, a)\ny = diff(z, a)", {36}},
    {"stop blocks", "y = diff(a*stop(a), a)", {2}},
    {"at every order", "y = diff(a*stop(a), a, a)", {0}},
    {"total, with everything upstream held", "z = a^2\ne = z*a\ny = diff(e, z)", {2}},
    {"through what lies between", "z = a^2\ne = z*a\ny = diff(e, a)", {12}},
    {"by an intermediate", "z[i] = x[i]^2\ne = sum(i) z[i]^2\ny = diff(e, z)", {2, 8, 18}},
    {"by one element", "e = sum(i) x[i]^2\ny = diff(e, x[1])", {4}},
    {"elements named by free indices", "z[i] = x[i]^2\ny[i] = diff(z[i], x[i])", {2, 4, 6}},
    {"by an element of a member", "z[i] = x[i]^2\ny[i] = diff(z[i], x[k])", {0, 4, 0}},
    {"of what does not depend on it", "y = diff(a, b)", {0}},
    {"inside a function, by its parameter", "f(t) = diff(t^2*a, t)\ny = f(3)", {12}},
    {"by something without a name", "y = diff(a, 3)", {}, "E302"},
    {"by a condition or integer", "y = diff(a, k)", {}, "E301"},
    {"prime on several arguments", "f(p, q) = p*q\ny = f'(1, 2)", {}, "E304"},
};

const std::vector<Row> rule_8 = {
    {"a choice", "y = if a > 1 then 10 else 20", {10}},
    {"evaluates one side only", "y = if a > 1 then a else log(0 - 1)", {2}},
    {"through named equations", "z = log(0 - a)\ny = if a > 1 then a else z", {2}},
    {"and differentiates one side only", "z = sqrt(a - 2)\ny = diff(if a > 2 then z else 3*a, a)", {3}},
    {"both sides may be tensors of one shape", "y = if a > 1 then x else v", {1, 2, 3}},
    {"a scalar side spreads", "y = if a > 3 then x else 0", {0, 0, 0}},
    {"the condition is a scalar", "y = if x > 1 then 1 else 2", {}, "E221"},
    {"not of two dims", "y = if a > 1 then x else u", {}, "E203"},
    {"conditions are named", "c = a > 1\ny = if c then 1 else 2", {1}},
    {"and, or, not", "y = if not (a > 1 and b > 5) or a == 7 then 1 else 2", {1}},
    {"chains in one direction", "y = if 1 < a <= 2 then 1 else 2", {1}},
    {"a chain down", "y = if b > a >= 2 > 1 then 1 else 2", {1}},
    {"!= and ==", "y = if a != b and a == 2 then 1 else 2", {1}},
    {"a number is no condition", "y = if a then 1 else 2", {}, "E213"},
    {"a condition is no number", "y = 1 + (a > 1)", {}, "E213"},
};

const std::vector<Row> rule_10 = {
    {"solve with a vector",
     "y = solve(w @ w' + [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [34, 76, 118])",
     {1, 1, 1}},
    {"solve with a matrix", "y[H, D] = solve([[0, 2], [4, 0]], w')", {0.5, 1, 1.5, 0.5, 1.5, 2.5}},
    {"solve_lower reads the lower triangle", "y[H] = solve_lower([[2, 9], [1, 4]], [4, 10])", {2, 2}},
    {"solve_upper the upper", "y[H] = solve_upper([[2, 1], [9, 4]], [5, 4])", {2, 1}},
    {"inv", "y[H, H] = inv([[0, 2], [4, 0]])", {0, 0.25, 0.5, 0}},
    {"det", "y = det([[0, 2], [4, 1]])", {-8}},
    {"logdet", "y = logdet([[1, 0], [0, 1]])", {0}},
    {"logdet is nan where det is not positive", "y = logdet([[0, 2], [4, 1]])", {nan}},
    {"cholesky is lower, of the symmetric part", "y[H, H] = cholesky([[4, 3], [1, 10]])", {2, 0, 1, 3}},
    {"cholesky is nan if not positive definite", "y[H, H] = cholesky([[1, 2], [2, 1]])", {nan, 0, nan, nan}},
    {"a singular system is nan", "y[H] = solve([[1, 2], [2, 4]], [1, 2])", {nan, nan}},
    {"under an index", "y[h] = solve([[2, 0], [0, 4]], [u[h], 4])[0]", {3.5, 4}},
    {"in a function, under an index",
     "const q[H, H] = [[0, 1], [1, 0]]\nf(m[A, A], t) = det(t*m)\ny[h] = f(q, u[h])",
     {-49, -64}},
    {"of a square matrix", "y = inv(w)", {}, "E260"},
    {"with a right side of vectors", "y = solve(s, 1)", {}, "E261"},
    {"of one dim", "y = solve(s, u)", {}, "E203"},
    {"in a const", "const c = det([[0, 2], [4, 1]])\ny = c", {-8}},
};

const std::vector<Row> recurrences = {
    {"in several lines", "y[0] = 1\ny[i + 1] = 2*y[i] + x[i]", {1, 3, 8, 19}},
    {"in one line", "y[t in D] = if t == 0 then 1 else 2*y[t - 1]", {1, 2, 4}},
    {"down", "y[D] = 1\ny[i] = 2*y[i + 1] + x[i]", {25, 12, 5, 1}},
    {"the last state", "h[0] = 1\nh[i + 1] = h[i]*x[i]\ny = h[D]", {6}},
    {"of order two", "y[0] = 1\ny[1] = 1\ny[i + 2] = y[i + 1] + y[i]  for i in D", {1, 1, 2, 3, 5}},
    {"with a numeric range", "y[0] = 1\ny[i + 1] = 2*y[i]  for i in 0..3", {1, 2, 4, 8, 16}},
    {"with ranges behind", "y[n + 1] = y[n] + 1  for n in H\ny[0] = 5", {5, 6, 7}},
    {"t + 1 alone: t is of T", "h[0] = 0\nh[i + 1] = h[i] + x[i]\ny[t] = h[t + 1]", {1, 3, 6}},
    {"alone it takes all states", "h[0] = 0\nh[i + 1] = h[i] + x[i]\ny[t] = 2*h[t]", {0, 2, 6, 12}},
    {"beside tensors over T", "h[0] = 0\nh[i + 1] = h[i] + x[i]\ny[t] = h[t]*x[t]", {0, 2, 9}},
    {"of vectors, trailing subscripts left out", "h[0] = 0\nh[t + 1] = h[t] + s[t]\ny = h[D]", {12, 15, 18}},
    {"of vectors by matrices", "h[0] = v\nh[t + 1] = h[t] @ s  for t in H\ny = h[H]", {1062, 1305, 1548}},
    {"coupled", "u0[i] = y[i] + 1\ny[0] = 1\ny[i + 1] = u0[i]*x[i]", {1, 2, 6, 21}},
    {"over two axes",
     "y[0, j] = 1\ny[i + 1, 0] = 1\ny[i + 1, j + 1] = y[i + 1, j] + y[i, j + 1]  for i in H, j in H",
     {1, 1, 1, 1, 2, 3, 1, 3, 6}},
    {"through a member",
     "const p[D] in D = [0, 0, 1]\ny[i] = if p[i] == i then 1 else 2*y[p[i]] + i",
     {1, 3, 8}},
    {"over all earlier ones", "y[i in D] = 1 + sum(j in 0..i - 1) y[j]", {1, 2, 4}},
    {"of conditions",
     "c[0] = a > 1\nc[i + 1] = c[i] and x[i] < 2\ny[i in 0..3] = if c[i] then 1 else 0",
     {1, 1, 0, 0}},
    {"a constant position", "h[0] = 0\nh[i + 1] = h[i] + x[i]\ny = h[4]", {}, "E215"},
    {"a circle that does not fall", "y[i] = z1[i]*x[i]\nz1[i] = y[i] + 1", {}, "E230"},
    {"no line for the first", "y[i + 1] = y[i]*x[i]", {}, "E232"},
    {"two for one", "y[0] = 1\ny[1] = 1\ny[i + 1] = y[i]*x[i]", {}, "E233"},
    {"a scalar circle", "y = z1 + 1\nz1 = y", {}, "E210"},
    {"with local names", "y[0] = 1\ny[i + 1] = q*y[i] where q = 2*x[i]", {1, 2, 8, 48}},
    {"that read the circle", "y[0] = q where q = a\ny[i + 1] = q + x[i] where q = 2*y[i]", {2, 5, 12, 27}},
    {"and each other, in any order", "y[0] = 1\ny[i + 1] = p where p = q + x[i], q = 2*y[i]", {1, 3, 8, 19}},
    {"where these alone tell the range", "y[0] = 1\ny[i + 1] = y[i] + q where q = x[i]", {1, 2, 4, 7}},
    {"down, with local names", "y[D] = 1\ny[i] = q + x[i] where q = 2*y[i + 1]", {25, 12, 5, 1}},
    {"in one line, under a condition",
     "y[i in D] = if i == 0 then x[0] else q + x[i] where q = 2*y[i - 1]",
     {1, 4, 11}},
    {"with a numeric range and local names",
     "y[0] = 1\ny[i + 1] = q for i in 0..3 where q = y[i] + i",
     {1, 1, 2, 4, 7}},
    {"from the second on",
     "y[0] = 1\ny[1] = 2\ny[i] = q*y[i - 1] for i in 2..4 where q = y[0] + i",
     {1, 2, 6, 24, 120}},
    {"local tensors",
     "y[0] = v\ny[t + 1] = q for t in H where q[i] = sum(j) y[t][j]*s[j, i]",
     {4, 5, 6, 66, 81, 96, 1062, 1305, 1548}},
    {"whose indices tell the shape",
     "h[0] = v\nh[t + 1] = q for t in H where q[i] = h[t][i]*x[i]\ny = h[H]",
     {4, 20, 54}},
    {"of the circle's shape",
     "h[0] = v\nh[t + 1] = q for t in H where q = h[t] @ s\ny = h[H]",
     {1062, 1305, 1548}},
    {"local iterates",
     "y[0] = 1\ny[i + 1] = p + y[i] where (q, p) = iterate q = x[i] to 2*q, p = 0 to p + 1 until q > 5 at "
     "most 9",
     {1, 4, 6, 7}},
    {"that hide what the file names", "y[0] = 1\ny[i + 1] = v*y[i] where v = x[i]", {1, 1, 2, 6}},
    {"local names of coupled equations",
     "u0[i] = q + 1 where q = y[i]\ny[0] = 1\ny[i + 1] = q where q = u0[i]*x[i]",
     {1, 2, 6, 21}},
    {"a circle through them that does not fall", "y[i in D] = q + 1 where q = y[i]/2", {}, "E230"},
    {"local names that read themselves", "y[0] = 1\ny[i + 1] = q*y[i] where q = x[i]*p, p = q", {}, "E210"},
    {"or that nothing reads", "y[0] = 1\ny[i + 1] = 2*y[i] + x[i] where q = x[i]", {}, "E209"},
    {"a circle through a name of an iterate",
     "z1[0] = 1\nz1[i + 1] = z1[i]*q  for i in D\n(q, p) = iterate p = z1[D] to p/2, r = 0 to p until p < 1 "
     "at most 3\ny = p",
     {},
     "E230"},
};

const std::vector<Row> recurrences_and_the_like = {
    {"in a setting", "param p init 0\nminimize y = p\ntrain { batch = mean(batch) 3 }", {}, "E433"},
    {"in a range", "y = sum(i in 0..argmax(batch) a) i", {}, "E433"},
    {"in a dim nothing is computed from data", "dim N = det(s)\ny = N", {}, "E217"},
    {"of functions of a circle", "f(t) = y*t\ny = f(1)", {}, "E210"},
    {"trace, norm, outer, dot and diag are there", "y = trace(s) + norm([3, 4])*0 + dot(x, v)", {47}},
};

const std::vector<Row> iterates = {
    {"until a condition holds", "y = iterate z = 10 to z/2 until z < 2 at most 50", {1.25}},
    {"asked after each step", "y = iterate z = 1 to z/2 until z < 2 at most 50", {0.5}},
    {"and then it stops", "y = iterate z = 10 to z/2 until z < 2 at most 3", {1.25}},
    {"at most so often", "y = iterate z = 10 to z/2 until z < 2 at most 2", {2.5}},
    {"a size as the limit", "y = iterate z = 10 to z + 1 until z < 0 at most D + 1", {14}},
    {"prev is the value before", "y = iterate z = 10 to z/2 until prev(z) - z < 1 at most 50", {0.625}},
    {"several are stepped from the old values",
     "y = iterate p = a to q, q = b to p until p == 3 at most 9",
     {3}},
    {"a name for each", "(y, q) = iterate p = 1 to p + r, r = 1 to 2*r until p > 10 at most 9\nz = q", {16}},
    {"whose states hide what the file names",
     "(y, q) = iterate a = 1 to a + b, b = 1 to 2*b until a > 10 at most 9",
     {16}},
    {"in a where",
     "y = p + q where (p, q) = iterate p = 1 to p + r, r = 1 to 2*r until p > 10 at most 9",
     {32}},
    {"for each index", "y[i] = iterate z = x[i] to 2*z until z > 10 at most 9", {16, 16, 12}},
    {"each as often as it needs",
     "y[i] = q where (p, q) = iterate p = x[i] to 2*p, n = 0 to n + 1 until p > 10 at most 9",
     {4, 3, 2}},
    {"under a sum", "y = sum(i) (iterate z = x[i] to 2*z until z > 10 at most 9)", {44}},
    {"tensors as states", "y = iterate q = x to q + v until norm(q) > 20 at most 9", {9, 12, 15}},
    {"of one shape throughout", "y = iterate q = x to q @ w until norm(q) > 20 at most 9", {}, "E205"},
    {"in a function",
     "root(t) = iterate z = t to (z + t/z)/2 until abs(z - prev(z)) < 1e-12 at most 50\ny = root(9) + "
     "root(a^2)",
     {5}},
    {"of elements", "double(t) = iterate z = t to 2*z until z > 10 at most 9\ny = double(x)", {16, 16, 12}},
    {"in each other",
     "y = iterate z = 1 to (iterate q = z to q + z until q > 5 at most 9) until z > 20 at most 9",
     {24}},
    {"inside of until",
     "y = iterate z = 1 to z + 1 until (iterate q = z to q + 1 until q > 9 at most 3) > 9 at most 9",
     {7}},
    {"only where it is wanted", "y = if a > 5 then (iterate z = 1 to z until z > 5 at most 9) else 4", {4}},
    {"derived by what it starts from",
     "y = diff(q, p)\nconst p = 3\nq = iterate z = p to z^2 until z > 50 at most 9",
     {108}},
    {"and by what it reads",
     "const p = 3\nq = iterate z = 2 to p*z until z > 50 at most 9\ny = diff(q, p)",
     {54}},
    {"a derivative by the state", "y = iterate z = 3 to z - diff(z^2, z)/4 until z < 1/2 at most 9", {0.375}},
    {"a derivative by a tensor of states",
     "f(t[A]) = sum(i) t[i]^2\ny = iterate q = x to q - f'(q)/4 until f(q) < 1 at most 9",
     {0.25, 0.5, 0.75}},
    {"a limit of one step at least", "y = iterate z = 1 to z until z > 2 at most 0", {}, "E218"},
    {"a limit of numbers and sizes", "y = iterate z = 1 to z until z > 2 at most a", {}, "E217"},
    {"a condition", "y = iterate z = 1 to z + 1 until z at most 9", {}, "E213"},
    {"that is a scalar", "y = iterate q = x to q until q > 2 at most 9", {}, "E221"},
    {"prev of a state only", "y = iterate z = 1 to z + 1 until prev(a) > 2 at most 9", {}, "E212"},
    {"and where it has one", "y = iterate z = 1 to prev(z) + 1 until z > 2 at most 9", {}, "E212"},
    {"two states of one name", "y = iterate z = 1 to z + 1, z = 2 to z until z > 2 at most 9", {}, "E202"},
    {"a state may not bear an index", "y[i] = iterate i = x[i] to i + 1 until i > 2 at most 9", {}, "E206"},
    {"an index may not bear a state", "y = iterate z = 1 to sum(z) x[z] until z > 2 at most 9", {}, "E206"},
    {"as many names as states", "(y, q) = iterate z = 1 to z + 1 until z > 2 at most 9\nr = q", {}, "E225"},
    {"names of states only", "(y, q) = a + b\nr = q", {}, "E225"},
    {"in a penalty", "const q = 8\npenalty y = iterate z = q to z/2 until z < 1 at most 9", {0.5}},
    {"in a metric", "metric y = iterate z = a to z/2 until z < 1 at most 9", {0.5}},
    {"by the implicit function theorem", "y = iterate implicit z = a to z/2 until z < 1 at most 9", {0.5}},
    {"of several states",
     "(y, q) = iterate implicit p = 1 to p + r, r = 1 to 2*r until p > 10 at most 9\nz = q",
     {16}},
    {"derived at the value found",
     "const p = 3\ny = diff(q, p)\nq = iterate implicit z = p to z/2 + p until z > 0 at most 9",
     {2}},
};

const std::vector<Row> ranges_and_positions = {
    {"an index alone ranges over the axis", "y[i] = x[i]", {1, 2, 3}},
    {"inside arithmetic only: the largest range that fits", "y[i] = x[i + 1]", {2, 3}},
    {"a valid convolution", "y[i] = sum(h) x[i + h]*u[h]", {23, 38}},
    {"with stride", "y[i] = x[2*i]", {1, 3}},
    {"backwards", "y[i] = x[2 - i]", {3, 2, 1}},
    {"stated by a dim", "y[i in H] = i", {0, 1}},
    {"stated by numbers", "y[i in 0..1] = x[i + 1]", {2, 3}},
    {"stated behind the equation", "y[i] = x[i + 1]  for i in H", {2, 3}},
    {"a numeric range subscripts any axis it fits", "y = sum(i in 0..1) x[i]*u[i]", {23}},
    {"but one that it does not fit", "y = sum(i in 0..2) x[i]*u[i]", {}, "E215"},
    {"one used as a number has to be stated", "y[i] = 2*i", {}, "E208"},
    {"as a number an index is its position", "y[i] = i*x[i]", {0, 2, 6}},
    {"`+ 0` makes a position of a member", "y[h in H] = x[h + 0]", {1, 2}},
    {"alone it is a member", "y[h in H] = x[h]", {}, "E203"},
    {"comparing indices compares positions", "y = sum(i, h if i == h) x[i]*u[h]", {23}},
    {"a dim is its size", "y = D/2", {1.5}},
    {"positions divide as numbers do", "y[i in D] = i/2", {0, 0.5, 1}},
    {"range-checked", "y = x[3]", {}, "E215"},
    {"where guards let them be reached", "y[i in D] = if i == 0 then x[0] else x[i]*x[i - 1]", {1, 2, 6}},
    {"and else are not", "y[i in D] = if i == 1 then x[0] else x[i]*x[i - 1]", {}, "E215"},
    {"a filter guards too", "y[i in D] = sum(j in 0..5 if i + j < D) x[i + j]", {6, 5, 3}},
    {"from below", "y = x[-1]", {}, "E215"},
    {"the last position", "y = x[D - 1]", {3}},
};

const std::vector<Row> reductions = {
    {"nested is the same as together", "y = sum(i) sum(j) s[i, j]", {45}},
    {"together", "y = sum(i, j) s[i, j]", {45}},
    {"the body ends before +", "y = sum(i) x[i] - 1", {5}},
    {"before a comparison", "y = if sum(i) x[i] > 5 then 1 else 0", {1}},
    {"max of numbers is a function", "y = max(a, b)", {3}},
    {"max of a term is a reduction", "y = max(i) x[i]", {3}},
    {"a sum of nothing", "y = sum(i in 0..-1) 1*i", {0}},
    {"a product of nothing", "y = prod(i in 0..-1) i", {1}},
    {"max of nothing", "y = max(i if x[i] > 5) x[i]", {-inf}},
    {"min of nothing", "y = min(i if x[i] > 5) x[i]", {inf}},
    {"logsumexp of nothing", "y = logsumexp(i if x[i] > 5) x[i]", {-inf}},
    {"mean of nothing", "y = mean(i if x[i] > 5) x[i]", {nan}},
    {"any and all of nothing",
     "y = if any(i if x[i] > 5) (x[i] > 0) or not all(i if x[i] > 5) (x[i] < 0) then 1 else 0",
     {0}},
    {"a factor swallowed by max warns", "y = max(i) x[i]*a", {6}, "W204"},
    {"not in front", "y = max(i) a*x[i]", {6}},
    {"by sum it does not matter", "y = sum(i) x[i]*a", {12}},
    {"behind a slash it is an error", "y = 1 / sum(i) x[i]*a", {}, "E223"},
    {"with parentheses it is fine", "y = 12 / (sum(i) x[i])*a", {4}},
    {"without other factors it is fine", "y = 12 / sum(i) x[i]", {2}},
};

const std::vector<Row> numbers = {
    {"literals are exact", "y = 1/10 + 2/10 - 3/10", {0.1 + 0.2 - 0.3}},
    {"one quotient is rounded once", "y = 3*(1/3)", {1}},
    {"minus binds weaker than ^", "y = -a^2", {-4}},
    {"^ associates to the right", "y = 2^3^2", {512}},
    {"2^-x", "y = 2^-a", {0.25}},
    {"an integer exponent of a negative base", "y = (0 - a)^3", {-8}},
    {"an index as exponent", "y = sum(i in 0..3) (0 - a)^i", {-5}},
    {"x^0 is 1", "y = (a - 2)^0", {1}},
    {"with an index too", "y = sum(i in 0..2) (a - 2)^i", {1}},
    {"pi", "y = cos(pi)", {-1}},
    {"e is an ordinary name", "y = e", {}, "E201"},
    {"1e-5", "y = 1e-5*1e5", {1}},
};

const std::vector<Row> names_and_lines = {
    {"names in any script", "θ = 3\ny = θ + 1", {4}},
    {"minimize with an expression", "param p init 0\nminimize y = p*0 + a", {}, ""},
    {"minimize a name", "y = a\nminimize y", {2}},
    {"penalty of an input", "input q\npenalty y = q", {}, "E404"},
    {"penalty through a name", "input q\nz = 2*q\npenalty y = z", {}, "E404"},
    {"a metric is a scalar", "metric y = x", {}, "E405"},
    {"an objective is a scalar", "minimize y = x", {}, "E405"},
    {"a check that holds", "check shape(w) == [D, H]\ncheck D > H\ny = 1", {1}},
    {"a check of a shape that fails", "check shape(w) == [H, D]\ny = 1", {}, "E411"},
    {"a check of numbers that fails", "check D < H\ny = 1", {}, "E411"},
    {"a check through equations", "q = D + H\ncheck q == 5\ny = q", {5}},
    {"an unknown key", "param p init 0\nminimize y = p\ntrain { optimiser = adam }", {}, "E401"},
    {"an unknown optimizer", "param p init 0\nminimize y = p\ntrain { optimizer = adan }", {}, "E402"},
};

void expect(const Row& row) {
  SCOPED_TRACE(std::string(row.rule) + "\n" + row.text);
  const Checked c = checked(head + std::string(row.text));
  const std::string code = row.code;
  if (!code.empty()) EXPECT_NE(c.said.find("[" + code + "]"), std::string::npos) << c.said;
  if (code.starts_with("E")) {
    EXPECT_FALSE(c.model);
    for (const Diagnostic& d : c.diagnostics)  // and nothing that only follows from it
      EXPECT_TRUE(d.severity() == Severity::warning || c.said.find("[" + code + "]") != std::string::npos)
          << c.said;
    std::size_t errors = 0;
    for (const Diagnostic& d : c.diagnostics) errors += d.severity() == Severity::error;
    EXPECT_EQ(errors, 1u) << c.said;
    return;
  }
  ASSERT_TRUE(c.model) << c.said;
  EXPECT_EQ(verify(c.model->system), "");
  if (row.y.empty()) return;
  const std::vector<double> y = values(c, "y");
  ASSERT_EQ(y.size(), row.y.size());
  for (std::size_t i = 0; i < y.size(); ++i)
    if (std::isnan(row.y[i]))
      EXPECT_TRUE(std::isnan(y[i])) << y[i];
    else if (std::isinf(row.y[i]))
      EXPECT_EQ(y[i], row.y[i]);
    else
      EXPECT_NEAR(y[i], row.y[i], 1e-12);
}

#define GRADC_RULES(name, table)              \
  TEST(Rules, name) {                         \
    for (const Row& row : table) expect(row); \
  }
GRADC_RULES(OneNameOneDefinition, rule_1)
GRADC_RULES(Declarations, rule_2)
GRADC_RULES(NominalDims, rule_3)
GRADC_RULES(Indices, rule_4)
GRADC_RULES(WholeTensors, rule_5)
GRADC_RULES(Functions, rule_6)
GRADC_RULES(Derivatives, rule_7)
GRADC_RULES(Choice, rule_8)
GRADC_RULES(LinearAlgebra, rule_10)
GRADC_RULES(Recurrences, recurrences)
GRADC_RULES(Iterates, iterates)
GRADC_RULES(NotYet, recurrences_and_the_like)
GRADC_RULES(RangesAndPositions, ranges_and_positions)
GRADC_RULES(Reductions, reductions)
GRADC_RULES(Numbers, numbers)
GRADC_RULES(NamesAndTrainingLines, names_and_lines)
#undef GRADC_RULES

// A position that some sizes have becomes a check, to be tested on the size that comes.
TEST(Rules, SizesThatHaveToSuffice) {
  const Checked c = checked("dim N\ninput x[N]\ny = x[3] + x[0] + x[N - 1] + (if N > 7 then x[7] else 0)");
  ASSERT_TRUE(c.model) << c.said;
  ASSERT_EQ(c.model->checks.size(), 1u);
  for (const std::int64_t size : {3, 4}) {
    System system = c.model->system;
    const TensorId holds =
        c.context->add_tensor({.name = c.context->unused_name("holds"), .type = Type::boolean});
    Definition definition{.tensor = {}, .rule = Define{c.model->checks[0].condition}};
    definition.tensor = holds;
    system.add(std::move(definition));
    Point<double> point;
    point.sizes[c.model->dims.at("N")] = size;
    EXPECT_EQ(Evaluator<double>(system, point).tensor(holds)->integers[0], size == 4);
  }
}

}  // namespace
}  // namespace gradc::test
