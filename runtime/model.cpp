// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/model.h"

#include "compiler/support/check.h"

namespace gradc {

std::span<const gradc_function_info> functions(const gradc_model_info& model) {
  return {model.functions, static_cast<std::size_t>(model.n_functions)};
}

std::span<const gradc_array_info> arrays(const gradc_function_info& function) {
  return {function.arrays, static_cast<std::size_t>(function.n_arrays)};
}

const gradc_function_info* find_function(const gradc_model_info& model, std::string_view name) {
  for (const gradc_function_info& function : functions(model))
    if (function.name == name) return &function;
  return nullptr;
}

int find_array(const gradc_function_info& function, std::string_view name, int role) {
  for (std::int32_t i = 0; i < function.n_arrays; ++i)
    if (function.arrays[i].role == role && function.arrays[i].name == name) return i;
  return -1;
}

bool is_output(int role) { return role >= GRADC_LOSS; }

std::size_t scalar_bytes(int scalar) {
  switch (scalar) {
    case GRADC_F32:
    case GRADC_I32: return 4;
    case GRADC_F64: return 8;
  }
  GRADC_UNREACHABLE("a scalar type of abi.h was expected");
}

std::string_view scalar_name(int scalar) {
  switch (scalar) {
    case GRADC_F32: return "f32";
    case GRADC_F64: return "f64";
    case GRADC_I32: return "i32";
  }
  GRADC_UNREACHABLE("a scalar type of abi.h was expected");
}

std::vector<std::int64_t> all_sizes(const gradc_function_info& function,
                                    std::span<const std::int64_t> given) {
  std::vector<std::int64_t> sizes(given.begin(), given.end());
  sizes.resize(given.size() + static_cast<std::size_t>(function.n_derived));
  if (function.n_derived > 0) function.derived_sizes(given.data(), sizes.data() + given.size());
  return sizes;
}

std::int64_t extent_of(const gradc_extent& extent, std::span<const std::int64_t> sizes) {
  if (extent.fixed >= 0) return extent.fixed;
  GRADC_CHECK(extent.size >= 0 && static_cast<std::size_t>(extent.size) < sizes.size(),
              "an extent names a size that the function does not have");
  return sizes[static_cast<std::size_t>(extent.size)];
}

std::vector<std::int64_t> shape_of(const gradc_array_info& array, std::span<const std::int64_t> sizes) {
  std::vector<std::int64_t> shape;
  for (std::int32_t axis = 0; axis < array.rank; ++axis)
    shape.push_back(extent_of(array.extents[axis], sizes));
  return shape;
}

std::string_view status_text(std::int32_t status) {
  switch (status) {
    case GRADC_OK: return "ok";
    case GRADC_BAD_ARGUMENT: return "a bad argument";
    case GRADC_OUT_OF_RANGE: return "a subscript outside its dim";
    case GRADC_NOT_CONVERGED: return "an `iterate` that did not converge";
  }
  return "an unknown status";
}

}  // namespace gradc
