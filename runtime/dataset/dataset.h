// The examples that a model is trained on, or asked about: one array [N, ...] for each input and target.
//
// Where examples differ in length, a table leaves the cells behind their ends empty, or has a column that bears
// the dim's name; for other files, one for that name gives the lengths.
//
// A source is a table, whose columns bear the inputs' names (`x`, or `x.0 … x.783`, or `x.0.1`, or columns
// listed in the model), or a file for one name: an .npy or IDX array, or again a table. Files may be
// compressed with gzip. A dim whose size is not known is taken from the data; how many members a dim of
// labels has is not guessed. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "compiler/support/result.h"
#include "runtime/dataset/read_bytes.h"
#include "runtime/host_array.h"

namespace gradc {

struct ColumnExtent {
  std::string dim;         // its name; may be empty where the size is known
  std::int64_t size = -1;  // -1: taken from the data
  bool ragged = false;     // each example has its own, and the longest gives the size
};

// What the model wants to know for every example.
struct ColumnSpec {
  std::string name;
  std::vector<ColumnExtent> extents;      // of one example
  int scalar = GRADC_F64;                 // GRADC_I32: members of a dim
  ColumnExtent members = {};              // of GRADC_I32
  std::vector<std::string> columns = {};  // as listed in the model; empty: named after the input
  bool required = true;                   // a target is not, to predict
  bool is_length = false;                 // how long examples are: a ragged dim's `name`, in `members`
};

// `--data F`: name is empty, F a table. `--data x=F`: F holds x.
struct DataSource {
  std::string name;
  std::string path;
};
// Splits the option's text at its first `=` if a name stands before it.
DataSource parse_data_source(const std::string& text);

struct Dataset {
  std::int64_t examples = 0;
  // In the order of the specs, [examples, ...]: f32, f64, i32 as asked for, or u8, which becomes a
  // floating-point number when a batch is gathered.
  std::vector<NamedArray> columns;
  std::vector<std::pair<std::string, std::int64_t>> inferred;  // sizes of dims that were taken from the data

  // Of each ragged dim, how long every example is: i32 [examples], and the longest. Behind their ends,
  // examples are padded with 0.
  std::vector<NamedArray> lengths;
  std::vector<std::pair<std::string, std::int64_t>> longest;

  const HostArray* column(std::string_view name) const { return find(columns, name); }
  // One example's part of a column, as long as the example is.
  HostArray example(const ColumnSpec& spec, std::int64_t number) const;
};

Result<Dataset> bind_data(std::span<const ColumnSpec> specs, std::span<const DataSource> sources,
                          const DataLimits& limits = {});

// A file for one tensor that is no table: .npy, IDX.
Result<HostArray> read_array(const std::string& path, const DataLimits& limits = {});

}  // namespace gradc
