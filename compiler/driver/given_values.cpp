// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/given_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "compiler/driver/noise_info.h"
#include "compiler/driver/request.h"
#include "compiler/equations/walk.h"
#include "compiler/support/check.h"
#include "runtime/init/init.h"
#include "runtime/noise.h"

namespace gradc::driver {

void add_values(Point<double>& point, TensorId tensor, const HostArray& array) {
  Values<double>& values = point.tensors[tensor];
  values = {array.shape(), {}, {}};
  for (std::int64_t i = 0; i < array.size(); ++i)
    if (array.storage() == Storage::i32)
      values.integers.push_back(static_cast<std::int64_t>(array.value(i)));
    else
      values.reals.push_back(array.value(i));
}

const Assigned* GivenValues::find(TensorId tensor) const {
  const auto found = std::ranges::find(assigned_, tensor, &Assigned::tensor);
  return found == assigned_.end() ? nullptr : &*found;
}

void GivenValues::give(TensorId tensor, const HostArray& value) {
  Assigned made{tensor, HostArray(storage(tensor), value.shape()), false, "--data"};
  for (std::int64_t i = 0; i < value.size(); ++i) made.array.set_value(i, value.value(i));
  assigned_.push_back(std::move(made));
}

void GivenValues::set_size(const std::string& dim, std::int64_t size) {
  for (std::size_t k = 0; k < file_.context->dim_count(); ++k)
    if (const DimId id{static_cast<std::int32_t>(k)};
        file_.context->dim(id).name == dim && file_.context->dim(id).kind == Dim::Kind::run_time)
      point_.sizes[id] = size;
}

std::optional<std::int64_t> GivenValues::size(DimId dim) const {
  return size_of(*file_.context, dim, point_);
}

std::vector<NamedSize> GivenValues::sizes() const {
  std::vector<NamedSize> result;
  for (const auto& [dim, size] : point_.sizes) result.push_back({file_.context->dim(dim).name, size});
  return result;
}

Storage GivenValues::storage(TensorId tensor) const {
  if (file_.tensor(tensor).type != Type::real) return Storage::i32;
  return f32_ ? Storage::f32 : Storage::f64;
}

Result<Shape> GivenValues::shape(TensorId tensor) const {
  Shape shape;
  for (DimId dim : file_.tensor(tensor).dims) {
    const auto extent = size(dim);
    if (!extent) {
      const std::string& name = file_.context->dim(dim).name;
      return error_at(
          DiagnosticCode::E605, "--dim " + name,
          fmt::format("the size of `{}`, an axis of `{}`, is not known", name, file_.tensor(tensor).name),
          fmt::format("give it with `--dim {}=…`", name));
    }
    shape.push_back(*extent);
  }
  return shape;
}

// What is drawn by parameters that are expressions is set by what is drawn without them.
static std::string standard_noise(const ModelFile& file, TensorId tensor,
                                  const std::vector<std::string>& known) {
  if (const Definition* definition = file.model.system.find(tensor))
    for (TensorId t : reads(*definition))
      if (file.tensor(t).role == Role::noise && file.tensor(t).name == file.tensor(tensor).name + "_std")
        return fmt::format("what is drawn for it is `{}`", file.tensor(t).name);
  return nearest("", known, "given names");
}

Diagnostics GivenValues::assign(std::vector<SetValue> values) {
  Diagnostics faults;
  std::vector<std::string> known;
  for (const Declaration& d : file_.model.declarations) known.push_back(file_.tensor(d.tensor).name);
  for (const SetValue& value : values) {
    const TensorId tensor = find_tensor(file_, value.name);
    if (!tensor.valid()) {
      const bool is_dim = file_.model.dims.contains(value.name);
      faults.push_back(
          error_at(DiagnosticCode::E601, value.option,
                   fmt::format("the file has no input, target, const, param or noise `{}`", value.name),
                   is_dim ? fmt::format("a dim is set with `--dim {}=…`", value.name)
                          : nearest(value.name, known, "given names")));
    } else if (std::ranges::find(file_.model.equations, tensor) != file_.model.equations.end()) {
      faults.push_back(error_at(DiagnosticCode::E601, value.option,
                                fmt::format("`{}` is computed by an equation, and cannot be set", value.name),
                                standard_noise(file_, tensor, known)));
    } else {
      const Diagnostics unfit = fit(value, tensor);
      faults.insert(faults.end(), unfit.begin(), unfit.end());
    }
  }
  for (const Assigned& assigned : assigned_) {
    const Diagnostics strangers = check_members(assigned);
    faults.insert(faults.end(), strangers.begin(), strangers.end());
  }
  return faults;
}

Diagnostics GivenValues::fit(const SetValue& value, TensorId id) {
  const Tensor& tensor = file_.tensor(id);
  const Shape& given = value.array.shape();
  const bool is_list = value.is_range || given.size() == tensor.rank() + 1;
  std::string declared;
  for (DimId dim : tensor.dims) declared += (declared.empty() ? "[" : ", ") + file_.context->dim(dim).name;
  declared = declared.empty() ? "a number" : declared + "]";
  const std::string form = tensor.rank() == 0   ? "2"
                           : tensor.rank() == 1 ? "[1, 2]"
                           : tensor.rank() == 2 ? "[[1, 2], [3, 4]]"
                                                : "@file.npy";
  const auto misfit = [&](const std::string& why) -> Diagnostics {
    return {error_at(DiagnosticCode::E603, value.option, why,
                     fmt::format("such a value is written `--set {}={}`", tensor.name, form))};
  };
  if (value.is_range && tensor.rank() > 0)
    return misfit(fmt::format("a range is for numbers, and `{}` is {}", tensor.name, declared));
  if (given.size() != tensor.rank() + (is_list ? 1 : 0))
    return misfit(fmt::format("`{}` is {}, and the value is {}", tensor.name, declared,
                              given.empty() ? "a number" : "of shape " + to_string(given)));
  for (std::size_t k = 0; k < tensor.rank(); ++k) {
    const std::int64_t extent = given[k + (is_list ? 1 : 0)];
    const Dim& dim = file_.context->dim(tensor.dims[k]);
    if (const auto known = size(tensor.dims[k]); known && *known != extent)
      return misfit(fmt::format("the axis `{}` of `{}` has {} element{}, and {} {} given", dim.name,
                                tensor.name, *known, *known == 1 ? "" : "s", extent,
                                extent == 1 ? "is" : "are"));
    if (dim.kind == Dim::Kind::run_time) point_.sizes[tensor.dims[k]] = extent;
  }
  if (is_list && given[0] == 0) return misfit("the list has no value");
  Assigned made{id, HostArray(storage(id), given), is_list, value.option};
  for (std::int64_t i = 0; i < value.array.size(); ++i) {
    const double x = value.array.value(i);
    if (tensor.type != Type::real && (x != std::floor(x) || std::abs(x) > 2147483647.0))
      return {error_at(
          DiagnosticCode::E602, value.option, fmt::format("{} is no whole number", x),
          fmt::format("`{}` is a member of `{}`", tensor.name, file_.context->dim(tensor.member_of).name))};
    made.array.set_value(i, x);
  }
  assigned_.push_back(std::move(made));
  return {};
}

// Once all sizes that values tell are known.
Diagnostics GivenValues::check_members(const Assigned& assigned) const {
  const DimId dim = file_.tensor(assigned.tensor).member_of;
  if (!dim.valid()) return {};
  const auto members = size(dim);
  for (std::int64_t i = 0; i < assigned.array.size(); ++i) {
    const double x = assigned.array.value(i);
    if (x >= 0 && (!members || x < static_cast<double>(*members))) continue;
    return {
        error_at(DiagnosticCode::E604, assigned.option,
                 fmt::format("{} is no member of `{}`", x, file_.context->dim(dim).name),
                 members ? fmt::format("members count from 0 to {}", *members - 1) : "members count from 0")};
  }
  return {};
}

Result<HostArray> GivenValues::value(const Declaration& declaration, std::int64_t example) {
  const TensorId id = declaration.tensor;
  const Tensor& tensor = file_.tensor(id);
  if (const Assigned* set = find(id)) {
    if (set->is_list)
      return error_at(DiagnosticCode::E603, set->option,
                      fmt::format("one value was expected, and {} are given", set->array.shape()[0]),
                      "lists and ranges are for `gradc eval` and `gradc plot`");
    return set->array;
  }
  if (tensor.role == Role::noise) {
    Result<Shape> extents = shape(id);
    if (!extents) return extents.diagnostics();
    HostArray array(storage(id), std::move(*extents));
    draw(noise_info(file_.model.system, id), noise_stream(seed_, tensor.name, 0),
         static_cast<std::uint64_t>(example * array.size()), array);
    return array;
  }
  if (declaration.value) return evaluate(*declaration.value, id);
  if (declaration.initialiser) {
    if (!declaration.initialiser->call) return evaluate(declaration.initialiser->given, id);
    Result<Shape> extents = shape(id);
    if (!extents) return extents.diagnostics();
    HostArray array(storage(id), std::move(*extents));
    if (Diagnostics faults = initialize(*declaration.initialiser->call, seed_, tensor.name, array);
        !faults.empty())
      return faults;
    return array;
  }
  return error_at(DiagnosticCode::E605, "--set " + tensor.name, fmt::format("`{}` has no value", tensor.name),
                  fmt::format("give it with `--set {}=…`", tensor.name));
}

Result<std::vector<NamedArray>> GivenValues::values(Role role) {
  std::vector<NamedArray> result;
  Diagnostics faults;
  for (const Declaration& d : file_.model.declarations) {
    if (file_.tensor(d.tensor).role != role) continue;
    Result<HostArray> array = value(d);
    if (array)
      result.push_back({file_.tensor(d.tensor).name, std::move(*array)});
    else
      faults.insert(faults.end(), array.diagnostics().begin(), array.diagnostics().end());
  }
  if (!faults.empty()) return faults;
  return result;
}

// Consts that an expression reads get their values before it, also those behind equations that it was taken
// apart into.
Diagnostics GivenValues::provide(Expr e) {
  std::vector<TensorId> pending;
  for (Expr node : reachable_nodes(e))
    if (node->kind == ExprKind::access) pending.push_back(node->tensor);
  std::set<TensorId> met;
  while (!pending.empty()) {
    const TensorId t = pending.back();
    pending.pop_back();
    if (point_.tensors.contains(t) || !met.insert(t).second) continue;
    if (const Definition* behind = file_.model.system.find(t)) {
      const std::vector<TensorId> read = reads(*behind);
      pending.insert(pending.end(), read.begin(), read.end());
      continue;
    }
    const auto declaration = std::ranges::find(file_.model.declarations, t, &Declaration::tensor);
    GRADC_CHECK(declaration != file_.model.declarations.end(), "a given value reads what is not declared");
    const Result<HostArray> array = value(*declaration);
    if (!array) return array.diagnostics();
    add_values(point_, t, *array);
  }
  return {};
}

Result<HostArray> GivenValues::evaluate(const GivenValue& given, TensorId id) {
  Result<Shape> extents = shape(id);
  if (!extents) return extents.diagnostics();
  HostArray array(storage(id), std::move(*extents));
  Context& c = *file_.context;
  const auto number = [&](Expr e) -> Result<double> {
    if (e->is_constant()) return f32_ && e->type == Type::real ? e->value->to_float() : e->value->to_double();
    if (Diagnostics faults = provide(e); !faults.empty()) return faults;
    const bool alone = std::ranges::none_of(reachable_nodes(e), [&](Expr node) {
      return node->kind == ExprKind::access && file_.model.system.find(node->tensor);
    });
    System system = alone ? System(c) : file_.model.system;
    const TensorId result = c.add_tensor({.name = c.unused_name("value"), .type = e->type});
    system.add({result, Define{e}, {}, {}});
    Evaluator<double> evaluator(system, point_);
    const auto values = evaluator.tensor(result);
    if (!values) return error_at(DiagnosticCode::E605, file_.tensor(id).name, evaluator.error());
    return e->type == Type::real ? values->reals[0] : static_cast<double>(values->integers[0]);
  };
  const bool uniform = given.elements.empty();
  double value = 0;
  for (std::int64_t i = 0; i < array.size(); ++i) {
    if (i == 0 || !uniform) {
      const Result<double> computed =
          number(uniform ? given.uniform : given.elements[static_cast<std::size_t>(i)]);
      if (!computed) return computed.diagnostics();
      value = *computed;
    }
    array.set_value(i, value);
  }
  return array;
}

}  // namespace gradc::driver
