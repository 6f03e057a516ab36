// Random programs as machine code: interpreter, JIT at either level and the evaluator agree.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include <dlfcn.h>
#include <unistd.h>

#include <filesystem>

#include "compiler/codegen/write_model.h"
#include "compiler/simplify/simplify.h"
#include "compiler/simplify/stabilise.h"
#include "tests/property/subject.h"
#include "tests/support/machine.h"

namespace gradc::test {
namespace {

kernel::FunctionSpec spec_of(const Subject& s, System system) {
  kernel::FunctionSpec spec{"gradient", std::move(system), {}, {}};
  for (const Declaration& d : s.model.declarations) spec.arguments.push_back({d.tensor, GRADC_PARAM, -1, {}});
  for (TensorId t : s.wanted) spec.results.push_back({t, GRADC_VALUE, -1, {}});
  return spec;
}

// As a shared library, made from the object file.
void run_from_file(const kernel::Program& program, Call& call) {
  const std::string folder = testing::TempDir() + "gradc_property_" + std::to_string(getpid());
  const codegen::Artefact shared[] = {codegen::Artefact::shared};
  const auto files = codegen::write_model({"test", GRADC_F64, std::span(&program, 1)}, {}, folder, shared);
  ASSERT_TRUE(files);
  void* library = dlopen(files->front().c_str(), RTLD_NOW | RTLD_LOCAL);
  ASSERT_TRUE(library) << dlerror();
  const auto* model = static_cast<const gradc_model_info*>(dlsym(library, "gradc_model_test"));
  ASSERT_TRUE(model);
  EXPECT_EQ(call.run(model->functions[0]), GRADC_OK);
  dlclose(library);
  std::filesystem::remove_all(folder);
}

class MachineCode : public testing::TestWithParam<Policy> {};

TEST_P(MachineCode, ComputesWhatTheEvaluatorDoes) {
  // LLVM takes most of the time, and ten times as long for some loops.
  const int all = programs_of_each_policy() * 3 / 4;
  const int count = GetParam() == Policy::iterates      ? all / 10
                    : GetParam() == Policy::recurrences ? all / 4
                    : GetParam() == Policy::large       ? all / 4
                                                        : all;
  for (int seed = 0; seed < count && !HasFailure(); ++seed) {
    std::string problem;
    const std::optional<Subject> s = make_subject(static_cast<std::uint64_t>(seed), GetParam(), problem);
    ASSERT_TRUE(s) << problem;
    const auto exact = exact_values(*s);
    const auto plain = plain_values(s->derived, s->wanted, s->point);
    const kernel::FunctionSpec spec = spec_of(*s, stabilise(simplify(s->derived)));
    // Loops are cut into blocks wherever they can be, or where it is worth it: nowhere, as small as they are.
    kernel::LowerOptions options{.fma = seed % 2 == 0, .recompute = seed % 3 != 0};
    if (seed % 4 < 2) options.block_work = 1;
    const kernel::Program program = kernel::lower(spec, options);
    const std::vector<std::int64_t> sizes(program.size_names.size(), batch_size);
    Call interpreted(program, spec, s->point, sizes);
    EXPECT_EQ(interpreted.interpret(), GRADC_OK);
    const auto values = interpreted.results();
    EXPECT_EQ(disagreement(exact, plain, values), "") << "seed " << seed << "\n"
                                                      << s->text << kernel::print(program);
    const int level = seed % 5 == 0 ? 0 : 2;  // with every other option
    const codegen::JitModel jit({"test", GRADC_F64, std::span(&program, 1)}, {.level = level});
    Call compiled(program, spec, s->point, sizes);
    for (const gradc_pool* pool : {static_cast<const gradc_pool*>(nullptr), &backwards}) {
      EXPECT_EQ(compiled.run(jit.info().functions[0], pool), GRADC_OK);
      EXPECT_EQ(different_bits(values, compiled.results()), "")
          << "level " << level << (pool ? " in blocks, backwards\n" : "\n") << s->text;
    }
    if (seed % 50 == 0) {
      Call loaded(program, spec, s->point, sizes);
      run_from_file(program, loaded);
      EXPECT_EQ(different_bits(values, loaded.results()), "") << "from a file\n" << s->text;
    }
  }
}

std::string name_of(const testing::TestParamInfo<Policy>& info) {
  static const char* const names[] = {"balanced", "deep",        "wide",        "kinky",
                                      "choices",  "reductions",  "matrices",    "batches",
                                      "iterates", "recurrences", "derivatives", "large"};
  return names[static_cast<int>(info.param)];
}

INSTANTIATE_TEST_SUITE_P(All, MachineCode,
                         testing::Values(Policy::balanced, Policy::deep, Policy::wide, Policy::kinky,
                                         Policy::choices, Policy::reductions, Policy::matrices,
                                         Policy::batches, Policy::iterates, Policy::recurrences,
                                         Policy::derivatives, Policy::large),
                         name_of);

}  // namespace
}  // namespace gradc::test
