// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/recipes/lanes.h"

namespace gradc::recipe {

namespace {
// Calls take doubles.
std::size_t as_doubles(std::initializer_list<Lanes> arguments, EmitValue* out) {
  std::size_t count = 0;
  for (const Lanes& argument : arguments)
    out[count++] = (argument.is_f32() ? widen(argument) : argument).value;
  return count;
}
}  // namespace

Lanes call(std::string_view function, std::initializer_list<Lanes> arguments) {
  EmitValue x[2];
  const std::size_t count = as_doubles(arguments, x);
  Emitter* e = arguments.begin()->emitter;
  const Lanes result{e, e->call(function, std::span<const EmitValue>(x, count))};
  return arguments.begin()->is_f32() ? narrow(result) : result;
}

Lanes call_where(Lanes mask, std::string_view function, std::initializer_list<Lanes> arguments,
                 Lanes otherwise) {
  EmitValue x[2];
  const std::size_t count = as_doubles(arguments, x);
  Emitter* e = mask.emitter;
  const bool is_f32 = otherwise.is_f32();
  const Lanes other = is_f32 ? widen(otherwise) : otherwise;
  const Lanes result{e,
                     e->call_where(mask.value, function, std::span<const EmitValue>(x, count), other.value)};
  return is_f32 ? narrow(result) : result;
}

Lanes polynomial(Lanes x, std::span<const double> c) {
  Lanes result = x.constant(c.back());
  for (std::size_t i = c.size() - 1; i-- > 0;) result = fma(result, x, c[i]);
  return result;
}

// Knuth, The Art of Computer Programming 2, §4.2.2, theorem B.
Pair exact_sum(Lanes a, Lanes b) {
  const Lanes high = a + b;
  const Lanes of_b = high - a;
  const Lanes error_a = a - (high - of_b);
  return {high, error_a + (b - of_b)};
}
// Dekker, "A floating-point technique for extending the available precision" (1971).
Pair exact_sum_ordered(Lanes a, Lanes b) {
  const Lanes high = a + b;
  const Lanes of_b = high - a;
  return {high, b - of_b};
}
Pair exact_product(Lanes a, Lanes b) {
  const Lanes high = a * b;
  return {high, fma(a, b, -high)};
}

}  // namespace gradc::recipe
