// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/run_model.h"

#include <fmt/format.h>

#include "compiler/driver/kept_model.h"

namespace gradc::driver {
namespace {

// Nested brackets; every number reads back as it was.
std::string text_of(const HostArray& array, std::size_t axis, std::int64_t& at) {
  if (axis == array.shape().size()) return fmt::format("{}", array.value(at++));
  std::string text = "[";
  for (std::int64_t k = 0; k < array.shape()[axis]; ++k)
    text += (k ? "," : "") + text_of(array, axis + 1, at);
  return text + "]";
}

}  // namespace

std::optional<ModelFile> model_of(const Run& run, const std::string& folder, Dump& dump) {
  std::map<std::string, std::int64_t> dims;
  for (const NamedSize& size : run.settings.dims) dims[size.name] = size.value;
  return check_model(kept_model(run, folder), {.dims = dims}, dump);
}

Options with_learned(const Run& run, const Options& options) {
  Options chosen = options;
  for (const auto* arrays : {&run.params, &run.consts})
    for (const NamedArray& array : *arrays) {
      std::int64_t at = 0;
      chosen.set.push_back(array.name + "=" + text_of(array.array, 0, at));
    }
  return chosen;
}

}  // namespace gradc::driver
