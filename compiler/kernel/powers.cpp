// x^k with a whole number k that no data say: products instead of the exponential of a logarithm. Knuth, The
// Art of Computer Programming, vol. 2, §4.6.3. Of k's bits and x's squares at least one half usually does not
// change in the innermost loop, and is computed outside of it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/expression.h"
#include "compiler/operators/build.h"

namespace gradc::kernel {

// Beyond, rounding after each product would add up to more than pow's own error.
constexpr std::int64_t greatest_exponent = 255;

std::optional<bool> ExpressionWriter::whole_power(Expr e, Value path, Stack& stack, Value& result) {
  if (!e->is(op_pow) || !e->operands[1]->is(op_to_real)) return std::nullopt;
  const Expr parts[] = {e->operands[0], e->operands[1]->operands[0]};
  const std::optional<std::int64_t> most = ranges_.greatest(parts[1]);
  if (parts[1]->is_constant() || !most || *most > greatest_exponent) return std::nullopt;
  Value values[2];
  bool ready = true;
  for (int k = 0; k < 2; ++k)
    if (const Value* value = known(parts[k], path))
      values[k] = *value;
    else
      stack.emplace_back(parts[k], path), ready = false;
  if (!ready) return false;
  // In double, as pow is, so that the products of an f32 are as good as it.
  Value square = b_.convert(values[0], Scalar::f64);
  const Value one = b_.real(1, Scalar::f64);
  Value power = one;
  for (std::int64_t bit = 1; bit <= *most; bit *= 2) {
    const Value taken =
        b_.compute(Op::not_equal, {b_.compute(Op::bit_and, {values[1], b_.integer(bit)}), b_.integer(0)});
    const Value factor = b_.compute(Op::select, {taken, square, one});
    power = bit == 1 ? factor : b_.compute(Op::mul, {power, factor});
    square = b_.compute(Op::mul, {square, square});
  }
  result = b_.convert(power, real_);
  return true;
}

}  // namespace gradc::kernel
