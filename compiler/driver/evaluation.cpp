// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/evaluation.h"

#include <fmt/format.h>
#include <algorithm>

#include <cstring>

#include "compiler/driver/checks.h"
#include "compiler/driver/compiled.h"
#include "compiler/driver/failure_places.h"
#include "compiler/driver/whole_batch.h"
#include "compiler/operators/build.h"
#include "runtime/abi.h"
#include "runtime/scores.h"

namespace gradc::driver {
namespace {

constexpr std::int64_t points_at_most = 10'000'000;

// Row `k` of a list, as the function takes it.
void copy_row(const HostArray& list, std::int64_t k, HostArray& row) {
  if (list.storage() == row.storage()) {
    std::memcpy(row.bytes().data(), list.bytes().data() + static_cast<std::size_t>(k) * row.bytes().size(),
                row.bytes().size());
    return;
  }
  for (std::int64_t i = 0; i < row.size(); ++i) row.set_value(i, list.value(k * row.size() + i));
}

class Evaluator {
 public:
  Evaluator(const ModelFile& file, const Options& options, const kernel::FunctionSpec& function)
      : file_(file),
        options_(options),
        function_(function),
        given_(file, options.precision == "f32", options.seed.value_or(file.model.train.options.seed)) {}

  Result<Evaluation> run(Dump& dump) {
    Result<std::vector<SetValue>> sets = parse_sets(options_.set);
    if (!sets) return sets.diagnostics();
    if (Diagnostics faults = given_.assign(std::move(*sets)); !faults.empty()) return faults;
    if (Diagnostics faults = make_axes(); !faults.empty()) return faults;
    if (Diagnostics faults = make_arguments(); !faults.empty()) return faults;
    const Compiled compiled(file_.name, {&function_, 1}, settings_of(file_, options_), dump);
    return compute(compiled.info().functions[0]);
  }

 private:
  bool is_argument(TensorId t) const {
    return std::ranges::find(function_.arguments, t, &kernel::ArraySpec::tensor) != function_.arguments.end();
  }

  Diagnostics make_axes() {
    if (!options_.data.empty()) {
      std::vector<TensorId> wanted;
      for (const Declaration& d : file_.model.declarations) {
        const Role role = file_.tensor(d.tensor).role;
        if ((role == Role::input || role == Role::target) && !given_.find(d.tensor) && is_argument(d.tensor))
          wanted.push_back(d.tensor);
      }
      Result<Dataset> data = read_examples(file_, given_, wanted, options_.data);
      if (!data) return data.diagnostics();
      if (Diagnostics faults = choose_example(*data); !faults.empty()) return faults;
      if (!file_.model.statistics.empty()) {  // all examples are one batch
        for (TensorId t : wanted) given_.give(t, *data->column(file_.tensor(t).name));
        given_.set_size("batch", data->examples);
        return make_list_axes();
      }
      if (!data->lengths.empty()) take_ragged(*data);
      Axis axis{"example", {}, options_.example ? 1 : data->examples, true};
      for (TensorId t : wanted)
        for (NamedArray& column : data->columns)
          if (column.name == file_.tensor(t).name)
            axis.lists.emplace_back(t, only_example(std::move(column.array)));
      made_.axes.push_back(std::move(axis));
    }
    return make_list_axes();
  }

  Diagnostics make_list_axes() {
    for (const Assigned& assigned : given_.assigned())
      if (assigned.is_list)
        made_.axes.push_back({file_.tensor(assigned.tensor).name,
                              {{assigned.tensor, assigned.array}},
                              assigned.array.shape()[0],
                              false});
    for (const Axis& axis : made_.axes) {
      if (axis.count > points_at_most / std::max<std::int64_t>(1, made_.points))
        return {error_at(DiagnosticCode::E608, "--set " + axis.name, "the table has too many points",
                         fmt::format("there may be {}", points_at_most))};
      made_.points *= axis.count;
    }
    return {};
  }

  Diagnostics choose_example(const Dataset& data) const {
    if (!options_.example || (*options_.example >= 0 && *options_.example < data.examples)) return {};
    return {error_at(
        DiagnosticCode::E608, fmt::format("--at {}", *options_.example),
        "the data has no example of this number",
        data.examples > 0 ? fmt::format("they count from 0 to {}", data.examples - 1) : "it has none")};
  }

  // Examples of different lengths are put in one by one.
  void take_ragged(const Dataset& data) {
    for (const auto& [dim, longest] : data.longest) given_.set_size(dim, longest);
    ragged_ = data;
  }

  // The number of the point's example among the data.
  std::int64_t example_at(std::int64_t point) const {
    std::int64_t n = options_.example.value_or(0);
    for (std::size_t a = 0; a < made_.axes.size(); ++a)
      if (made_.axes[a].is_data) n += made_.position(a, point);
    return n;
  }

  // Each example has noise of its own, the same as in `predict`.
  Diagnostics draw_noise(std::int64_t point) {
    for (std::size_t k = 0; k < arguments_.size(); ++k) {
      const TensorId t = function_.arguments[k].tensor;
      if (file_.tensor(t).role != Role::noise || given_.find(t)) continue;
      Result<HostArray> drawn = value(t, example_at(point));
      if (!drawn) return drawn.diagnostics();
      if (ragged_)
        arguments_[k] = std::move(*drawn);
      else  // what the call is bound to
        std::ranges::copy(drawn->bytes(), arguments_[k].bytes().begin());
    }
    return {};
  }

