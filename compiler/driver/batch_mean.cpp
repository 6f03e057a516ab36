// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/batch_mean.h"

#include <fmt/format.h>

#include "compiler/batch/batch.h"
#include "compiler/operators/build.h"

namespace gradc::driver {

Result<BatchMean> batch_mean(const ModelFile& file, const Request& request) {
  Context& c = *file.context;
  for (TensorId t : request.of)
    if (file.tensor(t).rank() > 0)
      return error_at(
          DiagnosticCode::E606, "--batch",
          fmt::format("`{}` is no number, and has no mean over the examples", file.tensor(t).name),
          "name a scalar with `--of`");
  System one = file.model.system;
  one.set_outputs(request.of);
  Batched batched = batch(reachable(one));
  BatchMean result{batched.system, request};
  for (TensorId& of : result.request.of) {
    if (!batched.per_example(of)) continue;
    const TensorId mean = c.add_tensor({.name = c.unused_name(c.tensor(of).name + "bar")});
    const Binder n = c.over(batched.batch, "n");
    const Expr sum = gradc::sum({n}, c.access(batched(of), {c.position(n.index)}));
    result.system.add({mean, Define{1 / to_real(c.size(batched.batch)) * sum}, {{}, "mean"}, {}});
    of = mean;
  }
  for (TensorId& wrt : result.request.wrt) wrt = batched(wrt);
  result.system.set_outputs(result.request.of);
  return result;
}

}  // namespace gradc::driver
