// Arithmetic of positions and members: exact, without derivative. Division by 0 yields 0; who evaluates a
// definition reports it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/arithmetic.h"

namespace gradc {

namespace {

std::int64_t floor_quotient(std::int64_t a, std::int64_t b) {
  if (b == 0) return 0;
  if (b == -1) return wrap_sub(0, a);
  const std::int64_t quotient = a / b;
  return quotient - (a % b != 0 && (a < 0) != (b < 0));
}

// a^n by squaring; 0 for negative n unless a is 1 or −1.
std::int64_t integer_power(std::int64_t a, std::int64_t n) {
  if (n < 0) return a == 1 ? 1 : a == -1 ? (n % 2 == 0 ? 1 : -1) : 0;
  std::int64_t result = 1;
  for (; n; n >>= 1, a = wrap_mul(a, a))
    if (n & 1) result = wrap_mul(result, a);
  return result;
}

}  // namespace

// ⌊x / y⌋
OPERATOR(floor_div) = {
    .id = "floor_div",
    .arity = 2,
    .typing = Typing::integer,
    .text = {"#1 div #2", Precedence::product, {Precedence::product, Precedence::unary}},
    .latex = {R"(\left\lfloor\frac{#1}{#2}\right\rfloor)", Precedence::atom},
    .evaluate_integer = [](const std::int64_t* x) { return floor_quotient(x[0], x[1]); },
    .emit = recipe::machine<MachineOp::floor_div>,
};

// x − y ⌊x / y⌋: the sign is y's.
OPERATOR(mod) = {
    .id = "mod",
    .arity = 2,
    .typing = Typing::integer,
    .text = {"#1 mod #2", Precedence::product, {Precedence::product, Precedence::unary}},
    .latex = {R"(#1\bmod #2)", Precedence::product, {Precedence::product, Precedence::unary}},
    .evaluate_integer =
        [](const std::int64_t* x) {
          return x[1] == 0 ? 0 : wrap_sub(x[0], wrap_mul(x[1], floor_quotient(x[0], x[1])));
        },
    .emit = recipe::machine<MachineOp::mod>,
};

// A `/` that must come out whole; who evaluates a definition reports where it does not.
OPERATOR(exact_div) = {
    .id = "exact_div",
    .arity = 2,
    .typing = Typing::integer,
    .text = {"#1 / #2", Precedence::product, {Precedence::product, Precedence::unary}},
    .latex = {R"(\frac{#1}{#2})", Precedence::unary},
    .evaluate_integer = [](const std::int64_t* x) { return floor_quotient(x[0], x[1]); },
    .emit = recipe::machine<MachineOp::floor_div>,
};

// A count of steps, and whether they have reached what they were made for (1) or not (0): in code, the call
// says so (GRADC_NOT_CONVERGED, kernel/expression.cpp).
OPERATOR(converged) = {
    .id = "converged",
    .arity = 2,
    .typing = Typing::integer,
    .text = {"#1", Precedence::atom},
    .latex = {"#1", Precedence::atom},
    .evaluate_integer = [](const std::int64_t* x) { return x[0]; },
    .emit = [](Emitter&, const EmitValue* x) { return x[0]; },
};

OPERATOR(integer_pow) = {
    .id = "integer_pow",
    .arity = 2,
    .typing = Typing::integer,
    .text = {"#1^#2", Precedence::power, {Precedence::postfix, Precedence::unary}},
    .latex = {"#1^{#2}", Precedence::power, {Precedence::postfix}},
    .evaluate_integer = [](const std::int64_t* x) { return integer_power(x[0], x[1]); },
    .emit = recipe::emits<recipe::integer_pow>,
};

}  // namespace gradc
