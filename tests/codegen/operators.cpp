// Every operator as machine code: lanes, the rest of a vector and the plain level yield the bits that its
// recipe yields without code. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "compiler/operators/evaluating_emitter.h"
#include "compiler/operators/table.h"
#include "tests/diff/systems.h"
#include "tests/support/machine.h"

namespace gradc::test {
namespace {

constexpr std::int64_t size = 67;  // no multiple of any vector's lanes

bool is_real(const Operator& op) { return op.typing == Typing::real || op.typing == Typing::arithmetic; }

// Special values, numbers of all magnitudes, numbers where things happen.
std::vector<double> numbers(unsigned seed) {
  const double infinity = std::numeric_limits<double>::infinity();
  std::vector<double> x = {0.0,      -0.0, 1,  -1, 0.5, infinity, -infinity, std::nan(""),
                           0x1p-149, 700,  89, 5,  -5,  1e30,     -1e-30};
  std::mt19937_64 random(seed);
  std::shuffle(x.begin(), x.end(), random);
  const auto uniform = [&](double a, double b) { return std::uniform_real_distribution(a, b)(random); };
  while (x.size() < size) {
    const double size_of_number = std::exp2(uniform(0, 1) < 0.5 ? uniform(-3, 3) : uniform(-100, 100));
    x.push_back(static_cast<float>(uniform(0, 1) < 0.4 ? -size_of_number : size_of_number));
  }
  return x;
}

double recipe(const Operator& op, bool f32, const double* at) {
  EvaluatingEmitter e(f32);
  EmitValue x[3];
  for (int i = 0; i < op.arity; ++i)
    x[i] = e.argument(MachineValue::real(f32 ? MachineType::f32 : MachineType::f64, at[i]),
                      i == 0 && op.has_order() ? std::optional(Rational(2)) : std::nullopt);
  return e.value(op.emit(e, x)).as_real();
}

void expect_bits_of_recipe(const Operator& op, bool f32) {
  Builder b;
  const DimId n = b.dim("N", size);
  Point<double> point;
  kernel::FunctionSpec spec{.name = "apply", .system = {}, .arguments = {}, .results = {}};
  std::vector<Expr> operands;
  std::vector<std::vector<double>> at;
  for (int i = 0; i < op.arity; ++i) {
    at.push_back(numbers(static_cast<unsigned>(i)));
    if (i == 0 && op.has_order()) {
      operands.push_back(b.c.real(2));
      at.back().assign(size, 2);
      continue;
    }
    const TensorId x = b.given("x" + std::to_string(i), {n});
    operands.push_back(b(x, {b.slot(0, n)}));
    point.tensors[x] = {{size}, at.back(), {}};
    spec.arguments.push_back({x, GRADC_PARAM, -1, {}});
  }
  const TensorId y = b.define("y", {n}, b.c.apply(op, operands));
  b.system.set_outputs({y});
  spec.system = b.system;
  spec.results.push_back({y, GRADC_VALUE, -1, {}});
  const kernel::Program program = kernel::lower(spec, {.f32 = f32});
  std::vector<double> want;
  for (std::size_t i = 0; i < size; ++i) {
    const double x[] = {at[0][i], op.arity > 1 ? at[1][i] : 0, op.arity > 2 ? at[2][i] : 0};
    want.push_back(recipe(op, f32, x));
  }
  const codegen::Model model{"test", f32 ? GRADC_F32 : GRADC_F64, std::span(&program, 1)};
  Call interpreted(program, spec, point, {});
  ASSERT_EQ(interpreted.interpret(), GRADC_OK);
  EXPECT_EQ(different_bits({want}, interpreted.results()), "") << op.id << " interpreted";
  for (int level : {0, 2}) {
    const codegen::JitModel jit(model, {.level = level});
    Call compiled(program, spec, point, {});
    EXPECT_EQ(compiled.run(jit.info().functions[0]), GRADC_OK);
    EXPECT_EQ(different_bits({want}, compiled.results()), "") << op.id << (f32 ? " of f32" : "");
  }
}

TEST(Operators, CompileToTheBitsOfTheirRecipes) {
  for (const Operator* op : all_operators())
    for (const bool f32 : {false, true})
      if (is_real(*op) && op->arity > 0) expect_bits_of_recipe(*op, f32);
}

}  // namespace
}  // namespace gradc::test
