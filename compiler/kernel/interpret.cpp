// The reference meaning of the loop IR: one iteration after the other, lanes by their numbers. Recursion goes
// as deep as loops nest, no deeper. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

#include "compiler/equations/operator.h"
#include "compiler/kernel/arithmetic.h"
#include "compiler/kernel/program.h"
#include "compiler/operators/evaluating_emitter.h"
#include "compiler/support/check.h"
#include "compiler/support/overloaded.h"
#include "runtime/abi.h"

namespace gradc::kernel {

namespace {

// The memory of one call. Arena slots are buffers of their own here: sharing shows only in machine code.
struct Memory {
  std::vector<std::byte*> base;                    // by buffer
  std::vector<std::vector<std::int64_t>> strides;  // by buffer and axis
  std::vector<std::int64_t> elements;
  std::vector<std::vector<std::byte>> owned;
  std::vector<std::optional<std::int64_t>> sizes;
};

class Interpreter {
 public:
  Interpreter(const Program& program, const Kernel& kernel, const Memory& memory, std::int32_t& status)
      : program_(program),
        kernel_(kernel),
        memory_(memory),
        status_(status),
        values_(kernel.types.size(), 0) {}
  void run() { block(kernel_.body); }
  // The iterations of the kernel's loop from `first` on, before `end`.
  void run(std::int64_t first, std::int64_t end) {
    range_ = std::pair(first, end);
    run();
  }

 private:
  std::uint64_t& at(Value v) { return values_[static_cast<std::size_t>(v.id)]; }
  MachineValue number(Value v) { return {kernel_.type(v), at(v)}; }
  std::int64_t integer(Value v) { return static_cast<std::int64_t>(at(v)); }
  bool holds(Value mask) { return !mask.valid() || at(mask) != 0; }

  MachineValue sum(MachineValue before, Value value, Value factor) {
    if (!factor.valid()) return combine(Combine::add, before, number(value));
    const MachineValue x[] = {number(value), number(factor), before};
    return evaluate(Op::fma, x);
  }

  std::uint64_t elementary(const Elementary& e) {
    EvaluatingEmitter& recipe = kernel_.type(e.result) == Scalar::f32 ? f32_ : f64_;
    recipe.clear();
    EmitValue x[3];
    for (std::size_t k = 0; k < 3; ++k)
      if (e.arguments[k].valid()) x[k] = recipe.argument(number(e.arguments[k]));
    return recipe.value(e.op->emit(recipe, x)).bits;
  }

  std::byte* element(BufferId id, const std::vector<Value>& subscripts) {
    const auto b = static_cast<std::size_t>(id.value);
    std::int64_t offset = 0;
    for (std::size_t axis = 0; axis < subscripts.size(); ++axis)
      offset += integer(subscripts[axis]) * memory_.strides[b][axis];
    GRADC_CHECK(offset >= 0 && offset < memory_.elements[b],
                "kernel " + kernel_.name + " reaches outside " + program_.buffer(id).name);
    return memory_.base[b] + offset * static_cast<std::int64_t>(bytes(program_.buffer(id).element));
  }
  std::uint64_t read(BufferId id, const std::byte* from) const {
    const auto fetch = [&](auto zero) {
      std::memcpy(&zero, from, sizeof zero);
      return zero;
    };
    switch (program_.buffer(id).element) {
      case Scalar::f64:
      case Scalar::i64: return fetch(std::uint64_t{});
      case Scalar::f32: return fetch(std::uint32_t{});
      case Scalar::i32: return static_cast<std::uint64_t>(std::int64_t{fetch(std::int32_t{})});
      case Scalar::boolean: return fetch(std::uint8_t{}) != 0;
    }
    GRADC_UNREACHABLE("a buffer of unknown type");
  }
  // Little endian: the low bytes of a register come first.
  void write(BufferId id, std::byte* to, std::uint64_t bits) const {
    std::memcpy(to, &bits, bytes(program_.buffer(id).element));
  }

  void block(const Block& body) {
    for (const Statement& s : body) statement(s);
  }

