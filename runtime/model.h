// Reading the tables of abi.h: functions and arrays by name, sizes, what a status means.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "runtime/abi.h"

namespace gradc {

std::span<const gradc_function_info> functions(const gradc_model_info& model);
std::span<const gradc_array_info> arrays(const gradc_function_info& function);

// Null if there is none of that name.
const gradc_function_info* find_function(const gradc_model_info& model, std::string_view name);
// -1 if there is none of that name and role.
int find_array(const gradc_function_info& function, std::string_view name, int role);

bool is_output(int role);
std::size_t scalar_bytes(int scalar);
std::string_view scalar_name(int scalar);  // "f32"

// The run-time sizes that extents count: those given, and behind them those that follow.
std::vector<std::int64_t> all_sizes(const gradc_function_info& function, std::span<const std::int64_t> given);
// `sizes` are all of the function's.
std::int64_t extent_of(const gradc_extent& extent, std::span<const std::int64_t> sizes);
// The array's shape at these sizes; of an array per example the first extent is N.
std::vector<std::int64_t> shape_of(const gradc_array_info& array, std::span<const std::int64_t> sizes);

std::string_view status_text(std::int32_t status);

}  // namespace gradc
