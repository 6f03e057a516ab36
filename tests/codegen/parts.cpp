// A model cut into modules that are compiled at the same time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/parts.h"

#include <gtest/gtest.h>

#include <set>

#include "compiler/codegen/object.h"
#include "tests/support/machine.h"
#include "tests/support/model_text.h"
#include "tests/support/networks.h"

namespace gradc::test {
namespace {

using codegen::Parts;

struct Compiled {
  explicit Compiled(const std::string& text)
      : file(model_of(text)), program(kernel::lower(gradient_of(file), {})) {}
  codegen::Model model() const { return {"test", GRADC_F64, std::span(&program, 1)}; }
  driver::ModelFile file;
  kernel::Program program;
};

std::string recurrence(int states) {
  std::string text = "dim T = 9\nparam x[T] init 1\n", sum = "0";
  for (int k = 0; k < states; ++k) {
    const std::string h = "h" + std::to_string(k);
    text += h + "[0] = " + std::to_string(k) + "/7\n" + h + "[t + 1] = sin(" + h + "[t])*x[t] + exp(-" + h +
            "[t]^2)\n";
    sum += " + " + h + "[T]";
  }
  return text + "minimize E = " + sum + "\n";
}

TEST(Parts, SmallModelsAreOne) {
  const Compiled m("param x init 2\nminimize E = x^2\n");
  EXPECT_EQ(Parts(m.model(), 8).count(), 1u);
  EXPECT_EQ(Parts(m.model(), 8).of(0, 0), 0u);
}

TEST(Parts, OneThreadHasOne) {
  const Compiled m(hidden_layer(30, 40));
  EXPECT_EQ(Parts(m.model(), 1).count(), 1u);
}

TEST(Parts, EachKernelIsInOneAndNoneIsEmpty) {
  const Compiled m(recurrence(12));
  const Parts parts(m.model(), 2);
  ASSERT_GT(parts.count(), 1u);
  std::set<std::size_t> used{0};  // with the calls
  for (std::size_t k = 0; k < m.program.kernels.size(); ++k) {
    EXPECT_LT(parts.of(0, k), parts.count());
    used.insert(parts.of(0, k));
  }
  EXPECT_EQ(used.size(), parts.count());
  const auto objects = codegen::compile(m.model(), {}, parts);
  ASSERT_TRUE(objects);
  EXPECT_EQ(objects->size(), parts.count());
}

}  // namespace
}  // namespace gradc::test
