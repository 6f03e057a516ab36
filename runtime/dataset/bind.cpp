// Sources are opened, sizes agreed on, then values read: so that a label can be checked where it stands in
// its file. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <variant>

#include "compiler/support/overloaded.h"
#include "runtime/data_error.h"
#include "runtime/dataset/dataset.h"
#include "runtime/dataset/fit_array.h"
#include "runtime/dataset/idx.h"
#include "runtime/dataset/npy.h"
#include "runtime/dataset/table.h"

namespace gradc {
namespace {

struct OpenSource {
  DataSource source;
  std::variant<Table, HostArray> content;
};

class Binding {
 public:
  Binding(std::span<const ColumnSpec> specs, const DataLimits& limits)
      : specs_(specs.begin(), specs.end()), limits_(limits), source_of_(specs.size(), -1) {}

  Result<Dataset> run(std::span<const DataSource> sources) {
    check_names(sources);
    if (failed()) return diagnostics_;
    for (const DataSource& source : sources) open(source);
    if (failed()) return diagnostics_;
    for (std::size_t i = 0; i < specs_.size(); ++i) assign_source(i);
    if (failed()) return diagnostics_;
    for (std::size_t i = 0; i < specs_.size(); ++i) infer_sizes(i);
    for (std::size_t i = 0; i < specs_.size(); ++i) settle_sizes(i);
    if (failed()) return diagnostics_;
    load();
    if (failed()) return diagnostics_;
    return finish();
  }

 private:
  bool failed() const { return has_errors(diagnostics_); }
  void fault(DiagnosticCode code, std::string message, std::string place, std::string help = "") {
    diagnostics_.push_back(data_error(code, std::move(place), std::move(message), std::move(help)));
  }
  void append(const Diagnostics& more) { diagnostics_.insert(diagnostics_.end(), more.begin(), more.end()); }
  const OpenSource& source(std::size_t spec) const {
    return sources_[static_cast<std::size_t>(source_of_[spec])];
  }

  void check_names(std::span<const DataSource> sources) {
    std::vector<std::string> names;
    for (const ColumnSpec& spec : specs_) names.push_back(spec.name);
    std::vector<std::string> seen;
    for (const DataSource& source : sources) {
      const std::string shown = source.name.empty() ? source.path : source.name;
      if (std::find(seen.begin(), seen.end(), source.name) != seen.end())
        fault(
            DiagnosticCode::E520,
            source.name.empty() ? "more than one table is given" : fmt::format("`{}` is given twice", shown),
            source.path, source.name.empty() ? "name what a further file holds: `--data NAME=FILE`" : "");
      seen.push_back(source.name);
      if (source.name.empty() || std::find(names.begin(), names.end(), source.name) != names.end()) continue;
      const std::string similar = did_you_mean(source.name, names);
      fault(DiagnosticCode::E520, fmt::format("the model has no input or target `{}`", source.name),
            source.path, similar.empty() ? "" : fmt::format("did you mean `{}`?", similar));
    }
  }

  void open(const DataSource& source) {
    Result<std::string> bytes = read_bytes(source.path, limits_);
    if (!bytes) return append(bytes.diagnostics());
    const bool npy = looks_like_npy(*bytes);
    if (npy || looks_like_idx(*bytes)) {
      if (source.name.empty())
        return fault(DiagnosticCode::E520, "the file holds one array, and does not say for which input",
                     source.path,
                     fmt::format("name the input: `--data {}={}`", specs_.empty() ? "NAME" : specs_[0].name,
                                 source.path));
      Result<HostArray> array = npy ? read_npy(source.path, *bytes) : read_idx(source.path, *bytes);
      if (!array) return append(array.diagnostics());
      if (array->shape().empty())
        return fault(DiagnosticCode::E516, "the file holds a single number, not one for every example",
                     source.path);
      sources_.push_back({source, std::move(*array)});
      return;
    }
    Result<Table> table = Table::open(source.path, std::move(*bytes));
    if (!table) return append(table.diagnostics());
    sources_.push_back({source, std::move(*table)});
  }

  void assign_source(std::size_t i) {
    const ColumnSpec& spec = specs_[i];
    int table = -1;
    for (std::size_t s = 0; s < sources_.size(); ++s) {
      if (sources_[s].source.name == spec.name) source_of_[i] = static_cast<int>(s);
      if (sources_[s].source.name.empty()) table = static_cast<int>(s);
    }
    if (source_of_[i] >= 0) return;
    if (table >= 0) {
      const Table& content = std::get<Table>(sources_[static_cast<std::size_t>(table)].content);
      if (spec.required || content.mentions(spec)) source_of_[i] = table;
    } else if (spec.required) {
      fault(DiagnosticCode::E519, fmt::format("there is no data for `{}`", spec.name), "--data",
            fmt::format("add `--data {}=FILE`", spec.name));
    }
  }

  Shape extents_of(std::size_t i) const {
    const ColumnSpec& spec = specs_[i];
    return std::visit(overloaded{[&](const Table& table) { return table.extents_of(spec); },
                                 [&](const HostArray& array) { return extents_in_array(spec, array); }},
                      source(i).content);
  }

