// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/gradbench/fields.h"

#include <fmt/format.h>

#include <cmath>

namespace gradc::gradbench {
namespace {

// The extents of nested arrays, by their first elements.
Shape shape_of(const Json& value, std::size_t rank) {
  Shape shape;
  const Json* at = &value;
  for (std::size_t axis = 0; axis < rank; ++axis) {
    const bool is_array = at != nullptr && at->is_array();
    shape.push_back(is_array ? static_cast<std::int64_t>(at->size()) : 0);
    at = is_array && !at->empty() ? &at->front() : nullptr;
  }
  return shape;
}

// Appends the numbers of nested arrays; whether they are of this shape.
bool append(const Json& value, const Shape& shape, std::size_t axis, std::span<double>& rest) {
  if (axis == shape.size()) {
    if (!value.is_number() || rest.empty()) return false;
    rest.front() = value.get<double>();
    rest = rest.subspan(1);
    return true;
  }
  if (!value.is_array() || static_cast<std::int64_t>(value.size()) != shape[axis]) return false;
  for (const Json& element : value)
    if (!append(element, shape, axis + 1, rest)) return false;
  return true;
}

Json nested(const HostArray& array, std::size_t axis, std::int64_t& next) {
  if (axis == array.shape().size()) {
    const double x = array.value(next++);
    if (array.storage() == Storage::i32) return static_cast<std::int64_t>(x);
    return x;
  }
  Json made = Json::array();
  for (std::int64_t k = 0; k < array.shape()[axis]; ++k) made.push_back(nested(array, axis + 1, next));
  return made;
}

}  // namespace

void Fields::fail(std::string why) {
  if (fault_.empty()) fault_ = std::move(why);
}

bool Fields::has(const std::string& field) const { return object_->is_object() && object_->contains(field); }

const Json* Fields::find(const std::string& field) {
  if (has(field)) return &(*object_)[field];
  fail(fmt::format("the input has no field `{}`", field));
  return nullptr;
}

double Fields::number(const std::string& field) {
  const Json* value = find(field);
  if (value && value->is_number()) return value->get<double>();
  fail(fmt::format("`{}` is no number", field));
  return 0;
}

std::int64_t Fields::size(const std::string& field) {
  const double x = number(field);
  if (x >= 0 && x <= static_cast<double>(elements_at_most) && x == std::floor(x))
    return static_cast<std::int64_t>(x);
  fail(fmt::format("`{}` is {}, and a whole number up to {} was expected", field, x, elements_at_most));
  return 0;
}

bool Fields::flag(const std::string& field) {
  if (!has(field)) return false;
  const Json& value = (*object_)[field];
  if (!value.is_boolean()) fail(fmt::format("`{}` is neither true nor false", field));
  return value == true;
}

HostArray Fields::array(const std::string& field, std::size_t rank) {
  HostArray made(Storage::f64, Shape(rank, 0));
  const Json* value = find(field);
  if (!value) return made;
  const Shape shape = shape_of(*value, rank);
  const auto count = element_count(shape);
  if (!count || *count > elements_at_most) {
    fail(fmt::format("`{}` is too large", field));
    return made;
  }
  HostArray filled(Storage::f64, shape);
  std::span<double> rest = filled.as<double>();
  if (append(*value, shape, 0, rest)) return filled;
  fail(fmt::format("`{}` does not consist of numbers in arrays of rank {} whose rows are of one length",
                   field, rank));
  return made;
}

HostArray Fields::array(const std::string& field, const Shape& shape) {
  const Json* value = find(field);
  const bool deep = value && value->is_array() && !value->empty() && value->front().is_array();
  HostArray made = array(field, deep ? std::size_t{2} : std::size_t{1});
  if (const auto count = element_count(shape); count && *count == made.size()) {
    made.reshape(shape);
    return made;
  }
  fail(fmt::format("`{}` has {} numbers, and the shape {} was expected", field, made.size(),
                   to_string(shape)));
  return HostArray(Storage::f64, Shape(shape.size(), 0));
}

Fields Fields::object(const std::string& field) const {
  static const Json nothing;
  return Fields(has(field) ? (*object_)[field] : nothing);
}

bool Fields::is_empty(const std::string& field) const {
  return has(field) && (*object_)[field].is_array() && (*object_)[field].empty();
}

Json nested(const HostArray& array) {
  std::int64_t next = 0;
  return nested(array, 0, next);
}

}  // namespace gradc::gradbench