  void statement(const Statement& s) {
    std::visit(
        overloaded{
            [&](const Constant& c) { at(c.result) = c.bits; },
            [&](const SizeOf& z) {
              at(z.result) =
                  static_cast<std::uint64_t>(*memory_.sizes[static_cast<std::size_t>(z.size.value)]);
            },
            [&](const Compute& c) {
              MachineValue x[3];
              const auto count = static_cast<std::size_t>(operand_count(c.op));
              for (std::size_t k = 0; k < count; ++k) x[k] = number(c.arguments[k]);
              at(c.result) = evaluate(c.op, std::span<const MachineValue>(x, count)).bits;
            },
            [&](const Elementary& e) { at(e.result) = elementary(e); },
            [&](const MathCall& c) {
              const bool two = c.arguments[1].valid();
              const double x[2] = {number(c.arguments[0]).as_f64(),
                                   two ? number(c.arguments[1]).as_f64() : 0};
              if (!holds(c.mask))
                at(c.result) = at(c.otherwise);
              else
                at(c.result) =
                    MachineValue::f64(evaluate_libm(c.function, std::span<const double>(x, two ? 2u : 1u)))
                        .bits;
            },
            [&](const Load& l) {
              at(l.result) = holds(l.mask) ? read(l.buffer, element(l.buffer, l.subscripts)) : 0;
            },
            [&](const Store& l) {
              if (holds(l.mask)) write(l.buffer, element(l.buffer, l.subscripts), at(l.value));
            },
            [&](const Accumulate& l) {
              if (!holds(l.mask)) return;
              std::byte* place = element(l.buffer, l.subscripts);
              const MachineValue before{kernel_.type(l.value), read(l.buffer, place)};
              write(l.buffer, place, sum(before, l.value, l.factor).bits);
            },
            [&](const Zero& z) { zero(z); },
            [&](const Check& c) {
              if (at(c.failed)) status_ = c.status;
            },
            [&](const For& f) { loop(f); }, [&](const If& i) { branch(i); },
            [&](const Gemm& g) {
              program_.buffer(g.c.buffer).element == Scalar::f64 ? multiply<double>(g) : multiply<float>(g);
            }},
        s.node);
  }

  void zero(const Zero& z) {
    const auto b = static_cast<std::size_t>(z.buffer.value);
    std::int64_t count = memory_.elements[b], offset = 0;
    if (!z.leading.empty()) {
      count = memory_.strides[b][z.leading.size() - 1];
      for (std::size_t axis = 0; axis < z.leading.size(); ++axis)
        offset += integer(z.leading[axis]) * memory_.strides[b][axis];
    }
    GRADC_CHECK(offset >= 0 && offset + count <= memory_.elements[b],
                "kernel " + kernel_.name + " zeroes outside " + program_.buffer(z.buffer).name);
    const auto width = static_cast<std::int64_t>(bytes(program_.buffer(z.buffer).element));
    std::memset(memory_.base[b] + offset * width, 0, static_cast<std::size_t>(count * width));
  }

  void loop(const For& f) {
    const auto [lower, upper] =
        std::exchange(range_, std::nullopt).value_or(std::pair(integer(f.lower), integer(f.upper)));
    for (const For::Carried& c : f.carried) at(c.inside) = at(c.initial);
    const auto width = static_cast<std::size_t>(f.lanes);
    std::vector<std::vector<MachineValue>> partial;
    for (const For::Reduction& r : f.reductions)
      partial.emplace_back(width, identity(r.combine, kernel_.type(r.result)));
    std::vector<std::uint64_t> next(f.carried.size());
    for (std::int64_t i = lower; i < upper; ++i) {
      at(f.index) = static_cast<std::uint64_t>(i);
      block(f.body);
      for (std::size_t k = 0; k < next.size(); ++k) next[k] = at(f.carried[k].next);
      for (std::size_t k = 0; k < next.size(); ++k) at(f.carried[k].inside) = next[k];
      for (std::size_t k = 0; k < partial.size(); ++k) {
        const For::Reduction& r = f.reductions[k];
        MachineValue& partial_sum = partial[k][static_cast<std::size_t>(i - lower) % width];
        if (holds(r.mask))
          partial_sum = r.factor.valid() ? sum(partial_sum, r.term, r.factor)
                                         : combine(r.combine, partial_sum, number(r.term));
      }
      if (f.stop.valid() && holds(f.stop)) break;
    }
    for (const For::Carried& c : f.carried) at(c.result) = at(c.inside);
    for (std::size_t k = 0; k < partial.size(); ++k) {
      const For::Reduction& r = f.reductions[k];
      for (std::size_t step = width / 2; step; step /= 2)
        for (std::size_t l = 0; l < step; ++l)
          partial[k][l] = combine(r.combine, partial[k][l], partial[k][l + step]);
      at(r.result) = combine(r.combine, number(r.initial), partial[k][0]).bits;
    }
  }

  void branch(const If& i) {
    const bool taken = at(i.condition) != 0;
    block(taken ? i.then : i.otherwise);
    for (const If::Merged& m : i.merged) at(m.result) = at(taken ? m.then : m.otherwise);
  }

