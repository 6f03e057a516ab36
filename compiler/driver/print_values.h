// Numbers for people, and for programs: text, JSON and tables of values and derivatives.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <span>
#include <string>

#include "compiler/driver/evaluation.h"
#include "compiler/render/numbers.h"

namespace gradc::driver {

// 17 significant digits; NaN and infinities as strings.
std::string json_number(double value);
// Nested arrays in row-major order. `is_condition`: true and false instead of numbers.
std::string json_array(const HostArray& array, bool is_condition = false);
std::string json_name(std::string_view name);

// The results of one function by its tensors: what the printers below look up.
struct Results {
  const ModelFile* file;
  const Derivatives* made;
  std::span<const TensorId> tensors;  // in the order of the arrays
  std::span<const HostArray> arrays;

  const HostArray& of(const Derivative& derivative) const { return of(derivative.tensor); }
  const HostArray& of(TensorId tensor) const;
  bool is_condition(const Derivative& derivative) const;
};

// Second derivatives by one tensor twice are symmetric; rounding along two ways is not, so one half is taken
// for both.
void make_symmetric(const Derivatives& made, std::span<const TensorId> tensors, std::span<HostArray> arrays);

// Compressed sparse rows: row r has the columns cols[rows[r]] … cols[rows[r + 1] - 1], in rising order.
struct SparseRows {
  std::int64_t width = 0;
  std::vector<std::int64_t> rows{0}, cols;
  std::vector<double> vals;
};
SparseRows sparse_rows(const Results& results, const Derivative& derivative);
SparseRows transposed(const SparseRows& matrix);
std::string json_sparse(const SparseRows& matrix);

// "E", "dE/dw", "d2E/dw^2", "d2E/(dw db)"
std::string label(const ModelFile& file, const Derivative& derivative);

// {"E": {"value": …, "gradient": {"x": …}, "hessian": {"x": {"x": …}}}}
std::string json_object(const Results& results, const Request& request);
// One line for each number, more for matrices.
std::string text_lines(const Results& results);

// One row a point; E608 if there would be too many columns.
Result<std::string> text_table(const ModelFile& file, const Derivatives& made, const Evaluation& evaluation,
                               std::span<const TensorId> tensors);
std::string json_table(const ModelFile& file, const Derivatives& made, const Request& request,
                       const Evaluation& evaluation, std::span<const TensorId> tensors);

}  // namespace gradc::driver
