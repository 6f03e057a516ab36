// Recurrences whose states are kept at checkpoints: how much memory is left, and what is not cut.
// tests/property compares their numbers. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include "compiler/checkpoint/segments.h"
#include "tests/support/model_text.h"

namespace gradc::test {
namespace {

std::string of_steps(const std::string& text, int steps) {
  return "dim T = " + std::to_string(steps) + "\n" + text;
}

// Of the gradient's workspace, for a batch of 10.
std::int64_t workspace(const std::string& text, bool recompute) {
  const driver::ModelFile file = model_of(text);
  const kernel::Program program = kernel::lower(gradient_of(file), {.recompute = recompute});
  const std::vector<std::int64_t> sizes(program.size_names.size(), 10);
  const auto values = kernel::evaluate(program.sizes, sizes);
  std::int64_t bytes = 0;
  for (kernel::SizeId slot : program.slots) bytes += values[static_cast<std::size_t>(slot.value)].value();
  return bytes;
}

struct Row {
  const char* name;
  const char* text;
};

const Row rows[] = {
    {"rnn",
     "dim H = 4\ninput x[T]\ntarget y\nparam u[H] init 0\nparam w[H, H] init 0\nparam v[H] init 0\n"
     "h[0] = 0\nh[t + 1] = tanh(x[t]*u + h[t] @ w)\nminimize E = (h[T] @ v - y)^2"},
    {"losses_on_the_way",
     "input x[T]\ntarget y[T]\nparam a init 0\nparam b init 0\n"
     "h[0] = 0\nh[t + 1] = sin(a*h[t] + x[t])\nguess[t] = b*h[t + 1]\nminimize E = sum(t) (guess[t] - "
     "y[t])^2"},
    {"two_states_through_gates",
     "dim H = 4\ninput x[T]\nparam w[H] init 0\nparam u[H] init 0\n"
     "gate[t, i] = sigmoid(x[t]*w[i] + h[t, i])\nc[0, i] = 0\nc[t + 1, i] = gate[t, i]*c[t, i] + u[i]*h[t, "
     "i]\n"
     "h[0, i] = 1\nh[t + 1, i] = tanh(c[t + 1, i])\nminimize E = sum(i) h[T, i]"},
    {"from_the_end",
     "input x[T]\nparam a init 0\nr[T] = 0\nr[t] = tanh(a*r[t + 1] + x[t])\nminimize E = r[0]^2"},
    {"an_iterate",
     "dim D = 4\ninput x[D]\nparam a[D] init 0\n"
     "(s, c) = iterate s = x to sin(a*s) + x, c = 0 to c + 1 until s[0] > 3 or c > 5 at most T\n"
     "minimize E = s[0]^2 + c"},
    {"an_iterate_in_an_iterate",
     "input x\nparam a init 0\n"
     "inner(z) = iterate s = z to sin(a*s) + z until s > 3 at most 20\n"
     "r = iterate s = x to inner(s) + x until s > 3 at most T\nminimize E = r^2"},
    {"two_iterates",
     "input x\nparam a init 0\n"
     "r = iterate s = x to sin(a*s) + x until s > 3 at most T\n"
     "q = iterate s = r to cos(a*s) + x until s > 3 at most T\nminimize E = r*q"},
    {"two_steps_back",
     "input x[T]\nparam a init 0\ny[0] = 1\ny[1] = a\ny[t + 2] = sin(a*y[t + 1] - y[t]) + x[t] for t in 0..T "
     "- 2\n"
     "minimize E = y[T]^2"},
};

class Memory : public testing::TestWithParam<Row> {};

TEST_P(Memory, grows_with_the_root_of_the_steps) {
  const std::string text = GetParam().text;
  const auto once = [&](int steps, bool recompute) { return workspace(of_steps(text, steps), recompute); };
  EXPECT_GE(once(10000, false), 90 * once(100, false));
  EXPECT_LE(once(10000, true), 12 * once(100, true));
  EXPECT_LE(once(10000, true), once(10000, false) / 15);
}

INSTANTIATE_TEST_SUITE_P(checkpoint, Memory, testing::ValuesIn(rows),
                         [](const auto& of) { return of.param.name; });

// The whole trajectory is read, in whatever order, by what comes after: it is kept, and the numbers are
// right.
TEST(Segments, what_is_needed_whole_is_kept) {
  const std::string text = of_steps(
      "input x[T]\nparam a init 0\nh[0] = 0\nh[t + 1] = sin(a*h[t] + x[t])\nminimize E = (max(t) h[t])^2",
      100);
  EXPECT_GE(workspace(text, true), 100 * 10 * 8);
}

// There is nothing to cut: few steps, or no gradient through time.
TEST(Segments, leave_other_systems_alone) {
  for (const std::string text :
       {"dim T = 3\ninput x[T]\nparam a init 0\nh[0] = 0\nh[t + 1] = a*h[t] + x[t]\nminimize E = h[T]",
        "input x\nparam a init 0\nminimize E = (a*x)^2"}) {
    const driver::ModelFile file = model_of(text);
    const System system = gradient_of(file).system;
    EXPECT_EQ(in_segments(system).definitions().size(), system.definitions().size()) << text;
  }
}

}  // namespace
}  // namespace gradc::test
