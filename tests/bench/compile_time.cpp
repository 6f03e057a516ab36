// How long compiling takes: from a model's text in memory to a gradient function that can be called (parse,
// check, batch, adjoints, simplify, stabilise, lower, LLVM at level 2, link). SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
#include <benchmark/benchmark.h>

#include "tests/bench/compiled.h"
#include "tests/support/networks.h"

namespace gradc::bench {
namespace {

void compile(benchmark::State& state, const std::string& text) {
  for (auto _ : state) {
    const Compiled model(text, false, Compiled::Functions::gradient);
    benchmark::DoNotOptimize(model.info().functions[0].call);
  }
}

BENCHMARK_CAPTURE(compile, hidden, test::hidden_layer(3, 8))
    ->Name("compile/hidden/3x8")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
// Only the sizes differ.
BENCHMARK_CAPTURE(compile, small, test::hidden_layer(40, 60))
    ->Name("compile/hidden/40x60")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(compile, large, test::hidden_layer(4000, 6000))
    ->Name("compile/hidden/4000x6000")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(compile, chain_1e3, chain(1000))
    ->Name("compile/chain/1000")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(compile, chain_1e4, chain(10000))
    ->Name("compile/chain/10000")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->Iterations(1);

}  // namespace
}  // namespace gradc::bench

BENCHMARK_MAIN();
