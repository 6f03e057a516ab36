// gradc eval: values and derivatives at a point, or a table of them; the numbers come from compiled code.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fmt/format.h>

#include <cstdio>

#include "compiler/driver/commands.h"
#include "compiler/driver/compiled.h"
#include "compiler/driver/model_functions.h"
#include "compiler/driver/noise_info.h"
#include "compiler/driver/print_values.h"
#include "compiler/driver/whole_batch.h"

namespace gradc::driver {
int eval_command(const Options& options) {
  Dump dump(options.dump);
  std::optional<ModelFile> file = load_model(options, dump);
  if (!file) return status_user_error;
  take_whole_batch(*file);
  const Result<Request> request =
      make_request(*file, options, options.order.value_or(1), DefaultWrt::inputs_and_params);
  if (!request) return report(request.diagnostics(), file->sources);
  Derivatives made = numbers(*file, differentiate(file->model.system, *request));
  made.system = with_noise(*file, made.system, options);
  const std::vector<TensorId> tensors = made.system.outputs();
  const kernel::FunctionSpec function = value_function(*file, made, dump);
  if (dump.wanted()) {
    if (!dump.reaches("kernels")) return dump.finish(options.command);
    return dump_code(file->name, {&function, 1}, settings_of(*file, options), dump);
  }
  Result<Evaluation> evaluation = evaluate(*file, options, function, dump);
  report(evaluation.diagnostics(), file->sources);
  if (!evaluation) return status_user_error;
  for (std::vector<HostArray>& results : evaluation->results) make_symmetric(made, tensors, results);
  if (evaluation->axes.empty()) {
    const Results results{&*file, &made, tensors, evaluation->results.front()};
    if (options.json || options.sparse)
      fmt::print("{}\n", json_object(results, *request));
    else
      fmt::print("{}", text_lines(results));
    return status_ok;
  }
  if (options.json || options.sparse) {
    fmt::print("{}\n", json_table(*file, made, *request, *evaluation, tensors));
    return status_ok;
  }
  const Result<std::string> table = text_table(*file, made, *evaluation, tensors);
  if (!table) return report(table.diagnostics());
  fmt::print("{}", *table);
  return status_ok;
}

}  // namespace gradc::driver
