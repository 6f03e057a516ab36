// The table as a whole: names, prints, samples, and that doubles and Precise numbers agree.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/table.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "compiler/operators/build.h"
#include "compiler/operators/precise.h"

namespace gradc {
namespace {

bool is_real(const Operator& op) { return op.typing == Typing::real || op.typing == Typing::arithmetic; }

TEST(Table, HasEachNameOnce) {
  std::set<std::string_view> ids, names;
  for (const Operator* op : all_operators()) {
    EXPECT_TRUE(ids.insert(op->id).second) << op->id;
    EXPECT_EQ(find_operator(op->id), op) << op->id;
    if (op->name.empty()) continue;
    EXPECT_TRUE(names.insert(op->name).second) << op->name;
    EXPECT_EQ(find_operator(op->name), op) << op->name;
  }
  EXPECT_EQ(find_operator("no such function"), nullptr);
  EXPECT_EQ(find_operator("tanh"), &op_tanh);
  EXPECT_EQ(find_reduction("prod"), &reduce_prod);
}

TEST(Table, EveryEntryEvaluatesAndPrints) {
  for (const Operator* op : all_operators()) {
    SCOPED_TRACE(op->id);
    for (const PrintForm* form : {&op->text, &op->latex})
      for (int i = 1; i <= op->arity && op->id != "converged"; ++i)  // it shows its first alone
        EXPECT_NE(form->form.find("#" + std::to_string(i)), std::string_view::npos) << form->form;
    if (is_real(*op)) {
      EXPECT_NE(op->evaluate, nullptr);
      EXPECT_NE(op->evaluate_precise, nullptr);
      EXPECT_TRUE(op->arity == 0 || !op->samples.empty());
    } else if (op->typing != Typing::to_real) {
      EXPECT_NE(op->evaluate_integer, nullptr);
    }
  }
}

TEST(Table, SamplesAreRight) {
  for (const Operator* op : all_operators())
    for (const Sample& sample : op->samples) {
      SCOPED_TRACE(op->id);
      EXPECT_NEAR(op->evaluate(sample.at.data()), sample.value, 4e-16 * (1 + std::abs(sample.value)));
      const Precise at[] = {sample.at[0], sample.at[1], sample.at[2]};
      EXPECT_NEAR(op->evaluate_precise(at).to_double(), sample.value, 4e-16 * std::abs(sample.value));
    }
}

std::string content(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(GRADC_SOURCE_DIR "/" + path).rdbuf();
  return text.str();
}

TEST(Table, TheGuideShowsAnEntryAsItIs) {
  const std::string entry = content("compiler/operators/elementary/elu.cpp");
  ASSERT_FALSE(entry.empty());
  EXPECT_NE(content("docs/add-an-operator.md").find("```cpp\n" + entry + "```"), std::string::npos);
}

}  // namespace
}  // namespace gradc
