// Loop nests written by hand: the interpreter and the machine code of both levels agree bit for bit.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>

#include "compiler/codegen/jit.h"
#include "compiler/kernel/builder.h"

namespace gradc {
namespace {

using kernel::Buffer;
using kernel::BufferId;
using kernel::Builder;
using kernel::Combine;
using kernel::Op;
using kernel::Program;
using kernel::Scalar;
using kernel::Value;

// y[i] = x[i]·x[i] + 1 in lanes, and s = Σ y over lanes, and p = Π of the first three by carrying.
Program sums(Scalar real) {
  Program program;
  program.name = "sums";
  program.size_names = {"N"};
  const kernel::SizeId n = program.sizes.argument(0);
  const auto array = [&](const char* name, std::vector<kernel::SizeId> extents, bool result) {
    const BufferId id{static_cast<std::int32_t>(program.buffers.size())};
    program.arrays.push_back({name, result ? GRADC_VALUE : GRADC_INPUT, -1, std::nullopt, {}, id});
    program.buffers.push_back({name, real, std::move(extents),
                               result ? Buffer::Place::result : Buffer::Place::argument,
                               static_cast<std::int32_t>(program.arrays.size()) - 1});
    return id;
  };
  const BufferId x = array("x", {n}, false), y = array("y", {n}, true), s = array("s", {}, true),
                 p = array("p", {}, true);
  kernel::Kernel& kernel = program.kernels.emplace_back();
  kernel.name = "k0";
  Builder b(kernel);
  const Value zero = b.real(0, real), one = b.real(1, real);
  const Value i = b.begin_for(b.integer(0), b.size(n), real == Scalar::f64 ? 8 : 16);
  const Value element = b.load(x, real, {i}, {}, 0);
  const Value value = b.compute(Op::fma, {element, element, one});
  b.store(y, {i}, value);
  const Value total = b.reduce(Combine::add, zero, value),
              greatest = b.reduce(Combine::max, b.identity(Combine::max, real), element);
  b.end_for();
  b.store(s, {}, b.compute(Op::add, {total, greatest}));
  const Value j = b.begin_for(b.integer(0), b.size(n), 1);
  const Value product = b.carry(one);
  const Value inside = b.compute(Op::less, {j, b.integer(3)});
  b.next(product, b.compute(Op::select,
                            {inside, b.compute(Op::mul, {product, b.load(x, real, {j}, {}, 0)}), product}));
  const Value last = b.carried_result(product);
  b.end_for();
  b.store(p, {}, last);
  return program;
}

template <class Real>
void agree(Scalar real) {
  const Program program = sums(real);
  kernel::verify(program);
  const codegen::Model model{"test", real == Scalar::f64 ? GRADC_F64 : GRADC_F32, std::span(&program, 1)};
  const codegen::JitModel slow(model, {.level = 0}), fast(model);
  for (std::int64_t n = 0; n <= 40; ++n) {
    std::vector<Real> x(static_cast<std::size_t>(n));
    for (std::size_t i = 0; i < x.size(); ++i)
      x[i] = static_cast<Real>(std::sin(static_cast<double>(i + 1) * 1.7));
    if (n > 20) x[17] = std::numeric_limits<Real>::quiet_NaN();
    std::vector<std::vector<Real>> results;
    for (int how = 0; how < 3; ++how) {
      std::vector<Real> out(x.size() + 2, 7);
      Real* base = out.data();
      void* arrays[] = {x.data(), base, base + n, base + n + 1};
      std::int32_t status = -1;
      if (how == 0) {
        status = kernel::interpret(program, std::span(&n, 1), arrays);
      } else {
        const gradc_function_info& f = (how == 1 ? slow : fast).info().functions[0];
        std::vector<std::byte> workspace(static_cast<std::size_t>(f.workspace_bytes(&n)) + 64);
        void* aligned =
            workspace.data() + (64 - reinterpret_cast<std::uintptr_t>(workspace.data()) % 64) % 64;
        status = f.call(&n, arrays, nullptr, aligned, nullptr);
      }
      EXPECT_EQ(status, GRADC_OK);
      for (Real& r : out)
        if (std::isnan(r)) r = std::numeric_limits<Real>::quiet_NaN();
      results.push_back(out);
    }
    for (int how = 1; how < 3; ++how)
      EXPECT_EQ(std::memcmp(results[0].data(), results[static_cast<std::size_t>(how)].data(),
                            results[0].size() * sizeof(Real)),
                0)
          << "n = " << n << ", level " << how - 1;
  }
}

TEST(Loops, LanesAndCarriedValuesAgreeF64) { agree<double>(Scalar::f64); }
TEST(Loops, LanesAndCarriedValuesAgreeF32) { agree<float>(Scalar::f32); }

TEST(Loops, BadSizesAreRefused) {
  const Program program = sums(Scalar::f64);
  const codegen::JitModel jit({"test", GRADC_F64, std::span(&program, 1)});
  const gradc_function_info& f = jit.info().functions[0];
  std::int64_t n = -1;
  EXPECT_LT(f.workspace_bytes(&n), 0);
  n = std::numeric_limits<std::int64_t>::max() / 4;
  EXPECT_LT(f.workspace_bytes(&n), 0);
  void* arrays[] = {nullptr, nullptr, nullptr, nullptr};
  EXPECT_EQ(f.call(&n, arrays, nullptr, nullptr, nullptr), GRADC_BAD_ARGUMENT);
}

TEST(Loops, PrintIsReadable) {
  const std::string text = kernel::print(sums(Scalar::f64));
  EXPECT_NE(text.find("in 8 lanes"), std::string::npos) << text;
}

}  // namespace
}  // namespace gradc
