// What is known of a value before it is built: its dims, its type, and from what it can be reached.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <vector>

#include "compiler/equations/tensor.h"

namespace gradc::sema {

struct Shape {
  std::vector<DimId> dims = {};
  Type type = Type::real;
  bool error = false;     // a mistake was reported: whatever uses this stays silent
  bool constant = true;   // not reachable from an input, param or const without a value (design, Kinks)
  bool literal = false;   // numbers alone: an integer one is real where a real is needed
  bool function = false;  // none at all: a function, as an argument
  DimId member_of = {};   // an integer that is a member of this dim

  std::size_t rank() const { return dims.size(); }
  bool is_integer() const { return type == Type::integer; }
  bool is_condition() const { return type == Type::boolean; }

  static Shape failed() {
    Shape shape;
    shape.error = true;
    return shape;
  }
  static Shape of_function() {
    Shape shape;
    shape.function = true;
    return shape;
  }
  static Shape scalar(Type type, bool constant = true) {
    Shape shape;
    shape.type = type;
    shape.constant = constant;
    return shape;
  }
  friend bool operator==(const Shape&, const Shape&) = default;
};

}  // namespace gradc::sema
