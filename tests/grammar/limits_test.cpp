// Models of absurd depth and size: read on a small call stack, or refused by a limit, in linear time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>
#include <pthread.h>

#include <algorithm>
#include <functional>

#include "grammar/parse.h"
#include "grammar/print.h"

namespace gradc {
namespace {

// What would recurse over the model ends the test here.
void on_small_stack(const std::function<void()>& run) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 256 << 10);
  pthread_t thread;
  auto start = [](void* run_it) -> void* {
    (*static_cast<const std::function<void()>*>(run_it))();
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&thread, &attributes, start, const_cast<void*>(static_cast<const void*>(&run))),
            0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  while (times-- > 0) out += text;
  return out;
}

// Parses, prints, and parses what was printed; the tree is freed here too.
void expect_round_trip(const std::string& text) {
  on_small_stack([&] {
    const Sources sources{Source("m.grad", text)};
    const auto program = parse(sources[0]);
    ASSERT_TRUE(program) << render(program.diagnostics(), sources);
    const std::string printed = syntax::print(*program);
    const auto again = parse(Source("m.grad", printed));
    ASSERT_TRUE(again);
    EXPECT_TRUE(syntax::print(*again) == printed);
  });
}

DiagnosticCode only_mistake(const std::string& text) {
  DiagnosticCode code = DiagnosticCode::E101;
  on_small_stack([&] {
    const Sources sources{Source("m.grad", text)};
    const auto program = parse(sources[0]);
    ASSERT_FALSE(program);
    ASSERT_EQ(program.diagnostics().size(), 1u) << render(program.diagnostics(), sources);
    code = program.diagnostics()[0].code;
  });
  return code;
}

constexpr std::size_t deep = 100'000;

TEST(Limits, NestingOfAHundredThousandIsRead) {
  expect_round_trip("a = " + repeated("(", deep) + "x" + repeated(")", deep));
  expect_round_trip("a = " + repeated("(1 + ", deep) + "x" + repeated(")", deep));
  expect_round_trip("a = " + repeated("f(", deep) + "x" + repeated(")", deep));
  expect_round_trip("a = " + repeated("x[", deep) + "i" + repeated("]", deep));
  expect_round_trip("a = " + repeated("[", deep) + "1" + repeated("]", deep));
  expect_round_trip("a = " + repeated("-", deep) + "x");
  expect_round_trip("a = " + repeated("not ", deep) + "x");
  expect_round_trip("a = " + repeated("x^", deep) + "x");
  expect_round_trip("a = " + repeated("sum(i) ", deep) + "x");
  expect_round_trip("a = " + repeated("if x then 1 else ", deep) + "2");
  expect_round_trip("a = x" + repeated("[i]", deep));
  expect_round_trip("a = x" + repeated("'", deep));
}

TEST(Limits, LongModelsAreRead) {
  on_small_stack([] {
    const std::string sum = "a = " + repeated("x + ", 1'000'000) + "1\n";
    const auto program = parse(Source("m.grad", sum));
    ASSERT_TRUE(program);
    EXPECT_TRUE(syntax::print(*program) == sum);
  });
  expect_round_trip(repeated("a = x\n", 100'000));
  expect_round_trip("a = [" + repeated("1, ", 300'000) + "1]");
}

TEST(Limits, EightMegabytesAreReadAndTenRefused) {
  const std::string line = "residual = weight*(target_of_this - sum(i) coefficient[i]*basis[i, j])^2\n";
  EXPECT_EQ(only_mistake(repeated(line, 10'000'000 / line.size() + 1)), DiagnosticCode::E013);
  const Source source("m.grad", repeated(line, 8'000'000 / line.size() + 1));
  const auto program = parse(source);
  ASSERT_TRUE(program);
  EXPECT_EQ(program->statements.size(), source.text().size() / line.size());
}

TEST(Limits, NestingOfAMillionIsRefused) {
  EXPECT_EQ(only_mistake("a = " + repeated("(", 1'000'000) + "x" + repeated(")", 1'000'000)),
            DiagnosticCode::E116);
  EXPECT_EQ(only_mistake("a = " + repeated("f(1, ", 1'000'000)), DiagnosticCode::E116);
  EXPECT_EQ(only_mistake("train { a = " + repeated("(", 1'000'000)), DiagnosticCode::E116);
}

TEST(Limits, RubbishEndsSoon) {
  for (const std::string& text :
       {repeated("$", 1'000'000), repeated("a = = 1\n", 100'000), repeated("((((]]]])))", 50'000),
        "a = " + repeated("x + * ", 100'000), repeated("\"", 100'000), repeated("train {", 100'000),
        repeated("x\n(\n", 50'000), repeated("}", 100'000), repeated("deriv x: 1\n", 100'000)}) {
    const Sources sources{Source("m.grad", text)};
    const auto program = parse(sources[0]);
    ASSERT_FALSE(program);
    EXPECT_LE(program.diagnostics().size(), 51u);
    EXPECT_FALSE(render(program.diagnostics(), sources).empty());
  }
}

TEST(Limits, ChildrenComeBeforeParents) {
  const auto program = parse(Source("m.grad",
                                    "a = f(x)[i]' * sum(j if j < 2) (if x[j] > 0 then -y else [1, "
                                    "2][j]^2)\nb = iterate s = 0 to s + 1 until s > 2 at most 5"));
  ASSERT_TRUE(program);
  for (std::size_t i = 0; i < program->exprs.size(); ++i) {
    const auto* binary = std::get_if<syntax::Binary>(&program->exprs[i].kind);
    EXPECT_TRUE(!binary || std::max(binary->left.value, binary->right.value) < static_cast<int>(i));
  }
  EXPECT_EQ(program->statements[0].first_expr.value, 0);
  EXPECT_EQ(program->statements[0].end_expr, program->statements[1].first_expr);
  EXPECT_EQ(static_cast<std::size_t>(program->statements[1].end_expr.value), program->exprs.size());
}

}  // namespace
}  // namespace gradc