  // A dim's size is what the first name that has it says; fitting the others shows whether they agree.
  void infer_sizes(std::size_t i) {
    if (source_of_[i] < 0) return;
    const Shape seen = extents_of(i);
    for (std::size_t axis = 0; axis < seen.size(); ++axis) {
      const ColumnExtent& extent = specs_[i].extents[axis];
      if (extent.size < 0 && seen[axis] >= 0 && !extent.dim.empty()) {
        if (sizes_.emplace(extent.dim, seen[axis]).second)
          (extent.ragged ? longest_ : inferred_).emplace_back(extent.dim, seen[axis]);
      }
    }
  }

  void settle_sizes(std::size_t i) {
    if (source_of_[i] < 0) return;
    const std::string& path = source(i).source.path;
    ColumnSpec& spec = specs_[i];
    const auto settle = [&](ColumnExtent& extent) {
      if (const auto known = sizes_.find(extent.dim); extent.size < 0 && known != sizes_.end())
        extent.size = known->second;
      return extent.size >= 0;
    };
    if (spec.is_length) {
      const auto longest = sizes_.find(spec.name);
      if (longest == sizes_.end())
        source_of_[i] = -1;  // nothing runs over the dim
      else
        spec.members.size = longest->second + 1;
      return;
    }
    const Shape seen = extents_of(i);
    for (std::size_t axis = 0; axis < spec.extents.size(); ++axis) {
      ColumnExtent& extent = spec.extents[axis];
      if (settle(extent)) continue;
      if (extent.dim.empty() && seen[axis] >= 0) {
        extent.size = seen[axis];
      } else {
        const bool table = std::holds_alternative<Table>(source(i).content);
        fault(DiagnosticCode::E515,
              table ? fmt::format("the table has no column `{}{}`, nor does it tell the size of `{}`",
                                  spec.name, axis == 0 && spec.extents.size() == 1 ? ".0" : ".0…", extent.dim)
                    : fmt::format("`{}` does not tell the size of `{}`", spec.name, extent.dim),
              path, fmt::format("say it: `--dim {}=…`", extent.dim));
        return;
      }
    }
    if (spec.scalar == GRADC_I32 && !settle(spec.members))
      fault(DiagnosticCode::E515,
            fmt::format("how many members `{}` has cannot be seen from `{}`", spec.members.dim, spec.name),
            path, fmt::format("say it: `--dim {}=…`", spec.members.dim));
  }

  bool has_lengths(std::size_t s) const {
    if (std::holds_alternative<Table>(sources_[s].content)) return true;
    for (std::size_t i = 0; i < specs_.size(); ++i)
      if (source_of_[i] == static_cast<int>(s) && specs_[i].is_length) return true;
    return false;
  }

  // What says how long examples are comes first.
  void load() {
    columns_.resize(specs_.size());
    for (const bool first : {true, false})
      for (std::size_t s = 0; s < sources_.size(); ++s)
        if (has_lengths(s) == first) load(s);
  }

  std::vector<NamedArray> known_lengths() const {
    std::vector<NamedArray> result;  // as lengths_of: first what a file says by itself
    for (std::size_t i = 0; i < specs_.size(); ++i)
      if (specs_[i].is_length && source_of_[i] >= 0 && columns_[i].size() > 0)
        result.push_back({specs_[i].name, columns_[i]});
    result.insert(result.end(), lengths_.begin(), lengths_.end());
    return result;
  }

  void load(std::size_t s) {
    std::vector<std::size_t> wanted;
    std::vector<ColumnSpec> specs;
    for (std::size_t i = 0; i < specs_.size(); ++i) {
      if (source_of_[i] != static_cast<int>(s)) continue;
      wanted.push_back(i);
      specs.push_back(specs_[i]);
    }
    if (wanted.empty()) return;
    if (HostArray* array = std::get_if<HostArray>(&sources_[s].content)) {
      Result<HostArray> fitted =
          fit_array(specs[0], std::move(*array), sources_[s].source.path, limits_, known_lengths());
      if (fitted)
        columns_[wanted[0]] = std::move(*fitted);
      else
        append(fitted.diagnostics());
      return;
    }
    Result<Table::Content> content = std::get<Table>(sources_[s].content).load(specs, limits_);
    if (!content) {
      append(content.diagnostics());
      return;
    }
    for (std::size_t k = 0; k < wanted.size(); ++k) columns_[wanted[k]] = std::move(content->arrays[k]);
    for (NamedArray& told : content->lengths) {
      const HostArray* other = filled(told.name);
      if (other == nullptr)
        lengths_.push_back(std::move(told));
      else
        compare(told.name, *other, told.array, sources_[s].source.path);
    }
  }

  const HostArray* filled(const std::string& dim) const { return find(lengths_, dim); }

  // Two tables that say how long examples are.
  void compare(const std::string& dim, const HostArray& first, const HostArray& second,
               const std::string& path) {
    for (std::int64_t n = 0; n < std::min(first.size(), second.size()); ++n)
      if (first.value(n) != second.value(n))
        return fault(DiagnosticCode::E524,
                     fmt::format("example {} (from 0) has {} steps of `{}` here, and {} elsewhere", n,
                                 second.value(n), dim, first.value(n)),
                     path);
  }