  // Sizes and arguments of one example.
  void go_to_ragged(std::int64_t point) {
    const std::int64_t n = example_at(point);
    for (const NamedArray& length : ragged_->lengths)
      given_.set_size(length.name, static_cast<std::int64_t>(length.array.value(n)));
    for (std::size_t k = 0; k < arguments_.size(); ++k)
      if (const TensorId t = function_.arguments[k].tensor; is_ragged_column(t)) {
        arguments_[k] = ragged_->example(column_spec(file_, given_, t), n);
        made_.shapes[t].push_back(arguments_[k].shape());
      }
  }

  HostArray only_example(HostArray list) const {
    if (!options_.example) return list;
    Shape shape = list.shape();
    shape[0] = 1;
    HostArray row(list.storage(), std::move(shape));
    const std::size_t size = row.bytes().size();
    std::memcpy(row.bytes().data(), list.bytes().data() + static_cast<std::size_t>(*options_.example) * size,
                size);
    return row;
  }

  // Rows to be filled for what varies, values for what does not.
  Diagnostics make_arguments() {
    Diagnostics faults;
    for (const kernel::ArraySpec& argument : function_.arguments) {
      bool varies = false;
      for (const Axis& axis : made_.axes)
        for (const auto& [tensor, list] : axis.lists) varies = varies || tensor == argument.tensor;
      Result<HostArray> array = varies ? blank(argument.tensor) : value(argument.tensor);
      if (array)
        arguments_.push_back(std::move(*array));
      else
        faults.insert(faults.end(), array.diagnostics().begin(), array.diagnostics().end());
    }
    for (const kernel::ArraySpec& result : function_.results)
      if (const Result<Shape> shape = given_.shape(result.tensor); !shape && faults.empty())
        return shape.diagnostics();
    return faults;
  }

  Result<HostArray> blank(TensorId t) {
    Result<Shape> shape = given_.shape(t);
    if (!shape) return shape.diagnostics();
    return HostArray(given_.storage(t), std::move(*shape));
  }
  Result<HostArray> value(TensorId t, std::int64_t example = 0) {
    return given_.value(*std::ranges::find(file_.model.declarations, t, &Declaration::tensor), example);
  }

  Result<Evaluation> compute(const gradc_function_info& info) {
    const std::int64_t examples = examples_in(given_.sizes());
    std::optional<BoundCall> bound;
    const auto bind = [&] {
      bound.emplace(info, given_.sizes());
      for (std::size_t k = 0; k < arguments_.size(); ++k)
        bound->bind(static_cast<int>(k), arguments_[k].bytes().data());
    };
    if (!ragged_) bind();
    Diagnostics warnings;
    for (std::int64_t point = 0; point < made_.points; ++point) {
      if (ragged_) go_to_ragged(point);
      if (Diagnostics faults = draw_noise(point); !faults.empty()) return faults;
      if (ragged_) bind();
      BoundCall& call = *bound;
      for (std::size_t a = 0; a < made_.axes.size(); ++a)
        for (const auto& [tensor, list] : made_.axes[a].lists)
          for (std::size_t k = 0; k < arguments_.size(); ++k)
            if (function_.arguments[k].tensor == tensor && !is_ragged_column(tensor))
              copy_row(list, made_.position(a, point), arguments_[k]);
      std::vector<HostArray> results;
      for (std::size_t k = 0; k < function_.results.size(); ++k)
        results.push_back(call.allocate(static_cast<int>(arguments_.size() + k), examples));
      const Diagnostics status = with_places(status_diagnostics(call.run(examples), file_.name), file_);
      if (has_errors(status)) return status;
      if (Diagnostics faults = failed_checks(file_, given_, [&](TensorId t) { return at(t, point); });
          !faults.empty())
        return faults;
      if (warnings.empty()) warnings = status;
      made_.results.push_back(std::move(results));
    }
    made_.given = given_.point();
    for (std::size_t k = 0; k < arguments_.size(); ++k)
      add_values(made_.given, function_.arguments[k].tensor, arguments_[k]);
    return {std::move(made_), std::move(warnings)};
  }

  bool is_ragged_column(TensorId t) const {
    return ragged_ && ragged_->column(file_.tensor(t).name) != nullptr;
  }

  // The value of what is given, for checks; none if nothing says it.
  std::optional<HostArray> at(TensorId t, std::int64_t point) {
    for (std::size_t a = 0; a < made_.axes.size(); ++a)
      for (const auto& [tensor, list] : made_.axes[a].lists) {
        if (tensor != t) continue;
        for (std::size_t k = 0; k < arguments_.size(); ++k)
          if (is_ragged_column(t) && function_.arguments[k].tensor == t) return arguments_[k];
        HostArray row(given_.storage(t), Shape(list.shape().begin() + 1, list.shape().end()));
        copy_row(list, made_.position(a, point), row);
        return row;
      }
    Result<HostArray> array = value(t);
    return array ? std::optional(std::move(*array)) : std::nullopt;
  }

  const ModelFile& file_;
  const Options& options_;
  const kernel::FunctionSpec& function_;
  GivenValues given_;
  Evaluation made_;
  std::optional<Dataset> ragged_;  // the examples, where they differ in length
  std::vector<HostArray> arguments_;
};

}  // namespace

std::int64_t Evaluation::position(std::size_t axis, std::int64_t point) const {
  for (std::size_t a = axes.size(); a-- > axis + 1;) point /= axes[a].count;
  return point % axes[axis].count;
}

Result<Evaluation> evaluate(const ModelFile& file, const Options& options,
                            const kernel::FunctionSpec& function, Dump& dump) {
  return Evaluator(file, options, function).run(dump);
}

}  // namespace gradc::driver
