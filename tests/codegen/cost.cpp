// What kernels cost, as explain-cost counts it: operations by hand, and memory touched once.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/cost.h"

#include <gtest/gtest.h>

#include "tests/support/model_text.h"

namespace gradc::test {
namespace {

struct Row {
  const char* name;
  const char* text;  // of a model whose loss is computed for 4 examples
  double operations, loaded, stored;
};

const Row rows[] = {
    // a*x + b for 50 elements, and their sum
    {"sum", "dim D = 50\ninput x[D]\nparam a init 0\nparam b init 0\nminimize E = sum(i) (a*x[i] + b)",
     4 * 50 * 3.0, (4 * 50 + 2) * 8.0, 8},
    // a constant matrix by another: 40·60·20 multiplications and additions; then the sum of all
    {"product",
     "dim M = 40, N = 60, K = 20\nconst p[M, K]\nconst q[K, N]\ny = p @ q\nparam a init 0\nminimize E = "
     "a*(sum(i, j) y[i, j])",
     2 * 40 * 60 * 20 + 40 * 60, (40 * 20 + 20 * 60 + 40 * 60) * 8.0, (40 * 60 + 1) * 8.0},
};

class Costs : public testing::TestWithParam<Row> {};

// Within a tenth: what is done once, and not for every element, is not worth a formula here.
TEST_P(Costs, are_those_counted_by_hand) {
  const driver::ModelFile file = model_of(GetParam().text);
  const kernel::Program program = kernel::lower(evaluation_of(file), {});
  const std::vector<std::int64_t> sizes(program.size_names.size(), 4);
  kernel::Cost all;
  for (const kernel::Kernel& k : program.kernels) {
    const kernel::Cost c = kernel::cost(program, k, kernel::evaluate(program.sizes, sizes));
    all.operations += c.operations, all.loaded += c.loaded, all.stored += c.stored;
  }
  const Row& row = GetParam();
  EXPECT_NEAR(all.operations, row.operations, row.operations / 10);
  EXPECT_NEAR(all.loaded, row.loaded, row.loaded / 10);
  EXPECT_NEAR(all.stored, row.stored, 16 + row.stored / 10);
}

INSTANTIATE_TEST_SUITE_P(codegen, Costs, testing::ValuesIn(rows),
                         [](const auto& of) { return of.param.name; });

}  // namespace
}  // namespace gradc::test
