// One cell of a table becomes one element of a tensor, or a diagnostic.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <string_view>

#include "runtime/dataset/csv.h"
#include "runtime/dataset/dataset.h"

namespace gradc {

struct CellContext {
  const CsvReader& reader;
  const Cell& cell;
  const ColumnSpec& spec;
  const std::string& column;
};

// False after a fault, which is then in `faults`.
bool store_cell(const CellContext& context, HostArray& array, std::size_t element, Diagnostics& faults);

// A cell's text as it may stand in a message: short, and without control characters.
std::string quote_cell(std::string_view text);

}  // namespace gradc
