// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/arithmetic.h"

#include <array>
#include <cmath>
#include <limits>

#include "compiler/support/check.h"

namespace gradc::kernel {

namespace {

template <class T>
bool first_is_greatest(T a, T b) {
  if (std::isnan(a)) return true;
  if (std::isnan(b)) return false;
  return a == b ? !std::signbit(a) : b < a;
}

bool first_wins(Combine how, MachineValue a, MachineValue b) {
  const bool max = how == Combine::max;
  switch (a.type) {
    case Scalar::f64:
      return max ? first_is_greatest(a.as_f64(), b.as_f64()) : first_is_greatest(-a.as_f64(), -b.as_f64());
    case Scalar::f32:
      return max ? first_is_greatest(a.as_f32(), b.as_f32()) : first_is_greatest(-a.as_f32(), -b.as_f32());
    case Scalar::i64: return max ? a.as_i64() > b.as_i64() : a.as_i64() < b.as_i64();
    case Scalar::i32: return max ? a.as_i32() > b.as_i32() : a.as_i32() < b.as_i32();
    case Scalar::boolean: break;
  }
  GRADC_UNREACHABLE("the greatest of conditions");
}

}  // namespace

MachineValue combine(Combine how, MachineValue a, MachineValue b) {
  const std::array x = {a, b};
  switch (how) {
    case Combine::add: return evaluate(Op::add, x);
    case Combine::mul: return evaluate(Op::mul, x);
    case Combine::any: return evaluate(Op::bit_or, x);
    case Combine::all: return evaluate(Op::bit_and, x);
    case Combine::max:
    case Combine::min: return first_wins(how, a, b) ? a : b;
  }
  GRADC_UNREACHABLE("a combination of unknown kind");
}

MachineValue identity(Combine how, Scalar type) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const auto number = [&](double real, std::int64_t integer) {
    return is_real(type) ? MachineValue::real(type, real) : MachineValue::i64(integer);
  };
  switch (how) {
    case Combine::add: return number(0, 0);
    case Combine::mul: return number(1, 1);
    case Combine::max: return number(-infinity, std::numeric_limits<std::int64_t>::min());
    case Combine::min: return number(infinity, std::numeric_limits<std::int64_t>::max());
    case Combine::any: return MachineValue::boolean(false);
    case Combine::all: return MachineValue::boolean(true);
  }
  GRADC_UNREACHABLE("a combination of unknown kind");
}

}  // namespace gradc::kernel
