// What a training run leaves behind: a folder with
//   model.grad          the model as it was trained
//   used.json           the files that it uses, if it does
//   settings.json       all settings with their defaults filled in, the sizes of dims, the data files' names
//   params.safetensors  the learned parameters; consts.safetensors  the given ones
//   statistics.safetensors  of reductions over the batch: their means over the last epoch
//   history.csv, loss.svg, results.json
// Each file is replaced whole or not at all, and written again whenever there is something new.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/support/result.h"
#include "runtime/kept_files.h"
#include "runtime/train_loop.h"

namespace gradc {

struct RunSettings {
  std::string model;            // its name
  std::string precision;        // "f32", "f64"
  std::vector<NamedSize> dims;  // all sizes that are known
  TrainOptions options;
  std::vector<DataSource> data;
  std::vector<DataSource> test;
};

class RunDirectory {
 public:
  // An empty path stands for runs/MODEL-001, or the first number that is free. A folder that is there already
  // must be empty, or a run, which is then replaced.
  static Result<RunDirectory> create(const std::string& path, const std::string& model);

  const std::string& path() const { return path_; }
  std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }

  Diagnostics save_settings(const RunSettings& settings, std::string_view model_source,
                            const KeptFiles& used = {}) const;
  // Statistics make a file where there are any.
  Diagnostics save_params(std::span<const NamedArray> params, std::span<const NamedArray> consts,
                          std::span<const NamedArray> statistics = {}) const;
  // History, picture and results.
  Diagnostics save_results(const TrainResult& result, const std::string& model,
                           const std::optional<Scores>& test) const;

 private:
  std::string path_;
};

struct Run {
  RunSettings settings;
  std::string model_source;
  KeptFiles used;
  std::vector<NamedArray> params;
  std::vector<NamedArray> consts;
  std::vector<NamedArray> statistics;
};
Result<Run> open_run(const std::string& path);

// Whether the arrays are those that the function takes in this role: names, shapes, types.
Diagnostics check_arrays(const gradc_function_info& function, int role, std::span<const NamedSize> sizes,
                         std::span<const NamedArray> arrays, const std::string& place);

}  // namespace gradc
