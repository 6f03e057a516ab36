// Values for what a model is given: consts from the file, params from their initialisers, either from
// `--set`; and the sizes of dims that follow from them. SPDX-License-Identifier: Apache-2.0 WITH
// LLVM-exception
#pragma once

#include <map>
#include <span>
#include <vector>

#include "compiler/driver/model_file.h"
#include "compiler/driver/set_value.h"
#include "compiler/operators/evaluate.h"
#include "runtime/bound_call.h"

namespace gradc::driver {

// A value of --set that belongs to a declaration. A list holds one value more axis: one for each of several
// points.
struct Assigned {
  TensorId tensor;
  HostArray array;  // f32 or f64, or i32 for members; the first axis of a list counts its points
  bool is_list = false;
  std::string option;
};

// An array as the reference evaluator takes it.
void add_values(Point<double>& point, TensorId tensor, const HostArray& array);

class GivenValues {
 public:
  GivenValues(const ModelFile& file, bool f32, std::uint64_t seed) : file_(file), f32_(f32), seed_(seed) {}

  // Looks names up, checks shapes and members, and takes sizes of dims from shapes.
  Diagnostics assign(std::vector<SetValue> values);
  const std::vector<Assigned>& assigned() const { return assigned_; }
  const Assigned* find(TensorId tensor) const;

  // A value that fits, from elsewhere than --set.
  void give(TensorId tensor, const HostArray& value);
  void set_size(const std::string& dim, std::int64_t size);
  std::optional<std::int64_t> size(DimId dim) const;
  // Sizes that are known.
  const Point<double>& point() const { return point_; }
  // What compiled functions ask for by name.
  std::vector<NamedSize> sizes() const;

  // Of a const or param: set, or as the file says. E605 if neither says anything. Of noise: set, or drawn.
  // `example`: for which noise is drawn.
  Result<HostArray> value(const Declaration& declaration, std::int64_t example = 0);
  // All consts, or all params, in the order of the file.
  Result<std::vector<NamedArray>> values(Role role);

  Storage storage(TensorId tensor) const;
  Result<Shape> shape(TensorId tensor) const;

 private:
  Diagnostics check_members(const Assigned& assigned) const;
  Diagnostics fit(const SetValue& value, TensorId tensor);
  Result<HostArray> evaluate(const GivenValue& given, TensorId tensor);
  Diagnostics provide(Expr e);

  const ModelFile& file_;
  bool f32_;
  std::uint64_t seed_;
  std::vector<Assigned> assigned_;
  Point<double> point_;  // sizes, and consts that others read
};

}  // namespace gradc::driver
