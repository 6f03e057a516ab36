// Derivatives of elements by elements: the numbers are those of whole Jacobians, in both modes, and the cost
// is that of the elements. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include <algorithm>

#include "compiler/diff/derivative.h"
#include "compiler/equations/verify.h"
#include "tests/diff/systems.h"
#include "tests/support/differences.h"

namespace gradc::test {
namespace {

struct Elements {
  Builder& b;
  Element of, wrt;
  std::vector<DimId> dims;
  Point<double> point = {};

  std::int64_t size(DimId d) const { return size_of(b.c, d, point).value(); }
  std::int64_t count(std::span<const DimId> all) const {
    std::int64_t n = 1;
    for (DimId d : all) n *= size(d);
    return n;
  }

  // Where each element stands in the row-major tensor; -1 where it is out of range.
  std::vector<std::int64_t> places(const Element& element) {
    const auto n = static_cast<std::size_t>(count(dims));
    std::vector<std::int64_t> result(n, 0);
    for (std::size_t a = 0; a < element.at.size(); ++a) {
      System positions = b.system;
      const TensorId t = b.c.add_tensor({.name = b.c.unused_name("place"), .dims = dims});
      positions.add({t, Define{to_real(element.at[a])}});
      const std::int64_t extent = size(b.c.tensor(element.tensor).dims[a]);
      const std::vector<double> at = Evaluator<double>(positions, point).tensor(t)->reals;
      for (std::size_t k = 0; k < n; ++k) {
        const auto p = static_cast<std::int64_t>(at[k]);
        result[k] = result[k] < 0 || p < 0 || p >= extent ? -1 : result[k] * extent + p;
      }
    }
    return result;
  }

