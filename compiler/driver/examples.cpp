// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/examples.h"

#include <algorithm>

#include "compiler/operators/build.h"
#include "runtime/model.h"

namespace gradc::driver {
namespace {

ColumnExtent extent_of_dim(const ModelFile& file, const GivenValues& given, DimId dim) {
  const bool ragged = is_ragged(*file.context, dim);
  return {file.context->dim(dim).name, ragged ? -1 : given.size(dim).value_or(-1), ragged};
}

}  // namespace

std::vector<DataSource> data_sources(const std::vector<std::string>& texts) {
  std::vector<DataSource> sources;
  for (const std::string& text : texts) sources.push_back(parse_data_source(text));
  return sources;
}

ColumnSpec column_spec(const ModelFile& file, const GivenValues& given, TensorId wanted) {
  const Declaration& d = *std::ranges::find(file.model.declarations, wanted, &Declaration::tensor);
  const Tensor& tensor = file.tensor(d.tensor);
  ColumnSpec spec;
  spec.name = tensor.name;
  for (DimId dim : tensor.dims)
    if (!file.context->dim(dim).is_batch) spec.extents.push_back(extent_of_dim(file, given, dim));
  const Storage storage = given.storage(d.tensor);
  spec.scalar = storage == Storage::i32 ? GRADC_I32 : storage == Storage::f32 ? GRADC_F32 : GRADC_F64;
  if (tensor.member_of.valid()) spec.members = extent_of_dim(file, given, tensor.member_of);
  spec.columns = d.columns;
  return spec;
}

Result<Dataset> read_examples(const ModelFile& file, GivenValues& given, const std::vector<TensorId>& wanted,
                              const std::vector<std::string>& texts, bool targets_required) {
  std::vector<ColumnSpec> specs;
  std::vector<std::string> ragged;
  for (const Declaration& d : file.model.declarations) {
    if (std::ranges::find(wanted, d.tensor) == wanted.end()) continue;
    specs.push_back(column_spec(file, given, d.tensor));
    specs.back().required = targets_required || file.tensor(d.tensor).role != Role::target;
    for (const ColumnExtent& extent : specs.back().extents)
      if (extent.ragged && std::ranges::find(ragged, extent.dim) == ragged.end()) ragged.push_back(extent.dim);
  }
  for (const std::string& dim : ragged) {
    ColumnSpec& lengths = specs.emplace_back();
    lengths.name = lengths.members.dim = dim;
    lengths.scalar = GRADC_I32;
    lengths.required = false;
    lengths.is_length = true;
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
