// gradc predict: what a trained model says of new examples, as a table; with targets there, also how well it
// does. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "compiler/driver/commands.h"
#include "compiler/driver/compiled.h"
#include "compiler/driver/examples.h"
#include "compiler/driver/failure_places.h"
#include "compiler/driver/model_functions.h"
#include "compiler/driver/run_model.h"
#include "compiler/operators/build.h"
#include "runtime/model.h"

namespace gradc::driver {
namespace {

// "z1", or "z1.0,z1.1" for the elements of one example, as data files name their columns.
void add_headings(std::string& text, const NamedArray& column) {
  Shape shape = column.array.shape();
  shape.erase(shape.begin());
  const std::int64_t elements = element_count(shape).value();
  for (std::int64_t k = 0; k < elements; ++k) {
    std::string subscripts;
    std::int64_t rest = k;
    for (std::size_t axis = shape.size(); axis-- > 0; rest /= shape[axis])
      subscripts = fmt::format(".{}", rest % shape[axis]) + subscripts;
    text += (text.empty() ? "" : ",") + column.name + subscripts;
  }
}

// How long an output's axes are for one example; what lies behind an example's end is left empty, as data
// files have it.
class OutputShape {
 public:
  OutputShape(const ModelFile& file, const Dataset& data, GivenValues given)
      : file_(file), data_(data), given_(std::move(given)) {}

  void go_to(std::int64_t example) {
    for (const NamedArray& length : data_.lengths)
      given_.set_size(length.name, static_cast<std::int64_t>(length.array.value(example)));
  }
  bool has(const NamedArray& column, std::int64_t element) const {
    const TensorId tensor = *std::ranges::find(file_.model.equations, column.name,
                                               [&](TensorId t) { return file_.tensor(t).name; });
    const std::vector<DimId>& dims = file_.tensor(tensor).dims;
    for (std::size_t axis = dims.size(); axis-- > 0;) {
      const std::int64_t padded = column.array.shape()[axis + 1];
      if (is_ragged(*file_.context, dims[axis]) &&
          element % padded >= given_.size(dims[axis]).value_or(padded))
        return false;
      element /= padded;
    }
    return true;
  }

 private:
  const ModelFile& file_;
  const Dataset& data_;
  GivenValues given_;
};

std::string table(const std::vector<NamedArray>& columns, std::int64_t examples, OutputShape shape,
                  std::optional<int> digits) {
  std::string text;
  for (const NamedArray& column : columns) add_headings(text, column);
  text += "\n";
  for (std::int64_t n = 0; n < examples; ++n) {
    bool first = true;
    shape.go_to(n);
    for (const NamedArray& column : columns) {
      const std::int64_t elements = column.array.size() / examples;
      for (std::int64_t k = 0; k < elements; ++k) {
        text += first ? "" : ",";
        first = false;
        if (!shape.has(column, k)) continue;
        const double value = column.array.value(n * elements + k);
        if (digits)
          text += fmt::format("{:.{}g}", value, *digits);
        else if (column.array.storage() == Storage::f32)
          text += fmt::format("{}", static_cast<float>(value));
        else
          text += fmt::format("{}", value);
      }
    }
    text += "\n";
  }
  return text;
}

}  // namespace

int predict_command(const Options& options) {
  Dump dump(options.dump);
  const Result<Run> run = open_run(options.file);
  if (!run) return report(run.diagnostics());
  const std::optional<ModelFile> file = model_of(*run, options.file, dump);
  if (!file) return status_user_error;
  std::vector<TensorId> predicted;
  if (!options.of.empty()) {
    const Result<Request> request = make_request(*file, options, 0, DefaultWrt::params_or_inputs);
    if (!request) return report(request.diagnostics(), file->sources);
    predicted = request->of;
  }
  const bool f32 = run->settings.precision == "f32";
  const Compiled compiled(file->name, prediction_functions(*file, predicted, options.sample), {.f32 = f32},
                          dump);
  const gradc_model_info& info = compiled.info();
  const gradc_function_info* predict_function = find_function(info, "predict");
  if (predict_function == nullptr)
    return report({error_at(DiagnosticCode::E607, options.file,
                            "the model computes nothing from inputs alone", "name a quantity with `--of`")});
  GivenValues given(*file, f32, run->settings.options.seed);
  for (const NamedSize& size : run->settings.dims) given.set_size(size.name, size.value);
  const gradc_function_info& scoring = *find_function(info, "evaluate");
  std::vector<TensorId> wanted = examples_of(*file, *predict_function);
  for (TensorId t : examples_of(*file, scoring))
    if (std::ranges::find(wanted, t) == wanted.end()) wanted.push_back(t);
  const Result<Dataset> data = read_examples(*file, given, wanted, options.data, false);
  if (!data) return report(data.diagnostics());
  struct Kept {
    int role;
    std::span<const NamedArray> arrays;
    const char* file;
  };
  for (const Kept& kept : {Kept{GRADC_PARAM, run->params, "/params.safetensors"},
                           Kept{GRADC_CONST, run->consts, "/consts.safetensors"},
                           Kept{GRADC_STATISTIC, run->statistics, "/statistics.safetensors"}}) {
    const Diagnostics faults =
        check_arrays(*predict_function, kept.role, given.sizes(), kept.arrays, options.file + kept.file);
    if (!faults.empty()) return report(faults);
  }
  const ModelInstance instance{&info,           given.sizes(),
                               run->consts,     run->params,
                               run->statistics, options.seed.value_or(run->settings.options.seed)};
  const Result<std::vector<NamedArray>> predictions = predict(instance, *data);
  report(with_places(predictions.diagnostics(), *file), file->sources);
  if (!predictions) return status_user_error;
  const std::string text =
      table(*predictions, data->examples, OutputShape(*file, *data, given), options.digits);
  if (const int status = deliver(options, text); status != status_ok) return status;
  for (TensorId t : examples_of(*file, scoring))
    if (data->column(file->tensor(t).name) == nullptr) return status_ok;  // no targets, no scores
  const Result<Scores> scores = evaluate(instance, *data);
  report(with_places(scores.diagnostics(), *file), file->sources);
  if (!scores) return status_user_error;
  std::string line = fmt::format("{} {:.4g}", loss_name(scoring), scores->loss);
  const std::vector<std::string> names = metric_names(scoring);
  for (std::size_t k = 0; k < names.size(); ++k)
    line += fmt::format(", {} {:.4g}", names[k], scores->metrics[k]);
  std::fflush(stdout);
  fmt::print(stderr, "{} over {} example{}\n", line, data->examples, data->examples == 1 ? "" : "s");
  return status_ok;
}

}  // namespace gradc::driver
