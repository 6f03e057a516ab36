// Every row by reverse and forward mode, in the evaluator, the kernel interpreter and the JIT at both levels.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <cmath>
#include <fstream>
#include <memory>

#include "compiler/diff/derivative.h"
#include "compiler/sema/check.h"
#include "compiler/simplify/simplify.h"
#include "compiler/simplify/stabilise.h"
#include "grammar/parse.h"
#include "tests/pitfalls/row.h"
#include "tests/support/machine.h"

namespace gradc::test {
namespace {

using Results = std::vector<std::vector<double>>;

// A row with its system: f, its gradient and, where it is asked, its Hessian; the gradient by forward mode.
struct Derived {
  Context context;
  Model model;
  Point<double> point;
  std::vector<TensorId> wanted;
  kernel::FunctionSpec spec;

  explicit Derived(const Row& row) {
    const Sources sources{Source("row.grad", row.program)};
    const Result<syntax::Program> program = parse(sources[0]);
    EXPECT_TRUE(program) << render(program.diagnostics(), sources);
    if (!program) return;
    Result<Model> checked = check(*program, context);
    EXPECT_TRUE(checked) << render(checked.diagnostics(), sources);
    if (!checked) return;
    model = std::move(*checked);
    std::vector<TensorId> wrt;
    for (const Given& given : row.at) {
      const TensorId t = give(given);
      if (!given.held) wrt.push_back(t);
    }
    derive(row, wrt);
  }

  TensorId find(const std::string& name) const {
    for (const Declaration& d : model.declarations)
      if (context.tensor(d.tensor).name == name) return d.tensor;
    for (TensorId t : model.equations)
      if (context.tensor(t).name == name) return t;
    return {};
  }
  TensorId give(const Given& given) {
    const TensorId t = find(given.name);
    Values<double>& v = point.tensors[t];
    for (DimId dim : context.tensor(t).dims) v.extents.push_back(size_of(context, dim, point).value());
    for (double x : given.values) {
      if (context.tensor(t).type == Type::integer)
        v.integers.push_back(static_cast<std::int64_t>(x));
      else
        v.reals.push_back(x);
    }
    return t;
  }
  void derive(const Row& row, const std::vector<TensorId>& wrt) {
    const TensorId f = find("f");
    System system = model.system;
    wanted = {f};
    if (!row.gradient.empty())
      for (TensorId t : add_adjoints(system, f, wrt)) wanted.push_back(t);
    if (!row.hessian.empty())
      for (std::size_t a = 0; a < wrt.size(); ++a)
        for (std::size_t b = a; b < wrt.size(); ++b) wanted.push_back(add_hessian(system, f, wrt[a], wrt[b]));
    if (!row.gradient.empty())
      for (TensorId t : wrt) wanted.push_back(add_jacobian(system, f, t));
    std::vector<TensorId> outputs;
    for (TensorId t : wanted)
      if (std::ranges::find(outputs, t) == outputs.end()) outputs.push_back(t);
    system.set_outputs(outputs);
    spec.name = "row";
    spec.system = stabilise(simplify(reachable(system)));
    for (const Given& given : row.at) spec.arguments.push_back({find(given.name), GRADC_PARAM, -1, {}});
    for (TensorId t : outputs) spec.results.push_back({t, GRADC_VALUE, -1, {}});
  }
  // Of each wanted tensor, from those of the outputs.
  std::vector<double> flat(const Results& results) const {
    std::vector<double> all;
    for (TensorId t : wanted)
      for (std::size_t r = 0; r < results.size(); ++r)
        if (spec.results[r].tensor == t) all.insert(all.end(), results[r].begin(), results[r].end());
    return all;
  }
};

void expect_row(const Row& row, const std::vector<double>& got, const std::string& where) {
  std::vector<double> want{row.value};
  for (const auto* part : {&row.gradient, &row.hessian, &row.gradient})  // reverse, second, forward
    want.insert(want.end(), part->begin(), part->end());
  ASSERT_EQ(got.size(), want.size()) << where;
  for (std::size_t i = 0; i < want.size(); ++i) {
    const bool exact = want[i] == 0 || std::isinf(want[i]);
    const bool right = std::isnan(want[i]) ? std::isnan(got[i])
                       : exact             ? got[i] == want[i]
                                           : std::abs(got[i] / want[i] - 1) <= row.tolerance;
    EXPECT_TRUE(right) << where << ", number " << i << ": " << got[i] << " and not " << want[i];
  }
}

// Rounding mode, flushing of denormals, masks: what a caller has set is none of our business.
unsigned floating_point_control() {
#if defined(__x86_64__)
  return __builtin_ia32_stmxcsr() & ~0x3fu;  // the lowest bits only note what has happened
#else
  return 0;
#endif
}

class Pitfalls : public testing::TestWithParam<Row> {};

TEST_P(Pitfalls, ValueGradientAndHessian) {
  const Row& row = GetParam();
  Derived d(row);
  if (HasFailure()) return;
  Evaluator<double> evaluator(d.spec.system, d.point);
  Results evaluated;
  for (const auto& result : d.spec.results) {
    const auto values = evaluator.tensor(result.tensor);
    ASSERT_TRUE(values) << evaluator.error();
    evaluated.push_back(values->reals);
  }
  expect_row(row, d.flat(evaluated), "evaluator");
  const kernel::Program program = kernel::lower(d.spec, {});
  Call interpreted(program, d.spec, d.point, {});
  ASSERT_EQ(interpreted.interpret(), GRADC_OK);
  expect_row(row, d.flat(interpreted.results()), "interpreter");
  for (int level : {0, 2}) {
    const codegen::JitModel jit({"row", GRADC_F64, std::span(&program, 1)}, {.level = level});
    Call compiled(program, d.spec, d.point, {});
    const unsigned control = floating_point_control();
    ASSERT_EQ(compiled.run(jit.info().functions[0]), GRADC_OK);
    EXPECT_EQ(floating_point_control(), control);
    EXPECT_EQ(different_bits(interpreted.results(), compiled.results()), "") << "level " << level;
  }
}

std::size_t pages_in_memory() {
  std::ifstream statistics("/proc/self/statm");
  std::size_t all = 0, resident = 0;
  statistics >> all >> resident;
  return resident;
}

TEST(Jit, LeavesNothingBehind) {
  Derived d({"Square", "input x\nf = x^2\n", {{"x", {3}}}, 9, {6}, {2}});
  const kernel::Program program = kernel::lower(d.spec, {});
  std::size_t before = 0;
  for (int turn = 0; turn < 300; ++turn) {
    if (turn == 100) before = pages_in_memory();
    const codegen::JitModel jit({"row", GRADC_F64, std::span(&program, 1)}, {});
    Call compiled(program, d.spec, d.point, {});
    ASSERT_EQ(compiled.run(jit.info().functions[0]), GRADC_OK);
  }
  EXPECT_LT(pages_in_memory(), before + before / 20);
}

std::string name_of(const testing::TestParamInfo<Row>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(Kinks, Pitfalls, testing::ValuesIn(kinks), name_of);
INSTANTIATE_TEST_SUITE_P(Limits, Pitfalls, testing::ValuesIn(limits), name_of);
INSTANTIATE_TEST_SUITE_P(Choices, Pitfalls, testing::ValuesIn(choices), name_of);
INSTANTIATE_TEST_SUITE_P(Rewritings, Pitfalls, testing::ValuesIn(rewritings), name_of);

}  // namespace
}  // namespace gradc::test
