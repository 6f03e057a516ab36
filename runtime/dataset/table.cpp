// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/dataset/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "runtime/data_error.h"
#include "runtime/dataset/cell.h"
#include "runtime/dataset/ends.h"
#include "runtime/dataset/number.h"

namespace gradc {
namespace {

constexpr std::size_t faults_shown = 8;  // a table that is wrong throughout is reported by its first rows

// The positions behind a tensor's name: "x.0.12" is {0, 12} of x. Nothing if it is no element of x.
std::optional<Shape> positions(std::string_view column, const std::string& name) {
  if (!column.starts_with(name) || column.size() == name.size()) return {};
  Shape result;
  std::size_t at = name.size();
  while (at < column.size()) {
    if (column[at] != '.') return {};
    std::int64_t position = -1;
    const auto [end, error] =
        std::from_chars(column.data() + at + 1, column.data() + column.size(), position);
    if (error != std::errc() || position < 0 || position > INT32_MAX) return {};
    result.push_back(position);
    at = static_cast<std::size_t>(end - column.data());
  }
  return result;
}

Shape known_extents(const ColumnSpec& spec) {
  Shape shape;
  for (const ColumnExtent& extent : spec.extents) shape.push_back(extent.size);
  return shape;
}

// Every line behind the first may be an example: lines end in LF, CRLF or CR, the last perhaps in nothing.
std::int64_t count_further_lines(std::string_view text) {
  std::int64_t count = 0;
  for (std::size_t i = 0; i + 1 < text.size(); ++i)
    count += text[i] == '\n' || (text[i] == '\r' && text[i + 1] != '\n');
  return count;
}

}  // namespace

Result<Table> Table::open(const std::string& path, std::string bytes) {
  Table table;
  table.path_ = path;
  table.bytes_ = std::make_unique<std::string>(std::move(bytes));
  table.rows_at_most_ = count_further_lines(*table.bytes_);
  CsvReader reader(path, *table.bytes_);
  const std::vector<Cell>& header = reader.next_row();
  if (!reader.faults().empty()) return reader.faults();
  if (header.empty()) return data_error(DiagnosticCode::E501, path, "the file is empty");
  const bool numbers = std::all_of(header.begin(), header.end(), [](const Cell& cell) {
    double value;
    return parse_number(cell.text, value) == NumberFault::none;
  });
  if (numbers)
    return data_error(DiagnosticCode::E504, reader.place(header.front().begin),
                      "the first line holds numbers, not the columns' names",
                      "put a line with the inputs' names first");
  for (const Cell& cell : header) table.names_.emplace_back(cell.text);
  return table;
}

bool Table::mentions(const ColumnSpec& spec) const {
  return std::any_of(names_.begin(), names_.end(), [&](const std::string& name) {
    if (!spec.columns.empty())
      return std::find(spec.columns.begin(), spec.columns.end(), name) != spec.columns.end();
    return name == spec.name || positions(name, spec.name).has_value();
  });
}

Shape Table::extents_of(const ColumnSpec& spec) const {
  Shape shape = known_extents(spec);
  if (!spec.columns.empty()) {
    if (shape.size() == 1 && shape[0] < 0) shape[0] = static_cast<std::int64_t>(spec.columns.size());
    return shape;
  }
  Shape largest(shape.size(), -1);
  for (const std::string& name : names_) {
    const std::optional<Shape> position = positions(name, spec.name);
    if (!position || position->size() != shape.size()) continue;
    for (std::size_t axis = 0; axis < shape.size(); ++axis)
      largest[axis] = std::max(largest[axis], (*position)[axis]);
  }
  for (std::size_t axis = 0; axis < shape.size(); ++axis)
    if (shape[axis] < 0 && largest[axis] >= 0) shape[axis] = largest[axis] + 1;
  return shape;
}

std::string Table::column_name(const ColumnSpec& spec, std::size_t element) const {
  if (!spec.columns.empty()) return spec.columns[element];
  std::string suffix;
  std::int64_t rest = static_cast<std::int64_t>(element);
  for (std::size_t axis = spec.extents.size(); axis-- > 0;) {
    suffix = fmt::format(".{}{}", rest % spec.extents[axis].size, suffix);
    rest /= spec.extents[axis].size;
  }
  return spec.name + suffix;
}

namespace {
std::string_view without_number(std::string_view name) {
  while (!name.empty() && name.back() >= '0' && name.back() <= '9') name.remove_suffix(1);
  return name;
}

// Which columns there are instead, where they are few enough to be read.
std::string list_columns(const std::vector<std::string>& names) {
  constexpr std::size_t read_at_a_glance = 8;
  if (names.size() > read_at_a_glance) return "";
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "`" : ", `") + quote_cell(name) + "`";
  return "its columns are " + list;
}
}  // namespace

Result<std::size_t> Table::find_column(const std::string& name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) {
    std::string similar = did_you_mean(name, names_);
    if (without_number(similar) == without_number(name)) similar.clear();  // x.2 is not a slip for x.0
    return data_error(
        DiagnosticCode::E505, path_, fmt::format("the table has no column `{}`", name),
        similar.empty() ? list_columns(names_) : fmt::format("did you mean `{}`?", quote_cell(similar)));
  }
  if (std::find(found + 1, names_.end(), name) != names_.end())
    return data_error(DiagnosticCode::E504, path_,
                      fmt::format("the table has more than one column `{}`", name));
  return static_cast<std::size_t>(found - names_.begin());
}

