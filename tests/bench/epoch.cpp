// Epochs of Fashion-MNIST on request: one line on stdin, one epoch, its seconds on stdout. The pixels are in
// memory as the reader leaves them, bytes; the epoch shuffles the examples, gathers each batch as f32,
// computes loss and gradients, sums the loss, and takes a step of SGD. The network is epoch.py's.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstdio>
#include <ctime>
#include <iostream>

#include "compiler/support/check.h"
#include "runtime/init/init.h"
#include "runtime/train_loop.h"
#include "tests/bench/compiled.h"

namespace gradc::bench {
namespace {

int run(const std::string& folder) {
  const Compiled model(classifier(), true, Compiled::Functions::gradient);
  const ColumnSpec specs[] = {{.name = "x", .extents = {{"P", 784}}, .scalar = GRADC_F32},
                              {.name = "label", .extents = {}, .scalar = GRADC_I32, .members = {"K", 10}}};
  const DataSource sources[] = {{"x", folder + "/train-images-idx3-ubyte.gz"},
                                {"label", folder + "/train-labels-idx1-ubyte.gz"}};
  const Result<Dataset> data = bind_data(specs, sources);
  GRADC_CHECK(data, render(data.diagnostics(), {}));
  std::vector<NamedArray> params;
  for (const gradc_array_info& info : arrays(model.function("gradient")))
    if (info.role == GRADC_PARAM) {
      HostArray array(Storage::f32, shape_of(info, {}));
      if (array.shape().size() == 2) initialize({"glorot_uniform"}, 1, info.name, array);
      params.push_back({info.name, std::move(array)});
    }
  const TrainTask task{.model = &model.info(), .data = &*data};
  const TrainOptions options{.optimizer = {"sgd", {{"rate", 0.1}}}, .batch = 128, .epochs = 1};
  std::string line;
  while (std::getline(std::cin, line)) {
    const std::clock_t begin = std::clock();
    const TrainResult result = train(task, params, options);
    GRADC_CHECK(result.end == TrainEnd::finished, render(result.diagnostics, {}));
    std::printf("%.6f %.6f\n", static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC,
                result.history.back().train.loss);
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace
}  // namespace gradc::bench

int main(int argc, char** argv) {
  return gradc::bench::run(argc > 1 ? argv[1] : "/usr/share/datasets/fashion-mnist");
}
