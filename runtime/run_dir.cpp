// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/run_dir.h"

#include <fmt/format.h>

#include <filesystem>

#include "compiler/support/atomic_file.h"
#include "runtime/data_error.h"
#include "runtime/dataset/read_bytes.h"
#include "runtime/history.h"
#include "runtime/run_settings.h"
#include "runtime/safetensors.h"

namespace gradc {
namespace {

namespace fs = std::filesystem;

constexpr const char* settings_file = "settings.json";
constexpr const char* model_file = "model.grad";
constexpr const char* used_file = "used.json";
constexpr const char* params_file = "params.safetensors";
constexpr const char* consts_file = "consts.safetensors";
constexpr const char* statistics_file = "statistics.safetensors";

Diagnostic cannot_make(const std::string& path, const std::error_code& error) {
  return data_error(DiagnosticCode::E530, path, fmt::format("cannot make the folder: {}", error.message()));
}

// The name as a part of a path: no separators, no control characters, no leading dot.
std::string as_folder_name(const std::string& model) {
  std::string name;
  for (const char c : model) {
    const bool plain = c == '-' || c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                       (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
    name += plain ? c : '_';
  }
  return name.empty() ? "model" : name;
}

Result<std::string> make_numbered(const std::string& model) {
  std::error_code error;
  fs::create_directories("runs", error);
  if (error) return cannot_make("runs", error);
  for (int number = 1;; ++number) {
    const std::string path = fmt::format("runs/{}-{:03}", as_folder_name(model), number);
    if (fs::create_directory(path, error)) return path;
    if (error) return cannot_make(path, error);
  }
}

}  // namespace

Result<RunDirectory> RunDirectory::create(const std::string& path, const std::string& model) {
  RunDirectory run;
  if (path.empty()) {
    Result<std::string> made = make_numbered(model);
    if (!made) return made.diagnostics();
    run.path_ = std::move(*made);
    return run;
  }
  run.path_ = path;
  while (run.path_.size() > 1 && run.path_.back() == '/') run.path_.pop_back();
  std::error_code error;
  fs::create_directories(run.path_, error);
  if (error) return cannot_make(path, error);
  const bool empty = fs::is_empty(run.path_, error);
  if (error) return cannot_make(path, error);
  if (!empty && !fs::exists(run.file(settings_file)))
    return data_error(DiagnosticCode::E530, path, "the folder holds other files, and is no earlier run",
                      "choose a new folder with `--out`");
  remove_orphans(run.path_);
  return run;
}

Diagnostics RunDirectory::save_settings(const RunSettings& settings, std::string_view model_source,
                                        const KeptFiles& used) const {
  Diagnostics diagnostics = write_file(file(model_file), model_source);
  std::error_code ignored;
  if (used.files.empty())
    fs::remove(file(used_file), ignored);  // of an earlier run
  else if (diagnostics.empty())
    diagnostics = write_file(file(used_file), used_json(used));
  if (diagnostics.empty()) diagnostics = write_file(file(settings_file), settings_json(settings));
  return diagnostics;
}

Diagnostics RunDirectory::save_params(std::span<const NamedArray> params, std::span<const NamedArray> consts,
                                      std::span<const NamedArray> statistics) const {
  Diagnostics diagnostics = write_file(file(params_file), write_safetensors(params));
  if (diagnostics.empty()) diagnostics = write_file(file(consts_file), write_safetensors(consts));
  if (diagnostics.empty() && !statistics.empty())
    diagnostics = write_file(file(statistics_file), write_safetensors(statistics));
  return diagnostics;
}

Diagnostics RunDirectory::save_results(const TrainResult& result, const std::string& model,
                                       const std::optional<Scores>& test) const {
  Diagnostics diagnostics = write_file(file("history.csv"), history_csv(result));
  if (diagnostics.empty()) diagnostics = write_file(file("loss.svg"), history_svg(result, model));
  if (diagnostics.empty()) diagnostics = write_file(file("results.json"), results_json(result, test));
  return diagnostics;
}

Result<Run> open_run(const std::string& path) {
  const auto no_run = [&](const std::string& what) {
    return data_error(DiagnosticCode::E531, path, what, "name the folder that `gradc train` has written");
  };
  std::error_code error;
  if (!fs::is_directory(path, error)) return no_run("there is no such folder");
  for (const char* name : {settings_file, model_file, params_file, consts_file})
    if (!fs::exists(path + "/" + name, error))
      return no_run(fmt::format("the folder has no file `{}`", name));
  Run run;
  const auto read = [&](const char* name) { return read_bytes(path + "/" + name, {}); };
  const Result<std::string> settings = read(settings_file), params = read(params_file),
                            consts = read(consts_file);
  Result<std::string> model = read(model_file);
  Diagnostics faults;
  for (const Result<std::string>* part :
       std::initializer_list<const Result<std::string>*>{&settings, &model, &params, &consts})
    faults.insert(faults.end(), part->diagnostics().begin(), part->diagnostics().end());
  if (!faults.empty()) return faults;
  std::optional<RunSettings> parsed = parse_settings(*settings);
  if (!parsed)
    return data_error(DiagnosticCode::E531, path + "/" + settings_file,
                      "these are not the settings of a run");
  run.settings = std::move(*parsed);
  run.model_source = std::move(*model);
  Result<std::vector<NamedArray>> learned = read_safetensors(path + "/" + params_file, *params);
  if (!learned) return learned.diagnostics();
  Result<std::vector<NamedArray>> given = read_safetensors(path + "/" + consts_file, *consts);
  if (!given) return given.diagnostics();
  if (fs::exists(path + "/" + used_file, error)) {
    const Result<std::string> text = read(used_file);
    if (!text) return text.diagnostics();
    std::optional<KeptFiles> used = parse_used(*text);
    if (!used)
      return data_error(DiagnosticCode::E531, path + "/" + used_file,
                        "these are not the files that a run's model uses");
    run.used = std::move(*used);
  }
  if (fs::exists(path + "/" + statistics_file, error)) {
    const Result<std::string> bytes = read(statistics_file);
    if (!bytes) return bytes.diagnostics();
    Result<std::vector<NamedArray>> statistics = read_safetensors(path + "/" + statistics_file, *bytes);
    if (!statistics) return statistics.diagnostics();
    run.statistics = std::move(*statistics);
  }
  run.params = std::move(*learned);
  run.consts = std::move(*given);
  return run;
}

Diagnostics check_arrays(const gradc_function_info& function, int role, std::span<const NamedSize> sizes,
                         std::span<const NamedArray> given, const std::string& place) {
  Diagnostics faults;
  std::vector<std::int64_t> values;
  for (std::int32_t i = 0; i < function.n_sizes; ++i) {
    std::int64_t value = 0;
    for (const NamedSize& size : sizes)
      if (size.name == function.size_names[i]) value = size.value;
    values.push_back(value);
  }
  for (const gradc_array_info& info : arrays(function)) {
    if (info.role != role) continue;
    const HostArray* array = find(given, info.name);
    if (array == nullptr) {
      faults.push_back(
          data_error(DiagnosticCode::E532, place, fmt::format("there is no value for `{}`", info.name)));
      continue;
    }
    const Shape shape = shape_of(info, all_sizes(function, values));
    if (array->shape() == shape && array->storage() == storage_of(info.scalar)) continue;
    faults.push_back(data_error(DiagnosticCode::E532, place,
                                fmt::format("`{}` is {} of type {}, and the model declares {} of type {}",
                                            info.name, to_string(array->shape()), name_of(array->storage()),
                                            to_string(shape), scalar_name(info.scalar))));
  }
  return faults;
}

}  // namespace gradc