Result<std::vector<Table::Slot>> Table::plan(std::span<const ColumnSpec> specs) const {
  std::unordered_map<std::string_view, std::size_t> index;  // 10^4 pixels would be slow by linear search
  std::unordered_map<std::string_view, int> times;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    index.emplace(names_[i], i);
    ++times[names_[i]];
  }
  std::vector<Slot> slots;
  Diagnostics faults;
  for (std::size_t tensor = 0; tensor < specs.size(); ++tensor) {
    const ColumnSpec& spec = specs[tensor];
    const Shape shape = known_extents(spec);
    const std::optional<std::int64_t> count = element_count(shape);
    const std::int64_t columns = spec.columns.empty() ? static_cast<std::int64_t>(names_.size())
                                                      : static_cast<std::int64_t>(spec.columns.size());
    if (!spec.columns.empty() && count != columns) {
      faults.push_back(data_error(DiagnosticCode::E516, path_,
                                  fmt::format("`{}{}` is given {} columns", spec.name,
                                              shape.empty() ? "" : to_string(shape), columns)));
      continue;
    }
    // More elements than columns: one of the first names is missing, and no more of them are tried.
    const std::int64_t tried = count ? std::min(*count, columns + 1) : columns + 1;
    for (std::size_t element = 0; element < static_cast<std::size_t>(tried); ++element) {
      const std::string name = column_name(spec, element);
      const auto found = index.find(name);
      if (found == index.end() || times[name] > 1) {
        const Result<std::size_t> fault = find_column(name);
        faults.insert(faults.end(), fault.diagnostics().begin(), fault.diagnostics().end());
        break;
      }
      slots.push_back({found->second, tensor, element});
    }
    if (!spec.columns.empty()) continue;
    for (const std::string& name : names_) {
      const std::optional<Shape> position = positions(name, spec.name);
      if (!position || position->size() != shape.size()) continue;
      if (!std::equal(shape.begin(), shape.end(), position->begin(), std::greater<>{})) {
        faults.push_back(
            data_error(DiagnosticCode::E516, path_,
                       fmt::format("column `{}` lies outside `{}{}`", name, spec.name, to_string(shape))));
        break;
      }
    }
  }
  if (!faults.empty()) return faults;
  std::sort(slots.begin(), slots.end(), [](const Slot& a, const Slot& b) { return a.column < b.column; });
  return slots;
}

Result<Table::Content> Table::load(std::span<const ColumnSpec> specs, const DataLimits& limits) const {
  const Result<std::vector<Slot>> slots = plan(specs);
  if (!slots) return slots.diagnostics();
  std::vector<HostArray> arrays;
  std::vector<std::size_t> widths;  // elements of one example
  for (const ColumnSpec& spec : specs) {
    Shape shape = known_extents(spec);
    widths.push_back(static_cast<std::size_t>(element_count(shape).value_or(0)));
    shape.insert(shape.begin(), rows_at_most_);
    const std::int64_t bytes = static_cast<std::int64_t>(bytes_of(storage_of(spec.scalar)));
    const std::optional<std::int64_t> count = element_count(shape);
    if (!count || *count > limits.bytes / bytes)
      return data_error(DiagnosticCode::E502, path_,
                        fmt::format("`{}` of shape {} needs more than the limit of {} bytes", spec.name,
                                    to_string(shape), limits.bytes));
    arrays.emplace_back(storage_of(spec.scalar), std::move(shape));
  }
  Ends ends(specs, rows_at_most_);
  CsvReader reader(path_, *bytes_);
  reader.next_row();  // the names
  Diagnostics faults;
  std::int64_t examples = 0;
  for (;;) {
    const std::vector<Cell>& row = reader.next_row();
    if (row.empty() || faults.size() >= faults_shown) break;
    GRADC_CHECK(examples < rows_at_most_, "no more rows than lines were expected");
    if (row.size() != names_.size()) {
      faults.push_back(data_error(DiagnosticCode::E506, reader.place(row.back().begin),
                                  fmt::format("the row has {} {}, the first line names {}", row.size(),
                                              row.size() == 1 ? "cell" : "cells", names_.size())));
      continue;
    }
    ends.next_example();
    for (const Slot& slot : *slots)
      if (!row[slot.column].text.empty()) ends.fill(slot.tensor, slot.element);
    if (const std::string wrong = ends.settle(); !wrong.empty()) {
      faults.push_back(data_error(DiagnosticCode::E524, reader.place(row.front().begin), wrong));
      continue;
    }
    for (const Slot& slot : *slots) {
      if (ends.behind(slot.tensor, slot.element)) continue;
      const std::size_t element = static_cast<std::size_t>(examples) * widths[slot.tensor] + slot.element;
      const CellContext context = {reader, row[slot.column], specs[slot.tensor], names_[slot.column]};
      if (!store_cell(context, arrays[slot.tensor], element, faults) && faults.size() >= faults_shown) break;
    }
    ++examples;
  }
  faults.insert(faults.end(), reader.faults().begin(), reader.faults().end());
  if (!faults.empty()) return faults;
  for (HostArray& array : arrays) array.truncate(examples);
  return Content{std::move(arrays), ends.lengths(examples)};
}

}  // namespace gradc
