// gradc train: from a model and data to a run's folder with the learned parameters.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fmt/format.h>
#include <algorithm>

#include <cstdio>

#include "compiler/driver/checks.h"
#include "compiler/driver/commands.h"
#include "compiler/driver/compiled.h"
#include "compiler/driver/examples.h"
#include "compiler/driver/failure_places.h"
#include "compiler/driver/kept_model.h"
#include "compiler/driver/model_functions.h"
#include "compiler/driver/progress.h"
#include "compiler/driver/train_settings.h"
#include "compiler/operators/build.h"
#include "runtime/interrupt.h"
#include "runtime/model.h"
#include "runtime/run_dir.h"

namespace gradc::driver {
namespace {

constexpr std::int64_t examples_checked = 1000;

// One training, step by step; each step fills what the next needs, or says what is wrong.
class Training {
 public:
  Training(const ModelFile& file, const Options& options)
      : file_(file),
        options_(options),
        train_options_(train_options(file.model, options)),
        f32_(options.precision == "f32"),
        given_(file, f32_, train_options_.seed) {}

  Diagnostics prepare() {
    if (!file_.model.objective.valid())
      return {error_at(DiagnosticCode::E607, file_.sources.front().name(),
                       "the file does not say what is to be minimised", "add a line `minimize E`")};
    Result<std::vector<SetValue>> sets = parse_sets(options_.set);
    if (!sets) return sets.diagnostics();
    if (Diagnostics faults = given_.assign(std::move(*sets)); !faults.empty()) return faults;
    Dump quiet("");
    const std::vector<kernel::FunctionSpec> functions = training_functions(file_, quiet);
    if (Diagnostics faults = read_data(functions.front()); !faults.empty()) return faults;
    if (Diagnostics faults = first_values(); !faults.empty()) return faults;
    if (Diagnostics faults = check_examples(); !faults.empty()) return faults;
    compiled_.emplace(file_.name, functions, settings_of(file_, options_), quiet);
    return {};
  }

  int run() {
    Result<RunDirectory> made = RunDirectory::create(options_.out, file_.name);
    if (!made) return report(made.diagnostics());
    const RunDirectory& directory = *made;
    RunSettings settings{file_.name,     f32_ ? "f32" : "f64",        given_.sizes(),
                         train_options_, data_sources(options_.data), data_sources(options_.test)};
    for (const auto& [name, dim] : file_.model.dims)
      if (const auto size = given_.size(dim); size && file_.context->dim(dim).kind != Dim::Kind::run_time)
        settings.dims.push_back({name, *size});
    std::erase_if(settings.dims, [&](const NamedSize& size) {  // these belong to the examples
      const auto dim = file_.model.dims.find(size.name);
      return dim != file_.model.dims.end() && is_ragged(*file_.context, dim->second);
    });
    if (Diagnostics faults = directory.save_settings(settings, file_.text(), kept_files(file_));
        !faults.empty())
      return report(faults);

    const gradc_model_info& info = compiled_->info();
    const InterruptGuard guard;
    Progress progress(train_options_.epochs);
    TrainTask task{&info, given_.sizes(), consts_, data_ ? &*data_ : nullptr};
    const TrainResult result = train(task, params_, train_options_, progress.observer());
    progress.finish(result);
    report(with_places(result.diagnostics, file_), file_.sources);

    std::optional<Scores> test;
    int status = result.end == TrainEnd::failed ? status_user_error : status_ok;
    if (test_ && result.end != TrainEnd::failed) {
      const Result<Scores> scores =
          evaluate({&info, given_.sizes(), consts_, params_, result.statistics}, *test_);
      report(with_places(scores.diagnostics(), file_), file_.sources);
      if (scores)
        test = *scores;
      else
        status = status_user_error;
    }
    Diagnostics faults = directory.save_params(params_, consts_, result.statistics);
    if (faults.empty()) faults = directory.save_results(result, file_.name, test);
    if (!faults.empty()) return report(faults);
    print_results(result, params_, test, directory.path());
    if (result.end == TrainEnd::interrupted) return 128 + interrupt_signal();
    return status;
  }

