// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/machine.h"

#include <cmath>
#include <limits>
#include <string>

#include "compiler/support/check.h"

namespace gradc {
namespace {

template <class Float>
MachineValue from_float(Float value) {
  if constexpr (sizeof(Float) == 4)
    return MachineValue::f32(value);
  else
    return MachineValue::f64(value);
}
template <class Signed>
MachineValue from_integer(Signed value) {
  if constexpr (sizeof(Signed) == 4)
    return MachineValue::i32(value);
  else
    return MachineValue::i64(value);
}

[[noreturn]] void no_such_operation(MachineOp op, MachineType type) {
  GRADC_UNREACHABLE(std::string(name(op)) + " of " + std::string(name(type)));
}

template <class Float>
MachineValue of_floats(MachineOp op, MachineType type, Float a, Float b, Float c) {
  switch (op) {
    case MachineOp::add: return from_float<Float>(a + b);
    case MachineOp::sub: return from_float<Float>(a - b);
    case MachineOp::mul: return from_float<Float>(a * b);
    case MachineOp::neg: return from_float<Float>(-a);
    case MachineOp::abs: return from_float<Float>(std::fabs(a));
    case MachineOp::div: return from_float<Float>(a / b);
    case MachineOp::fma: return from_float<Float>(std::fma(a, b, c));
    case MachineOp::sqrt: return from_float<Float>(std::sqrt(a));
    case MachineOp::floor: return from_float<Float>(std::floor(a));
    case MachineOp::ceil: return from_float<Float>(std::ceil(a));
    case MachineOp::trunc: return from_float<Float>(std::trunc(a));
    case MachineOp::rint: return from_float<Float>(std::rint(a));
    case MachineOp::copysign: return from_float<Float>(std::copysign(a, b));
    case MachineOp::equal: return MachineValue::boolean(a == b);
    case MachineOp::not_equal: return MachineValue::boolean(a != b);
    case MachineOp::less: return MachineValue::boolean(a < b);
    case MachineOp::less_equal: return MachineValue::boolean(a <= b);
    case MachineOp::bit_cast_to_integer:
      if constexpr (sizeof(Float) == 4)
        return MachineValue::i32(std::bit_cast<std::int32_t>(a));
      else
        return MachineValue::i64(std::bit_cast<std::int64_t>(a));
    case MachineOp::widen: return MachineValue::f64(static_cast<double>(a));
    case MachineOp::narrow: return MachineValue::f32(static_cast<float>(a));
    case MachineOp::select:
    case MachineOp::bit_and:
    case MachineOp::bit_or:
    case MachineOp::bit_xor:
    case MachineOp::bit_not:
    case MachineOp::shift_left:
    case MachineOp::shift_right:
    case MachineOp::shift_right_signed:
    case MachineOp::floor_div:
    case MachineOp::mod:
    case MachineOp::bit_cast_to_float:
    case MachineOp::integer_to_f32:
    case MachineOp::integer_to_f64: break;
  }
  no_such_operation(op, type);
}

template <class Signed>
Signed floor_quotient(Signed a, Signed b) {
  if (b == 0) return 0;
  if (b == -1)
    return static_cast<Signed>(std::make_unsigned_t<Signed>(0) -
                               static_cast<std::make_unsigned_t<Signed>>(a));
  const Signed quotient = a / b;
  return static_cast<Signed>(quotient - (a % b != 0 && (a < 0) != (b < 0)));
}

template <class Signed>
MachineValue of_integers(MachineOp op, MachineType type, Signed a, Signed b) {
  using Unsigned = std::make_unsigned_t<Signed>;
  const Unsigned ua = static_cast<Unsigned>(a), ub = static_cast<Unsigned>(b);
  auto wrapped = [](Unsigned value) { return from_integer(static_cast<Signed>(value)); };
  switch (op) {
    case MachineOp::add: return wrapped(ua + ub);
    case MachineOp::sub: return wrapped(ua - ub);
    case MachineOp::mul: return wrapped(ua * ub);
    case MachineOp::neg: return wrapped(Unsigned{0} - ua);
    case MachineOp::abs: return wrapped(a < 0 ? Unsigned{0} - ua : ua);
    case MachineOp::equal: return MachineValue::boolean(a == b);
    case MachineOp::not_equal: return MachineValue::boolean(a != b);
    case MachineOp::less: return MachineValue::boolean(a < b);
    case MachineOp::less_equal: return MachineValue::boolean(a <= b);
    case MachineOp::bit_and: return wrapped(ua & ub);
    case MachineOp::bit_or: return wrapped(ua | ub);
    case MachineOp::bit_xor: return wrapped(ua ^ ub);
    case MachineOp::bit_not: return wrapped(~ua);
    case MachineOp::shift_left: return wrapped(ua << ub);
    case MachineOp::shift_right: return wrapped(ua >> ub);
    case MachineOp::shift_right_signed: return from_integer(static_cast<Signed>(a >> ub));
    case MachineOp::floor_div: return from_integer(floor_quotient(a, b));
    case MachineOp::mod: return wrapped(b == 0 ? 0 : ua - ub * static_cast<Unsigned>(floor_quotient(a, b)));
    case MachineOp::bit_cast_to_float:
      if constexpr (sizeof(Signed) == 4)
        return MachineValue::f32(std::bit_cast<float>(a));
      else
        return MachineValue::f64(std::bit_cast<double>(a));
    case MachineOp::integer_to_f32: return MachineValue::f32(static_cast<float>(a));
    case MachineOp::integer_to_f64: return MachineValue::f64(static_cast<double>(a));
    case MachineOp::div:
    case MachineOp::fma:
    case MachineOp::sqrt:
    case MachineOp::floor:
    case MachineOp::ceil:
    case MachineOp::trunc:
    case MachineOp::rint:
    case MachineOp::copysign:
    case MachineOp::select:
    case MachineOp::bit_cast_to_integer:
    case MachineOp::widen:
    case MachineOp::narrow: break;
  }
  no_such_operation(op, type);
}

MachineValue of_booleans(MachineOp op, bool a, bool b) {
  if (op == MachineOp::bit_and) return MachineValue::boolean(a && b);
  if (op == MachineOp::bit_or) return MachineValue::boolean(a || b);
  if (op == MachineOp::bit_xor || op == MachineOp::not_equal) return MachineValue::boolean(a != b);
  if (op == MachineOp::equal) return MachineValue::boolean(a == b);
  if (op == MachineOp::bit_not) return MachineValue::boolean(!a);
  no_such_operation(op, MachineType::boolean);
}

struct OpFacts {
  std::string_view name;
  int operands;
};
constexpr OpFacts facts[] = {
    {"add", 2},
    {"sub", 2},
    {"mul", 2},
    {"neg", 1},
    {"abs", 1},
    {"div", 2},
    {"fma", 3},
    {"sqrt", 1},
    {"floor", 1},
    {"ceil", 1},
    {"trunc", 1},
    {"rint", 1},
    {"copysign", 2},
    {"equal", 2},
    {"not_equal", 2},
    {"less", 2},
    {"less_equal", 2},
    {"select", 3},
    {"bit_and", 2},
    {"bit_or", 2},
    {"bit_xor", 2},
    {"bit_not", 1},
    {"shift_left", 2},
    {"shift_right", 2},
    {"shift_right_signed", 2},
    {"floor_div", 2},
    {"mod", 2},
    {"bit_cast_to_integer", 1},
    {"bit_cast_to_float", 1},
    {"widen", 1},
    {"narrow", 1},
    {"integer_to_f32", 1},
    {"integer_to_f64", 1},
};
static_assert(std::size(facts) == static_cast<std::size_t>(MachineOp::integer_to_f64) + 1);

// POSIX's; calls pass numbers as doubles.
double bessel_jn(double n, double x) { return ::jn(static_cast<int>(n), x); }

struct LibmFunction {
  std::string_view name;
  double (*unary)(double);
  double (*binary)(double, double);
};
constexpr LibmFunction libm[] = {
    {"sin", std::sin, nullptr},     {"cos", std::cos, nullptr},     {"tan", std::tan, nullptr},
    {"asin", std::asin, nullptr},   {"acos", std::acos, nullptr},   {"atan", std::atan, nullptr},
    {"sinh", std::sinh, nullptr},   {"cosh", std::cosh, nullptr},   {"asinh", std::asinh, nullptr},
    {"acosh", std::acosh, nullptr}, {"atanh", std::atanh, nullptr}, {"cbrt", std::cbrt, nullptr},
    {"erf", std::erf, nullptr},     {"erfc", std::erfc, nullptr},   {"lgamma", std::lgamma, nullptr},
    {"pow", nullptr, std::pow},     {"hypot", nullptr, std::hypot}, {"atan2", nullptr, std::atan2},
    {"j0", ::j0, nullptr},          {"j1", ::j1, nullptr},          {"jn", nullptr, bessel_jn},
};

}  // namespace

std::string_view name(MachineOp op) { return facts[static_cast<std::size_t>(op)].name; }
int operand_count(MachineOp op) { return facts[static_cast<std::size_t>(op)].operands; }

std::string_view name(MachineType type) {
  switch (type) {
    case MachineType::f32: return "f32";
    case MachineType::f64: return "f64";
    case MachineType::i32: return "i32";
    case MachineType::i64: return "i64";
    case MachineType::boolean: return "boolean";
  }
  GRADC_UNREACHABLE("a MachineType");
}

MachineType result_type(MachineOp op, MachineType last_operand) {
  if (op >= MachineOp::equal && op <= MachineOp::less_equal) return MachineType::boolean;
  if (op == MachineOp::widen || op == MachineOp::integer_to_f64) return MachineType::f64;
  if (op == MachineOp::narrow || op == MachineOp::integer_to_f32) return MachineType::f32;
  if (op == MachineOp::bit_cast_to_integer)
    return last_operand == MachineType::f32 ? MachineType::i32 : MachineType::i64;
  if (op == MachineOp::bit_cast_to_float)
    return last_operand == MachineType::i32 ? MachineType::f32 : MachineType::f64;
  return last_operand;
}

MachineValue evaluate(MachineOp op, std::span<const MachineValue> x) {
  GRADC_CHECK(static_cast<int>(x.size()) == operand_count(op),
              "wrong number of operands for " + std::string(name(op)));
  if (op == MachineOp::select) {
    GRADC_CHECK(x[0].type == MachineType::boolean && x[1].type == x[2].type, "operands of select");
    return x[0].as_boolean() ? x[1] : x[2];
  }
  const MachineType type = x[0].type;
  for (const MachineValue& operand : x)
    GRADC_CHECK(operand.type == type, "operands of " + std::string(name(op)));
  const MachineValue zero, &a = x[0], &b = x.size() > 1 ? x[1] : zero, &c = x.size() > 2 ? x[2] : zero;
  switch (type) {
    case MachineType::f32: return of_floats<float>(op, type, a.as_f32(), b.as_f32(), c.as_f32());
    case MachineType::f64: return of_floats<double>(op, type, a.as_f64(), b.as_f64(), c.as_f64());
    case MachineType::i32: return of_integers<std::int32_t>(op, type, a.as_i32(), b.as_i32());
    case MachineType::i64: return of_integers<std::int64_t>(op, type, a.as_i64(), b.as_i64());
    case MachineType::boolean: return of_booleans(op, a.as_boolean(), b.as_boolean());
  }
  GRADC_UNREACHABLE("a MachineType");
}

double evaluate_libm(std::string_view function, std::span<const double> x) {
  for (const LibmFunction& known : libm) {
    if (known.name != function) continue;
    GRADC_CHECK(x.size() == (known.unary ? 1u : 2u),
                "wrong number of arguments for " + std::string(function));
    return known.unary ? known.unary(x[0]) : known.binary(x[0], x[1]);
  }
  GRADC_UNREACHABLE("no such function in the C library: " + std::string(function));
}

}  // namespace gradc