  // In both modes right, and on the way no more than `most` elements of one tensor (0: not counted).
  void expect_right(std::int64_t most = 0) {
    std::mt19937_64 random(7);
    fill_given(b.system, point, random);
    const std::vector<double> dense = differences(b.system, of.tensor, wrt.tensor, point);
    const std::vector<std::int64_t> rows = places(of), columns = places(wrt);
    const std::int64_t width = count(b.c.tensor(wrt.tensor).dims);
    for (const Mode mode : {Mode::reverse, Mode::forward, Mode::cheapest}) {
      System system = b.system;
      const std::size_t before = system.definitions().size();
      const TensorId derivative = add_element_derivative(system, of, wrt, dims, {}, mode);
      ASSERT_EQ(verify(system), "");
      const auto got = Evaluator<double>(system, point).tensor(derivative);
      ASSERT_TRUE(got);
      for (std::size_t k = 0; k < rows.size(); ++k) {
        const double want =
            rows[k] < 0 || columns[k] < 0 ? 0 : dense[static_cast<std::size_t>(rows[k] * width + columns[k])];
        EXPECT_NEAR(got->reals[k], want, 1e-11 * (1 + std::abs(want)))
            << "mode " << static_cast<int>(mode) << " element " << k;
      }
      for (std::size_t k = before; most > 0 && k < system.definitions().size(); ++k) {
        const Tensor& t = b.c.tensor(system.definitions()[k].tensor);
        EXPECT_LE(count(t.dims), most) << t.name << " mode " << static_cast<int>(mode);
      }
    }
  }
};

TEST(Elements, OfResidualsThatGather) {
  Builder b;
  const DimId P = b.dim("P", 7), N = b.dim("N", 3), U = b.dim("U", 2), Q = b.dim("Q", 4);
  const TensorId cam = b.members("cam", {P}, N), cams = b.given("cams", {N, Q}), f = b.given("f", {P, U});
  const Expr i = b.slot(0, P), at = b.slot(1, U);
  const TensorId s =
      b.define("s", {P}, tanh(b(cams, {b(cam, {i}), b.c.integer(2)})) + b(f, {i, b.c.integer(0)}));
  const TensorId p = b.define("p", {P, U}, b(cams, {b(cam, {i}), at + 0}) * exp(b(s, {i})) + b(f, {i, at}));
  const Binder u = b.c.over(U, "u");
  const TensorId rho = b.define("rho", {P}, sum({u}, pow(b(p, {i, b.at(u)}), 2)));
  const TensorId e =
      b.define("e", {P, U}, b(p, {i, at}) * b(rho, {i}) * b(cams, {b(cam, {i}), b.c.integer(3)}));
  Point<double> point;
  point.tensors[cam] = {{7}, {}, {2, 0, 2, 2, 1, 0, 1}};
  Elements{b, {e, {i, at}}, {cams, {b(cam, {i}), b.slot(2, Q)}}, {P, U, Q}, point}.expect_right(7 * 2 * 4);
  Elements{b, {e, {i, at}}, {f, {i, b.slot(1, U)}}, {P, U}, point}.expect_right(7 * 2 * 2);
  // Whatever is asked for, and not only what the structure has.
  Elements{b, {e, {i, at}}, {cams, {b.slot(2, N), b.slot(3, Q)}}, {P, U, N, Q}, point}.expect_right();
  Elements{b, {e, {i, at}}, {f, {b.slot(2, P), at}}, {P, U, P}, point}.expect_right();
}

// Many points read few vertices: a vertex's tangent is computed once, and not for each point.
TEST(Elements, OfManyThatGatherFew) {
  Builder b;
  const DimId P = b.dim("P", 12), V = b.dim("V", 3), A = b.dim("A", 2), Q = b.dim("Q", 4);
  const TensorId at = b.members("at", {P}, V), pose = b.given("pose", {Q}), base = b.given("base", {V, A});
  const Binder q = b.c.over(Q, "q");
  const TensorId vertex =
      b.define("vertex", {V, A}, sum({q}, tanh(b(pose, {b.at(q)}) * b(base, {b.slot(0, V), b.slot(1, A)}))));
  const Expr p = b.slot(0, P), a = b.slot(1, A);
  const TensorId moved =
      b.define("moved", {V, A}, exp(b(vertex, {b.slot(0, V), a})) * b(base, {b.slot(0, V), a}));
  const TensorId e = b.define("e", {P, A}, pow(b(moved, {b(at, {p}), a}), 2));
  Point<double> point;
  point.tensors[at] = {{12}, {}, {2, 0, 2, 2, 1, 0, 1, 1, 1, 0, 2, 0}};
  Elements{b, {e, {p, a}}, {pose, {b.slot(2, Q)}}, {P, A, Q}, point}.expect_right();
  System system = b.system;
  const std::size_t before = system.definitions().size();
  const TensorId derivative = add_element_derivative(system, {e, {p, a}}, {pose, {b.slot(2, Q)}},
                                                     std::vector{P, A, Q}, {}, Mode::cheapest);
  for (std::size_t k = before; k < system.definitions().size(); ++k)
    if (const TensorId t = system.definitions()[k].tensor; t != derivative)
      EXPECT_EQ(std::count(b.c.tensor(t).dims.begin(), b.c.tensor(t).dims.end(), P), 0) << b.c.tensor(t).name;
}

TEST(Elements, OfAStencilOverAStencil) {
  Builder b;
  const DimId N = b.dim("N", 8), F = b.dim("F", 7), R = b.dim("R", 6);
  const TensorId u = b.given("u", {N});
  const Expr f = b.slot(0, F), r = b.slot(0, R);
  const TensorId flux = b.define("flux", {F}, b(u, {f}) * tanh(b(u, {f + 1})));
  const TensorId res = b.define("res", {R}, b(flux, {r + 1}) * b(flux, {r}) + b(u, {r + 1}));
  for (int k = 0; k < 3; ++k) Elements{b, {res, {r}}, {u, {r + k}}, {R}}.expect_right(6);
  Elements{b, {res, {r}}, {u, {b.slot(1, N)}}, {R, N}}.expect_right(6 * 8);
}

// What a guard keeps in range stays there: x[i - 1] at i = 0 is never read.
TEST(Elements, OfWhatAGuardKeepsInRange) {
  Builder b;
  const DimId N = b.dim("N", 5);
  const TensorId x = b.given("x", {N});
  const Expr i = b.slot(0, N), first = equal(i, b.c.integer(0));
  const TensorId y = b.define("y", {N}, exp(b(x, {i})) * b(x, {i}));
  const TensorId z = b.define("z", {N}, choose(first, b(y, {i}), b(y, {i}) * b(y, {i - 1})));
  Elements{b, {z, {i}}, {x, {i}}, {N}}.expect_right(5);
  Elements{b, {z, {i}}, {x, {i - 1}}, {N}}.expect_right(5);
  Elements{b, {z, {i - 1}}, {x, {i - 2}}, {N}}.expect_right(5);
  Elements{b, {z, {b.c.integer(2)}}, {x, {i}}, {N}}.expect_right(5 * 5);
}

// The axis that goes through a circle unchanged stays one; the other is whole.
TEST(Elements, OfARecurrenceForEachExample) {
  Builder b;
  const DimId T = b.dim("T", 4), T1 = b.dim("T1", 5), I = b.dim("I", 6);
  const TensorId x = b.given("x", {T, I}), w = b.given("w", {I}), h0 = b.given("h0", {I});
  const TensorId h = b.derived("h", {T1, I});
  const Expr t = b.slot(0, T1), i = b.slot(1, I), j = b.slot(0, I);
  b.define(
      h, choose(equal(t, b.c.integer(0)), b(h0, {i}), tanh(b(w, {i}) * b(h, {t - 1, i}) + b(x, {t - 1, i}))));
  const TensorId z = b.define("z", {I}, pow(b(h, {b.c.size(T), j}), 2));
  Elements{b, {z, {j}}, {h0, {j}}, {I}}.expect_right(5 * 6);
  Elements{b, {z, {j}}, {w, {j}}, {I}}.expect_right(5 * 6);
  Elements{b, {z, {j}}, {x, {b.slot(1, T), j}}, {I, T}}.expect_right(5 * 6 * 4);
  Elements{b, {h, {t, i}}, {h0, {i}}, {T1, I}}.expect_right();
}

TEST(Elements, OfWhatMixesAnAxisAreRightAllTheSame) {
  Builder b;
  const DimId N = b.dim("N", 4);
  const TensorId x = b.given("x", {N});
  const Binder k = b.c.over(N, "k");
  const Expr i = b.slot(0, N);
  const TensorId a = b.define("a", {N}, exp(b(x, {i})));
  const TensorId total = b.define("total", {}, sum({k}, b(a, {b.at(k)})));
  const TensorId p = b.define("p", {N}, b(a, {i}) / b(total));
  const TensorId q = b.define("q", {N}, b(a, {i}) * sum({k}, b(a, {b.at(k)}) * b(a, {i})));
  for (const TensorId of : {p, q}) {
    Elements{b, {of, {i}}, {x, {i}}, {N}}.expect_right();
    Elements{b, {of, {i}}, {x, {b.slot(1, N)}}, {N, N}}.expect_right();
  }
}

TEST(Elements, OfATensorByItself) {
  Builder b;
  const DimId N = b.dim("N", 4);
  const TensorId x = b.given("x", {N});
  const Expr i = b.slot(0, N), j = b.slot(1, N);
  const TensorId y = b.define("y", {N}, pow(b(x, {i}), 2));
  Point<double> point;
  point.tensors[x] = {{4}, {1, 2, 3, 4}, {}};
  for (const Mode mode : {Mode::reverse, Mode::forward}) {
    System system = b.system;
    const TensorId d = add_element_derivative(system, {y, {i}}, {y, {j}}, std::vector{N, N}, {}, mode);
    EXPECT_EQ(Evaluator<double>(system, point).tensor(d)->reals,
              (std::vector<double>{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}));
  }
}

// Two sweeps from the same element share what they have in common.
TEST(Elements, ShareTheirAdjoints) {
  Builder b;
  const DimId N = b.dim("N", 4);
  const TensorId x = b.given("x", {N}), w = b.given("w", {N});
  const Expr i = b.slot(0, N);
  const TensorId a = b.define("a", {N}, b(x, {i}) * b(w, {i}));
  const TensorId y = b.define("y", {N}, tanh(exp(b(a, {i}))));
  System system = b.system;
  add_element_derivative(system, {y, {i}}, {x, {i}}, std::vector{N}, {}, Mode::reverse);
  const std::size_t before = system.definitions().size();
  add_element_derivative(system, {y, {i}}, {w, {i}}, std::vector{N}, {}, Mode::reverse);
  EXPECT_EQ(system.definitions().size(), before + 1);
}

}  // namespace
}  // namespace gradc::test
