// Models from their text to an object file that a C program calls: the same bits as the JIT's.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include "compiler/codegen/jit.h"
#include "compiler/kernel/lower.h"
#include "tests/aot/exercise.h"
#include "tests/aot/files.h"
#include "tests/support/model_text.h"
#include "tests/support/networks.h"

namespace gradc {
namespace {

using codegen::Artefact;
using test::Folder;

// Value and gradient of what a model minimises, summed over the batch; and the value alone.
std::vector<kernel::Program> compiled(const std::string& text, bool f32) {
  const driver::ModelFile file = test::model_of(text);
  return {kernel::lower(test::evaluation_of(file), {.f32 = f32}),
          kernel::lower(test::gradient_of(file), {.f32 = f32})};
}

void same_from_c(const std::string& text, bool f32) {
  const std::vector<kernel::Program> programs = compiled(text, f32);
  const codegen::Model model{"net", f32 ? GRADC_F32 : GRADC_F64, programs};
  const codegen::JitModel jit(model);
  char* expected = nullptr;
  std::size_t size = 0;
  std::FILE* out = ::open_memstream(&expected, &size);
  exercise(&jit.info(), 0, out);
  std::fclose(out);
  const Folder folder;
  folder.write(model, {Artefact::object, Artefact::shared, Artefact::header});
  std::ofstream(folder / "use.c") << "#include \"tests/aot/exercise.h\"\n#include \"net.h\"\n"
                                     "int main(void) { exercise(&gradc_model_net, 0, stdout); return 0; }\n";
  const std::string include = std::string("-I") + GRADC_SOURCE_DIR;
  const std::string linked = folder.compile(folder / "use.c", "linked", {include, folder / "net.o", "-lm"});
  EXPECT_EQ(folder.run({linked}), expected);
  const std::string shared =
      folder.compile(folder / "use.c", "shared", {include, folder / "net.so", "-Wl,-rpath," + folder.path()});
  EXPECT_EQ(folder.run({shared}), expected);
  std::free(expected);
}

TEST(Models, HiddenLayerFromC) {
  same_from_c(test::hidden_layer(), false);
  same_from_c(test::hidden_layer(), true);
}

TEST(Models, ClassifierFromC) {
  same_from_c(test::classifier, false);
  same_from_c(test::classifier, true);
}

// An axis of T + 1 positions, where T is known at run time only, of examples that differ in length.
TEST(Models, AxesOfDerivedSizes) {
  const driver::ModelFile file = test::model_of(R"(
seq T
input x[T]
target y
param keep init 0.5
s[0] = 1
s[t + 1] = keep*s[t] + x[t]
minimize E = (s[T] - y)^2
)");
  std::vector<kernel::Program> programs{kernel::lower(test::gradient_of(file), {})};
  for (const kernel::FunctionSpec& function : driver::prediction_functions(file, {}))
    programs.push_back(kernel::lower(function, {}));
  const codegen::JitModel jit({"states", GRADC_F64, programs});
  const gradc_function_info& predict = jit.info().functions[2];
  ASSERT_EQ(predict.n_derived, 1);
  std::string printed[2];
  for (const int strided : {0, 1}) {
    char* text = nullptr;
    std::size_t size = 0;
    std::FILE* out = ::open_memstream(&text, &size);
    for (std::int32_t k = 0; k < jit.info().n_functions; ++k)
      for (const std::int64_t n : {1, 7, 32}) exercise_call(&jit.info().functions[k], n, strided, out);
    std::fclose(out);
    printed[strided] = text;
    std::free(text);
  }
  EXPECT_EQ(printed[0], printed[1]);
  EXPECT_NE(printed[0].find("s[55]"), std::string::npos);  // 7 examples of 8 states
}

TEST(Models, ManyEquationsFromC) {  // many buffers: tables in the place of arguments
  std::string text = "input x\nparam w init 1\ny0 = x*w\n";
  for (int i = 1; i <= 200; ++i) {
    const std::string n = std::to_string(i);
    text += "y" + n + " = y" + std::to_string(i - 1) + "*w + x/" + n + "\n";
  }
  same_from_c(text + "E = y200^2\nminimize E\n", false);
}

TEST(Models, HeaderNamesDims) {
  const std::vector<kernel::Program> programs = compiled(test::hidden_layer(), false);
  const Folder folder;
  folder.write({"net", GRADC_F64, programs}, {Artefact::header});
  const std::string header = test::contents(folder / "net.h");
  EXPECT_NE(header.find("net_D = 3"), std::string::npos) << header;
  EXPECT_NE(header.find("const double* w0, /* w0: param, [D = 3, H = 8] */"), std::string::npos) << header;
}

}  // namespace
}  // namespace gradc
