// A table whose columns go into tensors: which column is which element, then all rows in one pass.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtime/dataset/csv.h"
#include "runtime/dataset/dataset.h"

namespace gradc {

class Table {
 public:
  static Result<Table> open(const std::string& path, std::string bytes);

  // Whether the first line has any column that is meant for the spec.
  bool mentions(const ColumnSpec& spec) const;
  // The extents of one example as the column names tell them; -1 where they do not.
  Shape extents_of(const ColumnSpec& spec) const;

  // A tensor per spec, whose extents are all known; and how long each example is along ragged dims, as its
  // filled cells tell.
  struct Content {
    std::vector<HostArray> arrays;
    std::vector<NamedArray> lengths;
  };
  Result<Content> load(std::span<const ColumnSpec> specs, const DataLimits& limits) const;

  const std::string& path() const { return path_; }

 private:
  struct Slot {  // column → element of a tensor
    std::size_t column;
    std::size_t tensor;
    std::size_t element;
  };
  Result<std::vector<Slot>> plan(std::span<const ColumnSpec> specs) const;
  Result<std::size_t> find_column(const std::string& name) const;
  std::string column_name(const ColumnSpec& spec, std::size_t element) const;

  std::string path_;
  std::unique_ptr<std::string> bytes_;  // on the heap, so that the cells' views survive a move
  std::vector<std::string> names_;
  std::int64_t rows_at_most_ = 0;
};

}  // namespace gradc
