// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/bench/compiled.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "compiler/batch/batch.h"
#include "compiler/diff/derivative.h"
#include "compiler/kernel/lower.h"
#include "compiler/sema/check.h"
#include "compiler/simplify/stabilise.h"
#include "compiler/support/check.h"
#include "grammar/parse.h"
#include "runtime/model.h"

namespace gradc::bench {
namespace {

std::int32_t abi_role(Role role) {
  switch (role) {
    case Role::input: return GRADC_INPUT;
    case Role::target: return GRADC_TARGET;
    case Role::constant: return GRADC_CONST;
    default: return GRADC_PARAM;
  }
}

kernel::FunctionSpec function_of(const Model& model, Context& context, bool gradients) {
  Batched batched = batch(model.system);
  kernel::FunctionSpec spec;
  spec.name = gradients ? "gradient" : "evaluate";
  const TensorId loss = add_batch_sum(batched, model.objective);
  std::vector<TensorId> params;
  std::vector<std::int32_t> arguments;
  for (const Declaration& d : model.declarations) {
    const TensorId t = batched(d.tensor);
    if (context.tensor(t).role == Role::param) {
      params.push_back(t);
      arguments.push_back(static_cast<std::int32_t>(spec.arguments.size()));
    }
    spec.arguments.push_back({t, abi_role(context.tensor(t).role), -1, context.tensor(d.tensor).name});
  }
  spec.results.push_back({loss, GRADC_LOSS, -1, context.tensor(model.objective).name});
  std::vector<TensorId> outputs{loss};
  if (gradients) {
    const std::vector<TensorId> adjoints = add_adjoints(batched.system, loss, params);
    for (std::size_t k = 0; k < params.size(); ++k) {
      spec.results.push_back(
          {adjoints[k], GRADC_GRADIENT, arguments[k], "d_" + context.tensor(params[k]).name});
      outputs.push_back(adjoints[k]);
    }
  }
  batched.system.set_outputs(outputs);
  spec.system = stabilise(simplify(reachable(batched.system)));
  return spec;
}

}  // namespace

std::string hidden_layer(int inputs, int units) {
  return fmt::format(R"(
dim D = {}, H = {}
input  x[D]
target y
param  w0[D, H] init glorot_uniform
param  b0[H]    init 0
param  w1[H]    init glorot_uniform
param  b1       init 0
z0[h] = sum(d) x[d] * w0[d, h] + b0[h]
a0    = sigmoid(z0)
z1    = sum(h) a0[h] * w1[h] + b1
E     = 1/2 * (z1 - y)^2
minimize E
)",
                     inputs, units);
}

std::string classifier() {
  std::istringstream lines(read_file(GRADC_SOURCE_DIR "/samples/20_fashion_mnist.grad"));
  std::string text, line;
  while (std::getline(lines, line) && !line.starts_with("train"))
    if (!line.starts_with("metric")) text += line + "\n";
  return text;
}

std::string chain(int equations) {
  std::string text = "param x init 1\ny0 = x\n";
  for (int i = 1; i <= equations; ++i) text += fmt::format("y{} = sigmoid(y{}) * x + 1/{}\n", i, i - 1, i + 1);
  return text + fmt::format("minimize y{}\n", equations);
}

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  GRADC_CHECK(file.good(), path + " cannot be read");
  return {std::istreambuf_iterator<char>(file), {}};
}

Compiled::Compiled(const std::string& text, bool f32, Functions functions) {
  const Sources sources{Source("model.grad", text)};
  const Result<syntax::Program> program = parse(sources[0]);
  GRADC_CHECK(program, render(program.diagnostics(), sources));
  const Result<Model> model = check(*program, *context_);
  GRADC_CHECK(model, render(model.diagnostics(), sources));
  std::vector<bool> wanted{true};
  if (functions == Functions::gradient_and_evaluate) wanted.push_back(false);
  for (bool gradients : wanted)
    programs_.push_back(kernel::lower(function_of(*model, *context_, gradients), {.f32 = f32}));
  jit_ = std::make_unique<codegen::JitModel>(codegen::Model{"bench", f32 ? GRADC_F32 : GRADC_F64, programs_});
}

const gradc_function_info& Compiled::function(std::string_view name) const {
  const gradc_function_info* found = find_function(info(), name);
  GRADC_CHECK(found != nullptr, "the model has no such function");
  return *found;
}

}  // namespace gradc::bench
