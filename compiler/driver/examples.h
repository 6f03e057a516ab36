// Data files bound to a model's inputs and targets.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <vector>

#include "compiler/driver/given_values.h"
#include "runtime/dataset/dataset.h"

namespace gradc::driver {

std::vector<DataSource> data_sources(const std::vector<std::string>& texts);

// What a data file has to hold for an input or target.
ColumnSpec column_spec(const ModelFile& file, const GivenValues& given, TensorId wanted);

// The examples' values for `wanted`; targets that the data lacks are an error only if `targets_required`.
// Sizes of dims that the data tells become known to `given`.
Result<Dataset> read_examples(const ModelFile& file, GivenValues& given, const std::vector<TensorId>& wanted,
                              const std::vector<std::string>& texts, bool targets_required = true);

// Inputs and targets that the compiled function takes, in the order of the file.
std::vector<TensorId> examples_of(const ModelFile& file, const gradc_function_info& function);

}  // namespace gradc::driver
