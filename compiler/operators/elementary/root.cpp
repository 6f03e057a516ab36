// √s of a sum of squares s, as `norm` has it. At s = 0 the derivative is 0: the least subgradient of the
// norm, whose terms it multiplies (√'s own limit, +∞, would make 0·∞ of them). SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/arithmetic.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return sqrt(x[0]); };
constexpr Kink kinks[] = {{"x = 0", R"(\nabla\left\|x\right\| = 0)"}};
constexpr Sample samples[] = {{{0.5}, 0.70710678118654752}, {{3}, 1.7320508075688773}};
}  // namespace

OPERATOR(root) = {
    .id = "root",
    .text = call_form("root(#1)"),
    .latex = {R"(\sqrt{#1})", Precedence::atom},
    .domain = R"(x \ge 0)",
    .kinks = kinks,
    .partial = [](Context& c, int, Args,
                  Expr y) { return choose(equal(y, c.real(0)), c.real(0), 1 / (2 * y)); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::machine<MachineOp::sqrt>,
    .sampled = {0.01, 5},
    .samples = samples,
};

}  // namespace gradc