  // What a file says by itself, or filled cells, or all as long as the longest.
  HostArray lengths_of(const std::string& dim, std::int64_t longest, std::int64_t examples) {
    const HostArray* told = filled(dim);
    for (std::size_t i = 0; i < specs_.size(); ++i) {
      if (!specs_[i].is_length || specs_[i].name != dim || source_of_[i] < 0) continue;
      for (std::int64_t n = 0; told != nullptr && n < examples; ++n)
        if (columns_[i].value(n) > told->value(n)) {
          fault(DiagnosticCode::E524,
                fmt::format("example {} (from 0) is to have {} steps of `{}`, and {} are there", n,
                            columns_[i].value(n), dim, told->value(n)),
                source(i).source.path);
          break;
        }
      return columns_[i];
    }
    if (told != nullptr) return *told;
    HostArray whole(Storage::i32, {examples});
    std::ranges::fill(whole.as<std::int32_t>(), static_cast<std::int32_t>(longest));
    return whole;
  }

  Result<Dataset> finish() {
    Dataset dataset;
    std::size_t first = specs_.size();
    for (std::size_t i = 0; i < specs_.size(); ++i) {
      if (source_of_[i] < 0) continue;
      const std::int64_t examples = columns_[i].shape()[0];
      const std::string& path = source(i).source.path;
      const auto same_file = [&](int other) { return other == source_of_[i]; };
      const bool told =
          std::any_of(source_of_.begin(), source_of_.begin() + static_cast<std::ptrdiff_t>(i), same_file);
      if (examples == 0 && !told) fault(DiagnosticCode::E518, "the file has no examples", path);
      if (first == specs_.size()) {
        first = i;
        dataset.examples = examples;
      } else if (examples != dataset.examples) {
        fault(DiagnosticCode::E517,
              fmt::format("`{}` has {} examples, and `{}` has {}", specs_[i].name, examples,
                          specs_[first].name, dataset.examples),
              path);
      }
    }
    if (failed()) return diagnostics_;
    for (const auto& [dim, longest] : longest_)
      dataset.lengths.push_back({dim, lengths_of(dim, longest, dataset.examples)});
    if (failed()) return diagnostics_;
    for (std::size_t i = 0; i < specs_.size(); ++i)
      if (source_of_[i] >= 0 && !specs_[i].is_length)
        dataset.columns.push_back({specs_[i].name, std::move(columns_[i])});
    dataset.longest = std::move(longest_);
    dataset.inferred = std::move(inferred_);
    return dataset;
  }

  std::vector<ColumnSpec> specs_;
  DataLimits limits_;
  std::vector<OpenSource> sources_;
  std::vector<int> source_of_;  // per spec; -1: none
  std::map<std::string, std::int64_t> sizes_;
  std::vector<std::pair<std::string, std::int64_t>> inferred_, longest_;
  std::vector<NamedArray> lengths_;  // as the filled cells of tables tell them
  std::vector<HostArray> columns_;   // per spec
  Diagnostics diagnostics_;
};

}  // namespace

DataSource parse_data_source(const std::string& text) {
  const std::size_t equals = text.find('=');
  const bool named = equals != std::string::npos && equals > 0 &&
                     text.substr(0, equals).find_first_of("/\\. ") == std::string::npos;
  if (!named) return {"", text};
  return {text.substr(0, equals), text.substr(equals + 1)};
}

HostArray Dataset::example(const ColumnSpec& spec, std::int64_t number) const {
  const HostArray& all = *column(spec.name);
  const Shape padded(all.shape().begin() + 1, all.shape().end());
  Shape shape = padded;
  for (std::size_t a = 0; a < shape.size(); ++a)
    if (spec.extents[a].ragged)
      shape[a] = static_cast<std::int64_t>(find(lengths, spec.extents[a].dim)->value(number));
  HostArray result(storage_of(spec.scalar), shape);
  const std::int64_t first = number * element_count(padded).value();
  for (std::int64_t i = 0; i < result.size(); ++i) {
    std::int64_t rest = i, at = 0, stride = 1;
    for (std::size_t a = shape.size(); a-- > 0; stride *= padded[a], rest /= shape[a])
      at += rest % shape[a] * stride;
    result.set_value(i, all.value(first + at));
  }
  return result;
}

Result<Dataset> bind_data(std::span<const ColumnSpec> specs, std::span<const DataSource> sources,
                          const DataLimits& limits) {
  return Binding(specs, limits).run(sources);
}

Result<HostArray> read_array(const std::string& path, const DataLimits& limits) {
  const Result<std::string> bytes = read_bytes(path, limits);
  if (!bytes) return bytes.diagnostics();
  if (bytes->empty()) return data_error(DiagnosticCode::E501, path, "the file is empty");
  return looks_like_idx(*bytes) ? read_idx(path, *bytes) : read_npy(path, *bytes);
}

}  // namespace gradc
