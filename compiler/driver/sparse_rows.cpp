// The entries of a Jacobian as compressed sparse rows.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "compiler/driver/print_values.h"

namespace gradc::driver {
namespace {

struct Entry {
  std::int64_t row, column;
  double value;
};

// Sorted by row and column; entries at one place add up in the order in which they come.
SparseRows compressed(std::vector<Entry> entries, std::int64_t rows, std::int64_t width) {
  std::ranges::stable_sort(entries, [](const Entry& a, const Entry& b) {
    return a.row != b.row ? a.row < b.row : a.column < b.column;
  });
  SparseRows result;
  result.width = width;
  result.rows.assign(static_cast<std::size_t>(rows) + 1, 0);
  for (std::size_t k = 0; k < entries.size(); ++k) {
    const Entry& e = entries[k];
    if (k > 0 && e.row == entries[k - 1].row && e.column == entries[k - 1].column) {
      result.vals.back() += e.value;
      continue;
    }
    result.cols.push_back(e.column);
    result.vals.push_back(e.value);
    ++result.rows[static_cast<std::size_t>(e.row) + 1];
  }
  for (std::size_t r = 1; r < result.rows.size(); ++r) result.rows[r] += result.rows[r - 1];
  return result;
}

}  // namespace

SparseRows sparse_rows(const Results& results, const Derivative& derivative) {
  const std::int64_t rows = std::llround(results.of(derivative.rows).value(0));
  std::vector<Entry> entries;
  for (const SparseEntries& part : derivative.entries) {
    const HostArray& columns = results.of(part.columns);
    const HostArray& values = results.of(part.values);
    const std::int64_t in_a_row = rows == 0 ? 0 : columns.size() / rows;
    for (std::int64_t k = 0; k < columns.size(); ++k)
      if (const std::int64_t column = std::llround(columns.value(k)); column >= 0)
        entries.push_back({k / in_a_row, column, values.value(k)});
  }
  return compressed(std::move(entries), rows, std::llround(results.of(derivative.columns).value(0)));
}

SparseRows transposed(const SparseRows& matrix) {
  std::vector<Entry> entries;
  for (std::size_t r = 0; r + 1 < matrix.rows.size(); ++r)
    for (std::int64_t k = matrix.rows[r]; k < matrix.rows[r + 1]; ++k)
      entries.push_back({matrix.cols[static_cast<std::size_t>(k)], static_cast<std::int64_t>(r),
                         matrix.vals[static_cast<std::size_t>(k)]});
  return compressed(std::move(entries), matrix.width, static_cast<std::int64_t>(matrix.rows.size()) - 1);
}

std::string json_sparse(const SparseRows& matrix) {
  std::string vals;
  for (const double value : matrix.vals) vals += (vals.empty() ? "" : ", ") + json_number(value);
  return fmt::format("{{\"shape\": [{}, {}], \"rows\": [{}], \"cols\": [{}], \"vals\": [{}]}}",
                     matrix.rows.size() - 1, matrix.width, fmt::join(matrix.rows, ", "),
                     fmt::join(matrix.cols, ", "), vals);
}

}  // namespace gradc::driver
