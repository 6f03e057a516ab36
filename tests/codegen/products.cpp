// Products of matrices around the edges of tiles, panels and blocks: machine code and the interpreter agree
// bit for bit, and nothing beside the result is written. SPDX-License-Identifier: Apache-2.0 WITH
// LLVM-exception
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "compiler/codegen/jit.h"
#include "compiler/kernel/builder.h"

namespace gradc {
namespace {

using kernel::Buffer;
using kernel::BufferId;
using kernel::Builder;
using kernel::Gemm;
using kernel::Program;
using kernel::Scalar;
using kernel::SizeId;
using kernel::Value;

enum : std::size_t { rows, columns, inner, gap };  // the sizes; rows of memory are longer by the gap

struct Kind {
  bool a_transposed = false, b_transposed = false, accumulate = false, fma = true;
};

Program product(Scalar real, Kind kind) {
  Program program;
  program.name = "product";
  program.size_names = {"M", "N", "K", "G"};
  std::vector<SizeId> size;
  for (int k = 0; k < 4; ++k) size.push_back(program.sizes.argument(k));
  const auto array = [&](const char* name, std::size_t row, std::size_t column, bool result) {
    const BufferId id{static_cast<std::int32_t>(program.buffers.size())};
    const auto number = static_cast<std::int32_t>(program.arrays.size());
    program.arrays.push_back({name, result ? GRADC_VALUE : GRADC_INPUT, -1, std::nullopt, {}, id});
    program.buffers.push_back(
        {name,
         real,
         {size[row], program.sizes.combine(kernel::Size::Kind::add, size[column], size[gap])},
         result ? Buffer::Place::result : Buffer::Place::argument,
         number});
    return id;
  };
  const auto matrix = [&](const char* name, std::size_t row, std::size_t column, bool transposed,
                          bool result) {
    return transposed ? array(name, column, row, result) : array(name, row, column, result);
  };
  const BufferId a = matrix("a", rows, inner, kind.a_transposed, false),
                 b = matrix("b", inner, columns, kind.b_transposed, false),
                 c = matrix("c", rows, columns, false, true);
  kernel::Kernel& kernel = program.kernels.emplace_back();
  kernel.name = "k0";
  Builder builder(kernel);
  const auto operand = [&](BufferId buffer, bool transposed) {
    const Value one = builder.integer(1),
                row = builder.size(program.buffers[static_cast<std::size_t>(buffer.value)].extents[1]);
    return Gemm::Operand{buffer, builder.integer(0), transposed ? one : row, transposed ? row : one,
                         !transposed};
  };
  builder.multiply({builder.size(size[rows]), builder.size(size[columns]), builder.size(size[inner]),
                    operand(a, kind.a_transposed), operand(b, kind.b_transposed), operand(c, false),
                    kind.accumulate, kind.fma});
  kernel::verify(program);
  return program;
}

template <class Real>
std::vector<Real> numbers(std::int64_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<Real> uniform(-1, 1);
  std::vector<Real> made(static_cast<std::size_t>(count));
  for (Real& x : made) x = uniform(random);
  return made;
}

template <class Real>
void agree(Kind kind) {
  const Scalar real = sizeof(Real) == 8 ? Scalar::f64 : Scalar::f32;
  const Program program = product(real, kind);
  const codegen::Model model{"test", real == Scalar::f64 ? GRADC_F64 : GRADC_F32, std::span(&program, 1)};
  const codegen::JitModel jit(model);
  const gradc_function_info& call = jit.info().functions[0];
  const std::int64_t few[] = {0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 50};
  std::mt19937 random(7);
  for (int trial = 0; trial < 200; ++trial) {
    const auto pick = [&] { return few[random() % std::size(few)]; };
    std::int64_t size[4] = {pick(), pick(), pick(), 0};
    if (trial % 4 == 0) size[inner] = 200 + static_cast<std::int64_t>(random() % 400);
    if (trial % 3 == 0) size[gap] = static_cast<std::int64_t>(random() % 5);
    if (trial % 5 == 0) size[gap] = (64 - size[columns] % 64) % 64;  // rows that share sets of the cache
    const auto elements = [&](std::size_t row, std::size_t column, bool transposed) {
      if (transposed) std::swap(row, column);
      return size[row] * (size[column] + size[gap]);
    };
    std::vector<Real> a = numbers<Real>(elements(rows, inner, kind.a_transposed), 1),
                      b = numbers<Real>(elements(inner, columns, kind.b_transposed), 2),
                      c = numbers<Real>(elements(rows, columns, false), 3), d = c;
    alignas(64) std::byte workspace[64];
    std::vector<void*> arrays{a.data(), b.data(), c.data()};
    ASSERT_EQ(kernel::interpret(program, size, arrays), GRADC_OK);
    arrays[2] = d.data();
    ASSERT_EQ(call.call(size, arrays.data(), nullptr, workspace, nullptr), GRADC_OK);
    ASSERT_TRUE(c.empty() || std::memcmp(c.data(), d.data(), c.size() * sizeof(Real)) == 0)
        << size[rows] << "x" << size[columns] << "x" << size[inner] << " and " << size[gap];
  }
}

TEST(Products, AllWaysThatOperandsLie) {
  for (const bool a : {false, true})
    for (const bool b : {false, true}) {
      agree<double>({.a_transposed = a, .b_transposed = b});
      agree<float>({.a_transposed = a, .b_transposed = b});
    }
}
TEST(Products, AddedToWhatIsThere) {
  agree<double>({.accumulate = true});
  agree<float>({.b_transposed = true, .accumulate = true});
}
TEST(Products, WithTwoRoundings) {
  agree<double>({.fma = false});
  agree<float>({.fma = false});
}

}  // namespace
}  // namespace gradc
