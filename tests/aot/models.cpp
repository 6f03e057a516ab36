// Models from their text to an object file that a C program calls: the same bits as the JIT's.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include "compiler/batch/batch.h"
#include "compiler/codegen/jit.h"
#include "compiler/diff/derivative.h"
#include "compiler/kernel/lower.h"
#include "compiler/sema/check.h"
#include "compiler/simplify/stabilise.h"
#include "grammar/parse.h"
#include "tests/aot/exercise.h"
#include "tests/aot/files.h"

namespace gradc {
namespace {

using codegen::Artefact;
using test::Folder;

// Value and gradient of what a model minimises, summed over the batch; and the value alone.
std::vector<kernel::Program> compiled(const std::string& text, bool f32) {
  const Sources sources{Source("model.grad", text)};
  const auto parsed = parse(sources[0]);
  EXPECT_TRUE(parsed) << render(parsed.diagnostics(), sources);
  Context context;
  const auto model = check(*parsed, context);
  EXPECT_TRUE(model) << render(model.diagnostics(), sources);
  Batched batched = batch(model->system);
  const TensorId loss = add_batch_sum(batched, model->objective);
  std::vector<TensorId> params;
  kernel::FunctionSpec value;
  for (const Declaration& d : model->declarations) {
    const TensorId t = batched(d.tensor);
    const Role role = context.tensor(t).role;
    const std::int32_t as = role == Role::param    ? GRADC_PARAM
                            : role == Role::target ? GRADC_TARGET
                                                   : GRADC_INPUT;
    value.arguments.push_back({t, as, -1, {}});
    if (role == Role::param) params.push_back(t);
  }
  value.results.push_back({loss, GRADC_LOSS, -1, {}});
  kernel::FunctionSpec gradient = value;
  for (TensorId t : add_adjoints(batched.system, loss, params))
    gradient.results.push_back({t, GRADC_GRADIENT, -1, {}});
  std::vector<kernel::Program> programs;
  for (kernel::FunctionSpec* spec : {&value, &gradient}) {
    spec->name = spec == &value ? "value" : "gradient";
    spec->system = batched.system;
    std::vector<TensorId> outputs;
    for (const auto& r : spec->results) outputs.push_back(r.tensor);
    spec->system.set_outputs(outputs);
    spec->system = stabilise(simplify(reachable(spec->system)));
    programs.push_back(kernel::lower(*spec, {.f32 = f32}));
  }
  return programs;
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
  const std::string linked =
      folder.compile(folder / "use.c", "linked", {include, folder / "net.o", "-lopenblas", "-lm"});
  EXPECT_EQ(folder.run({linked}), expected);
  const std::string shared =
      folder.compile(folder / "use.c", "shared", {include, folder / "net.so", "-Wl,-rpath," + folder.path()});
  EXPECT_EQ(folder.run({shared}), expected);
  std::free(expected);
}

constexpr const char* hidden_layer = R"(
dim D = 3, H = 8
input  x[D]
target y
param  w0[D, H] init glorot_uniform
param  b0[H] init 0
param  w1[H] init glorot_uniform
param  b1 init 0
z0[h] = sum(d) x[d] * w0[d, h] + b0[h]
a0 = sigmoid(z0)
z1 = sum(h) a0[h] * w1[h] + b1
E = 1/2 * (z1 - y)^2
minimize E
)";

constexpr const char* classifier = R"(
dim D = 40, H = 24, K = 10
input  x[D]
target label in K
param  w0[D, H] init glorot_uniform
param  w1[H, K] init glorot_uniform
a[h] = relu(sum(d) x[d] * w0[d, h])
z[k] = sum(h) a[h] * w1[h, k]
E = logsumexp(k) z[k] - z[label]
minimize E
)";

TEST(Models, HiddenLayerFromC) {
  same_from_c(hidden_layer, false);
  same_from_c(hidden_layer, true);
}

TEST(Models, ClassifierFromC) {
  same_from_c(classifier, false);
  same_from_c(classifier, true);
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
  const std::vector<kernel::Program> programs = compiled(hidden_layer, false);
  const Folder folder;
  folder.write({"net", GRADC_F64, programs}, {Artefact::header});
  const std::string header = test::contents(folder / "net.h");
  EXPECT_NE(header.find("net_D = 3"), std::string::npos) << header;
  EXPECT_NE(header.find("const double* w0, /* w0: param, [D = 3, H = 8] */"), std::string::npos) << header;
}

}  // namespace
}  // namespace gradc
