// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/examples.h"

#include <algorithm>

#include "runtime/model.h"

namespace gradc::driver {
namespace {

ColumnExtent extent_of_dim(const ModelFile& file, const GivenValues& given, DimId dim) {
  return {file.context->dim(dim).name, given.size(dim).value_or(-1)};
}

}  // namespace

std::vector<DataSource> data_sources(const std::vector<std::string>& texts) {
  std::vector<DataSource> sources;
  for (const std::string& text : texts) sources.push_back(parse_data_source(text));
  return sources;
}

Result<Dataset> read_examples(const ModelFile& file, GivenValues& given, const std::vector<TensorId>& wanted,
                              const std::vector<std::string>& texts, bool targets_required) {
  std::vector<ColumnSpec> specs;
  for (const Declaration& d : file.model.declarations) {
    if (std::ranges::find(wanted, d.tensor) == wanted.end()) continue;
    const Tensor& tensor = file.tensor(d.tensor);
    ColumnSpec& spec = specs.emplace_back();
    spec.name = tensor.name;
    for (DimId dim : tensor.dims)
      if (!file.context->dim(dim).is_batch) spec.extents.push_back(extent_of_dim(file, given, dim));
    const Storage storage = given.storage(d.tensor);
    spec.scalar = storage == Storage::i32 ? GRADC_I32 : storage == Storage::f32 ? GRADC_F32 : GRADC_F64;
    if (tensor.member_of.valid()) spec.members = extent_of_dim(file, given, tensor.member_of);
    spec.columns = d.columns;
    spec.required = targets_required || tensor.role != Role::target;
  }
  Result<Dataset> data = bind_data(specs, data_sources(texts));
  if (data)
    for (const auto& [dim, size] : data->inferred) given.set_size(dim, size);
  return data;
}

std::vector<TensorId> examples_of(const ModelFile& file, const gradc_function_info& function) {
  std::vector<TensorId> result;
  for (const Declaration& d : file.model.declarations) {
    const std::string& name = file.tensor(d.tensor).name;
    if (find_array(function, name, GRADC_INPUT) >= 0 || find_array(function, name, GRADC_TARGET) >= 0)
      result.push_back(d.tensor);
  }
  return result;
}

}  // namespace gradc::driver
