// A problem's JSON, read field by field. Nothing in it is trusted: the first fault is kept, and what is read
// after it is empty. // SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "runtime/host_array.h"

namespace gradc::gradbench {

using Json = nlohmann::json;

constexpr std::int64_t elements_at_most = std::int64_t{1} << 27;

class Fields {
 public:
  explicit Fields(const Json& object) : object_(&object) {}

  const std::string& fault() const { return fault_; }
  void fail(std::string why);

  bool has(const std::string& field) const;
  double number(const std::string& field);
  std::int64_t size(const std::string& field);  // 0 up to elements_at_most
  bool flag(const std::string& field);          // false, if it is not there
  // Nested arrays of numbers, as many deep as the rank. Without elements, all extents from there on are 0.
  HostArray array(const std::string& field, std::size_t rank);
  HostArray array(const std::string& field, const Shape& shape);  // the same numbers in another shape
  Fields object(const std::string& field) const;                  // no fields, if it is none
  bool is_empty(const std::string& field) const;                  // an array without elements

 private:
  const Json* find(const std::string& field);

  const Json* object_;
  std::string fault_;
};

// Nested arrays of the array's shape.
Json nested(const HostArray& array);

}  // namespace gradc::gradbench