 private:
  Diagnostics read_data(const kernel::FunctionSpec& gradient) {
    std::vector<TensorId> wanted;
    for (const Declaration& d : file_.model.declarations)
      for (const kernel::ArraySpec& argument : gradient.arguments)
        if ((argument.role == GRADC_INPUT || argument.role == GRADC_TARGET) &&
            argument.name == file_.tensor(d.tensor).name)
          wanted.push_back(d.tensor);
    for (const Assigned& assigned : given_.assigned())
      if (std::ranges::find(wanted, assigned.tensor) != wanted.end())
        return {error_at(DiagnosticCode::E601, assigned.option, "inputs and targets come from the data",
                         "`--data`; params and consts can be set")};
    if (wanted.empty()) {
      if (options_.data.empty()) return {};
      return {error_at(DiagnosticCode::E520, "--data " + options_.data.front(), "the model reads no data")};
    }
    if (options_.data.empty())
      return {error_at(DiagnosticCode::E605, "gradc train",
                       fmt::format("there is no data for `{}`", file_.tensor(wanted.front()).name),
                       "name a table with `--data table.csv`, or a file for each: `--data x=…`")};
    Result<Dataset> data = read_examples(file_, given_, wanted, options_.data);
    if (!data) return data.diagnostics();
    data_ = std::move(*data);
    if (options_.test.empty()) return {};
    Result<Dataset> test = read_examples(file_, given_, wanted, options_.test);
    if (!test) return test.diagnostics();
    test_ = std::move(*test);
    return {};
  }

  Diagnostics first_values() {
    Result<std::vector<NamedArray>> consts = given_.values(Role::constant),
                                    params = given_.values(Role::param);
    Diagnostics faults = consts.diagnostics();
    faults.insert(faults.end(), params.diagnostics().begin(), params.diagnostics().end());
    if (!faults.empty()) return faults;
    consts_ = std::move(*consts);
    params_ = std::move(*params);
    return {};
  }

  // `check` lines, before anything is learned: at the first values of params, on the first examples.
  Diagnostics check_examples() {
    if (file_.model.checks.empty()) return {};
    const std::int64_t examples = data_ ? std::min<std::int64_t>(data_->examples, examples_checked) : 1;
    for (std::int64_t n = 0; n < examples; ++n) {
      const auto value = [&](TensorId t) -> std::optional<HostArray> {
        const std::string& name = file_.tensor(t).name;
        for (const std::vector<NamedArray>* list : {&consts_, &params_})
          if (const HostArray* array = find(std::span<const NamedArray>(*list), name)) return *array;
        const HostArray* column = data_ ? data_->column(name) : nullptr;
        if (column == nullptr) return {};
        return data_->example(column_spec(file_, given_, t), n);
      };
      for (std::size_t k = 0; data_ && k < data_->lengths.size(); ++k)
        given_.set_size(data_->lengths[k].name, static_cast<std::int64_t>(data_->lengths[k].array.value(n)));
      Diagnostics faults = failed_checks(file_, given_, value);
      if (faults.empty()) continue;
      if (data_)
        for (Diagnostic& fault : faults) fault.message += fmt::format(" for example {} of the data", n);
      return faults;
    }
    return {};
  }

  const ModelFile& file_;
  const Options& options_;
  TrainOptions train_options_;
  bool f32_;
  GivenValues given_;
  std::optional<Dataset> data_, test_;
  std::vector<NamedArray> consts_, params_;
  std::optional<Compiled> compiled_;
};

}  // namespace

int train_command(const Options& options) {
  Dump dump(options.dump);
  const std::optional<ModelFile> file = load_model(options, dump);
  if (!file) return status_user_error;
  Training training(*file, options);
  if (const Diagnostics faults = training.prepare(); !faults.empty()) return report(faults, file->sources);
  return training.run();
}

}  // namespace gradc::driver