  template <class Real>
  void multiply(const Gemm& g) {
    struct Matrix {
      Real* base;
      std::int64_t row, column;
      Real& at(std::int64_t i, std::int64_t j) const { return base[i * row + j * column]; }
    };
    const auto matrix = [&](const Gemm::Operand& o) {
      std::byte* buffer = memory_.base[static_cast<std::size_t>(o.buffer.value)];
      return Matrix{reinterpret_cast<Real*>(buffer) + integer(o.offset), integer(o.row_stride),
                    integer(o.column_stride)};
    };
    GRADC_CHECK(g.c.rows_contiguous, "the result of a block product has contiguous rows");
    const Matrix a = matrix(g.a), b = matrix(g.b), c = matrix(g.c);
    const std::int64_t k = integer(g.k),
                       blocks = std::max<std::int64_t>(1, (k + Gemm::depth - 1) / Gemm::depth),
                       length = (k + blocks - 1) / blocks;
    for (std::int64_t i = 0; i < integer(g.m); ++i)
      for (std::int64_t j = 0; j < integer(g.n); ++j) {
        Real element = g.accumulate ? c.at(i, j) : Real{0};
        for (std::int64_t p = 0; p < blocks; ++p) {
          Real sum = 0;
          for (std::int64_t l = p * length; l < std::min(k, (p + 1) * length); ++l)
            sum = g.fma ? std::fma(a.at(i, l), b.at(l, j), sum) : sum + a.at(i, l) * b.at(l, j);
          element = element + sum;
        }
        c.at(i, j) = element;
      }
  }

  const Program& program_;
  const Kernel& kernel_;
  const Memory& memory_;
  std::int32_t& status_;
  std::vector<std::uint64_t> values_;
  std::optional<std::pair<std::int64_t, std::int64_t>> range_;  // of the next loop
  EvaluatingEmitter f32_{true}, f64_{false};
};

void run_in_blocks(const Program& program, const Kernel& kernel, Memory& memory, std::int32_t& status) {
  const Blocks& blocks = *kernel.blocks;
  const auto size = [&](SizeId id) { return *memory.sizes[static_cast<std::size_t>(id.value)]; };
  const std::int64_t count = size(blocks.count), extent = size(blocks.extent);
  const auto base = [&](BufferId id) -> std::byte*& {
    return memory.base[static_cast<std::size_t>(id.value)];
  };
  const std::vector<std::byte*> totals = memory.base;
  for (std::int64_t b = 0; b < count; ++b) {
    for (const Blocks::Sum& sum : blocks.sums)
      if (b > 0) base(sum.total) = base(sum.parts) + (b - 1) * size(sum.bytes);
    Interpreter(program, kernel, memory, status).run(b * extent / count, (b + 1) * extent / count);
  }
  memory.base = totals;
}

}  // namespace

std::int32_t interpret(const Program& program, std::span<const std::int64_t> sizes,
                       std::span<void* const> arrays) {
  for (std::int64_t size : sizes)
    if (size < 0) return GRADC_BAD_ARGUMENT;
  Memory memory;
  memory.sizes = evaluate(program.sizes, sizes);
  if (!std::ranges::all_of(memory.sizes, [](const auto& size) { return size.has_value(); }))
    return GRADC_BAD_ARGUMENT;
  for (const Buffer& buffer : program.buffers) {
    std::vector<std::int64_t> strides(buffer.extents.size());
    std::int64_t count = 1;
    for (std::size_t axis = strides.size(); axis-- > 0;) {
      strides[axis] = count;
      const auto extent = memory.sizes[static_cast<std::size_t>(buffer.extents[axis].value)];
      if (!extent || *extent < 0 || __builtin_mul_overflow(count, *extent, &count)) return GRADC_BAD_ARGUMENT;
    }
    memory.strides.push_back(std::move(strides));
    memory.elements.push_back(count);
    if (buffer.array >= 0) {
      memory.base.push_back(static_cast<std::byte*>(arrays[static_cast<std::size_t>(buffer.array)]));
    } else {
      memory.owned.emplace_back(static_cast<std::size_t>(count) * bytes(buffer.element));
      memory.base.push_back(memory.owned.back().data());
    }
  }
  std::int32_t status = GRADC_OK;
  for (const Kernel& kernel : program.kernels) {
    if (kernel.blocks)
      run_in_blocks(program, kernel, memory, status);
    else
      Interpreter(program, kernel, memory, status).run();
  }
  return status;
}

}  // namespace gradc::kernel
