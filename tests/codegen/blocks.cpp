// Loops in blocks and products in parts, for several threads: which loops are cut and what their blocks have
// for themselves, and that results are the same bits for any number of threads, in any order of the blocks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include "runtime/thread_pool.h"
#include "tests/support/machine.h"
#include "tests/support/model_text.h"

namespace gradc::test {
namespace {

struct Row {
  const char* name;
  const char* text;
  const char* cut;  // of each kernel that is cut: how many buffers its blocks have for scratch, and for sums
};

const Row rows[] = {
    {"elements", "input x, y\nparam a init 1\nE = sin(a*x)*y\nminimize E", "0 2"},
    {"scratch",
     "dim H = 300\ninput x[H]\nparam w[H] init 1\nz[h] = exp(w[h]*x[h])\nE = sum(h) z[h]/(1 + max(j) z[j])\n"
     "minimize E",
     "1 2"},
    {"rows_of_their_own",
     "dim N = 9, M = 7\nparam x[N, M] init 1\ny[n, m] = x[n, m]^3\nE = sum(n, m) y[n, m]\nminimize E", "1 1"},
    {"an_index_from_data",
     "dim V = 5\ninput word in V\ninput y\nparam e[V] init 1\nE = (e[word] - y)^2\nminimize E", "0 1, 0 1"},
    // Time has an order, and so has the greatest.
    {"recurrence",
     "dim T = 12\nparam a init 1\nh[0] = a\nh[t+1] = sin(h[t]) for t in T\nE = sum(t in 0..T) h[t]\nminimize "
     "E",
     ""},
    {"greatest", "dim N = 9\nparam x[N] init 1\nE = max(n) x[n]^2\nminimize E", nullptr},
};

std::string cut_of(const kernel::Program& program) {
  std::string text;
  for (const kernel::Kernel& k : program.kernels)
    if (k.blocks)
      text += (text.empty() ? "" : ", ") + std::to_string(k.blocks->scratch.size()) + " " +
              std::to_string(k.blocks->sums.size());
  return text;
}

class InBlocks : public testing::TestWithParam<Row> {};

TEST_P(InBlocks, AreTheSameBits) {
  const driver::ModelFile file = model_of(GetParam().text);
  const kernel::FunctionSpec spec = gradient_of(file);
  const kernel::Program program = kernel::lower(spec, {.block_work = 1});
  if (GetParam().cut) EXPECT_EQ(cut_of(program), GetParam().cut);
  const codegen::JitModel jit({"test", GRADC_F64, std::span(&program, 1)});
  for (std::int64_t examples : {0, 1, 2, 15, 16, 17, 100}) {
    const Point<double> point = random_point(*file.context, spec, examples);
    const std::vector<std::int64_t> sizes(program.size_names.size(), examples);
    Call call(program, spec, point, sizes);
    ASSERT_EQ(call.interpret(), GRADC_OK);
    const auto values = call.results();
    const auto expect_same = [&](const gradc_pool* pool, const std::string& how) {
      EXPECT_EQ(call.run(jit.info().functions[0], pool), GRADC_OK);
      EXPECT_EQ(different_bits(values, call.results()), "") << examples << " examples, " << how;
    };
    expect_same(nullptr, "one thread");
    expect_same(&backwards, "backwards");
    for (int count = 1; count <= 5; ++count) {
      set_threads(count);
      expect_same(thread_pool(), std::to_string(count) + " threads");
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Blocks, InBlocks, testing::ValuesIn(rows),
                         [](const auto& of) { return of.param.name; });

// A status of one block is the call's.
TEST(Blocks, SayWhatWentWrongInOneOfThem) {
  const driver::ModelFile file =
      model_of("dim V = 5\ninput word in V\nparam e[V] init 1\nE = e[word]^2\nminimize E");
  const kernel::FunctionSpec spec = gradient_of(file);
  const kernel::Program program = kernel::lower(spec, {.block_work = 1});
  const codegen::JitModel jit({"test", GRADC_F64, std::span(&program, 1)});
  Point<double> point = random_point(*file.context, spec, 40);
  for (auto& [tensor, values] : point.tensors)
    if (!values.integers.empty()) values.integers[3] = 99;
  Call call(program, spec, point, {40});
  EXPECT_EQ(call.interpret(), GRADC_OUT_OF_RANGE);
  EXPECT_EQ(call.run(jit.info().functions[0]), GRADC_OUT_OF_RANGE);
  EXPECT_EQ(call.run(jit.info().functions[0], &backwards), GRADC_OUT_OF_RANGE);
}

// Models whose work does not fill two blocks are as they would be without any.
TEST(Blocks, AreNotMadeOfWhatIsSmall) {
  const driver::ModelFile file = model_of("dim N = 100\nparam x[N] init 1\nE = sum(n) x[n]^2\nminimize E");
  const kernel::Program program = kernel::lower(gradient_of(file), {});
  EXPECT_EQ(cut_of(program), "");
  EXPECT_EQ(program.kernels.size(), 1u);
}

// High, wide, and of rows that do not fill the threads.
TEST(Blocks, ShareProducts) {
  for (const char* sizes : {"N = 300, M = 40, K = 70", "N = 40, M = 300, K = 70", "N = 3, M = 1000, K = 300",
                            "N = 1000, M = 2, K = 300", "N = 97, M = 97, K = 97"})
    for (const char* product : {"a[n, k]*b[k, m]", "a[n, k]*d[m, k]", "e[k, n]*b[k, m]"}) {
      const driver::ModelFile file = model_of(std::string("dim ") + sizes +
                                              "\nconst a[N, K], e[K, N], b[K, M], d[M, K]\nparam w init 1\n"
                                              "c[n, m] = sum(k) " +
                                              product + "\nE = w*(sum(n, m) c[n, m]*c[n, m])\nminimize E");
      const kernel::FunctionSpec spec = gradient_of(file);
      for (const bool f32 : {false, true}) {
        const kernel::Program program = kernel::lower(spec, {.f32 = f32});
        const codegen::JitModel jit({"test", f32 ? GRADC_F32 : GRADC_F64, std::span(&program, 1)});
        Call call(program, spec, random_point(*file.context, spec, 1), {});
        ASSERT_EQ(call.run(jit.info().functions[0]), GRADC_OK);
        const auto values = call.results();
        ASSERT_EQ(call.run(jit.info().functions[0], &backwards), GRADC_OK);
        EXPECT_EQ(different_bits(values, call.results()), "") << sizes << ": " << product;
      }
    }
}

}  // namespace
}  // namespace gradc::test
