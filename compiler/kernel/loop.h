// The loop IR: what the machine does, statement by statement, with every rounding and the order of every sum
// written out. Values are in static single assignment form: each is defined once, and is visible in its block
// after its definition and in the blocks inside. There is no mutable local: loops carry values, branches
// merge them. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

#include "compiler/kernel/size.h"
#include "compiler/operators/machine.h"

namespace gradc {
struct Operator;
}

namespace gradc::kernel {

// Registers. In memory, an integer is i32 and a boolean one byte; in registers, integers are i64 (i32 only as
// the bits of an f32).
using Scalar = MachineType;
using Op = MachineOp;
inline bool is_real(Scalar s) { return is_float(s); }
inline bool is_integer(Scalar s) { return s == Scalar::i64 || s == Scalar::i32; }

using BufferId = Id<struct BufferTag>;

struct Value {
  std::int32_t id = -1;
  constexpr bool valid() const { return id >= 0; }
  friend constexpr auto operator<=>(Value, Value) = default;
};

struct Statement;
using Block = std::vector<Statement>;

struct Constant {
  Value result;
  std::uint64_t bits;  // as MachineValue has them
};
struct SizeOf {
  Value result;
  SizeId size;
};
struct Compute {
  Value result;
  Op op;
  std::array<Value, 3> arguments;
};
// An operator as its recipe computes it (operator.h, `emit`), on real numbers of the result's type: the
// recipe's operations, under one name. For recipes that are longer than a few operations.
struct Elementary {
  Value result;
  const Operator* op;
  std::array<Value, 3> arguments;
};
// A function of the C library on doubles, where `mask` holds (not valid: everywhere), else `otherwise`.
struct MathCall {
  Value result;
  std::string_view function;  // of the recipes' texts, which live forever
  std::array<Value, 2> arguments;
  Value mask, otherwise;
};
// Where `mask` is valid and false, memory is not touched and the result is 0.
struct Load {
  Value result;
  BufferId buffer;
  std::vector<Value> subscripts;
  Value mask;
};
struct Store {
  BufferId buffer;
  std::vector<Value> subscripts;
  Value value;
  Value mask;
};
// buffer[subscripts] = buffer[subscripts] + value, or, with a factor, fma(value, factor, buffer[subscripts])
struct Accumulate {
  BufferId buffer;
  std::vector<Value> subscripts;
  Value value;
  Value mask;
  Value factor = {};
};
// Zeroes what lies behind the leading subscripts (none: the whole buffer).
struct Zero {
  BufferId buffer;
  std::vector<Value> leading;
};
// Where `failed`, the call will answer `status`; computing goes on.
struct Check {
  Value failed;
  std::int32_t status;
};

enum class Combine : std::uint8_t { add, mul, max, min, any, all };  // max, min: a NaN stays
const char* name(Combine combine);

// lanes = 1: iteration after iteration, values carried from one to the next.
// lanes = W > 1: iterations are independent; they may run W at a time.
// A reduction has W partial results, from the identity on: iteration i combines its term into partial number
//   (i - lower) mod W, where `mask` holds (of a sum with a factor: fma(term, factor, partial)); at the end,
//   for step = W/2, W/4, … 1, partial[l] = combine(partial[l], partial[l + step]); last, combine(initial,
//   partial[0]). So its bits depend on W alone, which is part of the program, and not on the machine's
//   vectors.
// With `stop` (lanes = 1): an iteration in which it holds is the last.
struct For {
  Value index;
  Value lower, upper;
  int lanes = 1;
  Value stop = {};
  struct Carried {
    Value initial, inside, next, result;
  };
  std::vector<Carried> carried;
  struct Reduction {
    Combine combine;
    Value initial, term, mask, result;
    Value factor = {};
  };
  std::vector<Reduction> reductions;
  Block body;
};
struct If {
  Value condition;
  Block then, otherwise;
  struct Merged {
    Value then, otherwise, result;
  };
  std::vector<Merged> merged;
};
// C = A·B (or C + A·B) on blocks of buffers. The inner positions are cut into ⌈k / depth⌉ blocks of the same
// length (the last may be shorter); in each, an element's products are added up in order, from 0 on, with fma
// or without, and the sum is added to the element, which is 0 before the first. The offsets are where the
// blocks begin, in elements; an operand's element (row, column) is at offset + row*row_stride +
// column*column_stride, and one of the two strides is 1.
struct Gemm {
  struct Operand {
    BufferId buffer;
    Value offset, row_stride, column_stride;
    bool rows_contiguous;  // column_stride is 1
  };
  Value m, n, k;
  Operand a, b, c;  // m×k, k×n, m×n
  bool accumulate = false;
  bool fma = true;
  static constexpr std::int64_t depth = 256;
};

struct Statement {
  std::variant<Constant, SizeOf, Compute, Elementary, MathCall, Load, Store, Accumulate, Zero, Check, For, If,
               Gemm>
      node;
};

}  // namespace gradc::kernel
