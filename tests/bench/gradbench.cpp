// The suite's problems at their largest: what gradc derives, and the same by hand in plain C++; and how long
// models take to compile, and whether that grows with the data. What is timed is the call alone; arrays and
// workspace are there before. Results are compared once, relatively.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>

#include "compiler/gradbench/models.h"
#include "compiler/gradbench/session.h"
#include "compiler/support/check.h"
#include "tests/gradbench/cases.h"

namespace gradc::bench {
namespace {

using gradbench::Inputs;
using gradbench::Module;
using reference::Case;

const Module& module_of(const std::string& name) {
  return *std::ranges::find(gradbench::modules(), name, &Module::name);
}

// The one that is timed: of several, the last, which is the derivative.
const std::string& derivative_of(const Module& module) { return module.functions.back().name; }

// Large inputs are made once, and only those that are asked for.
Case& large(const std::string& module) {
  static std::map<std::string, Case> made;
  const auto known = made.find(module);
  return known != made.end() ? known->second
                             : made.emplace(module, reference::large_case(module)).first->second;
}

void expect_near(const nlohmann::json& a, const nlohmann::json& b) {
  if (b.is_number()) {
    const double x = a, y = b;
    GRADC_CHECK(std::abs(x - y) <= 1e-8 * (std::abs(y) + 1e-4), "compiled and by hand differ");
    return;
  }
  GRADC_CHECK(a.size() == b.size(), "compiled and by hand have other shapes");
  for (auto x = a.begin(), y = b.begin(); x != a.end(); ++x, ++y) expect_near(*x, *y);
}

// `setting`: what is added to the model.
void run_gradc(benchmark::State& state, const std::string& name, const std::string& function,
               const std::string& setting = "") {
  const Case& of = large(name);
  std::map<std::string, std::string> models = gradbench::built_in_models();
  models.at(name) += setting;
  gradbench::Session session({std::move(models), {}});
  std::string error;
  const auto ready = session.prepare(name, function, of.input, error);
  GRADC_CHECK(ready.has_value(), error);
  for (auto _ : state) {
    const std::int32_t status = ready->program->run();
    GRADC_CHECK(status == GRADC_OK, "a call failed");
  }
  expect_near(ready->output(), of.outputs.at(function));
}

void run_by_hand(benchmark::State& state, const std::string& name, bool derivative) {
  Case& of = large(name);
  for (auto _ : state) benchmark::DoNotOptimize(derivative ? of.derivative() : of.value());
}

void compile(benchmark::State& state, const Case& of) {
  const Module& module = module_of(of.module);
  const gradbench::Function& function = module.functions.back();
  gradbench::Fields fields(of.input);
  const Inputs inputs = module.read(fields);
  const std::string& text = gradbench::built_in_models().at(of.module);
  const auto file = gradbench::read_model(of.module, text, {.wanted = function.wanted});
  const auto sizes = gradbench::sizes_of(*file, inputs);
  GRADC_CHECK(sizes, "inputs that do not fit");
  for (auto _ : state) {
    const auto program = gradbench::Program::make(of.module, text, function.wanted, *sizes);
    GRADC_CHECK(program, "a model that is wrong");
    benchmark::DoNotOptimize(program->get());
  }
}

const bool registered = [] {
  const auto in_ms = [](benchmark::internal::Benchmark* b) { b->Unit(benchmark::kMillisecond); };
  for (const Module& module : gradbench::modules()) {
    if (module.name != module.model) continue;  // a second model of the same problem
    const std::string name = module.name, at = "gradbench/" + name;
    if (name == "hello" || !gradbench::built_in_models().contains(name)) continue;
    in_ms(benchmark::RegisterBenchmark((at + "/derivative/gradc").c_str(), [name](benchmark::State& state) {
      run_gradc(state, name, derivative_of(module_of(name)));
    }));
    in_ms(benchmark::RegisterBenchmark((at + "/value/gradc").c_str(), [name](benchmark::State& state) {
      run_gradc(state, name, module_of(name).functions.front().name);
    }));
    if (name == "lstm")
      in_ms(benchmark::RegisterBenchmark((at + "/recompute/gradc").c_str(), [name](benchmark::State& state) {
        run_gradc(state, name, derivative_of(module_of(name)), "train { recompute = sqrt }\n");
      }));
    for (bool derivative : {false, true})
      in_ms(benchmark::RegisterBenchmark(
          (at + (derivative ? "/derivative/by_hand" : "/value/by_hand")).c_str(),
          [name, derivative](benchmark::State& state) { run_by_hand(state, name, derivative); }));
  }
  for (const Module& module : gradbench::modules()) {
    if (module.name != module.model) continue;
    const std::string name = module.name, at = "compile/gradbench/" + name;
    if (name == "hello" || !gradbench::built_in_models().contains(name)) continue;
    const auto by_the_clock = [&](benchmark::internal::Benchmark* b) { in_ms(b), b->UseRealTime(); };
    by_the_clock(benchmark::RegisterBenchmark(
        (at + "/large").c_str(), [name](benchmark::State& state) { compile(state, large(name)); }));
    if (const auto growing = {"ba", "gmm", "kmeans", "lstm", "ode"};
        std::ranges::find(growing, name) != growing.end())
      for (bool more : {false, true})
        by_the_clock(benchmark::RegisterBenchmark(
            (at + (more ? "/tenfold" : "/once")).c_str(), [name, more](benchmark::State& state) {
              const auto [once, tenfold] = reference::tenfold_cases(name);
              compile(state, more ? tenfold : once);
            }));
  }
  return true;
}();

}  // namespace
}  // namespace gradc::bench
