// Where examples of different lengths end: behind the last step of which a table has filled a cell.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "runtime/dataset/dataset.h"

namespace gradc {

class Ends {
 public:
  // The extents of all specs are known.
  Ends(std::span<const ColumnSpec> specs, std::int64_t examples_at_most);

  void next_example() { filled_.assign(filled_.size(), 0); }
  // This element has a value.
  void fill(std::size_t tensor, std::size_t element);
  // All of the example's elements were told. What is wrong with its ends, or nothing.
  std::string settle();
  // Whether the element lies behind the end of its example.
  bool behind(std::size_t tensor, std::size_t element) const;

  std::vector<NamedArray> lengths(std::int64_t examples) const;

 private:
  struct Axis {  // a ragged one
    std::size_t tensor, dim;
    std::int64_t extent, stride;
    std::int64_t position(std::size_t element) const {
      return static_cast<std::int64_t>(element) / stride % extent;
    }
  };
  std::span<const ColumnSpec> specs_;
  std::vector<std::string> dims_;
  std::vector<Axis> axes_;
  std::vector<std::pair<std::size_t, std::size_t>> of_tensor_;  // its part of axes_
  std::vector<std::int64_t> filled_;                            // by axis: positions up to the last that is
  std::vector<std::int64_t> length_;                            // by dim, of this example
  std::vector<std::vector<std::int32_t>> lengths_;              // by dim and example
};

}  // namespace gradc
