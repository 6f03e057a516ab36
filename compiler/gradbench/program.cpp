// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/gradbench/program.h"

#include <algorithm>

#include "compiler/driver/checks.h"
#include "compiler/driver/model_functions.h"
#include "compiler/gradbench/fields.h"
#include "compiler/support/check.h"

namespace gradc::gradbench {
namespace {

std::vector<driver::SetValue> values_of(const Inputs& inputs) {
  std::vector<driver::SetValue> values;
  for (const NamedArray& array : inputs.arrays)
    values.push_back({"`" + array.name + "`", array.name, array.array, false});
  return values;
}

// Arguments have passed already; what is left to see is that the results are of a size that memory may hold.
Diagnostics check_results(const driver::GivenValues& given, const kernel::FunctionSpec& function) {
  for (const kernel::ArraySpec& result : function.results) {
    const Result<Shape> shape = given.shape(result.tensor);
    if (!shape) return shape.diagnostics();
    if (const auto count = element_count(*shape); !count || *count > elements_at_most)
      return {error_at(DiagnosticCode::E608, result.name, "the result is too large")};
  }
  return {};
}

}  // namespace

Result<driver::ModelFile> read_model(const std::string& name, const std::string& text,
                                     const CheckOptions& options) {
  driver::Dump dump("");
  Diagnostics diagnostics;
  auto file = driver::check_model({name, Source(name + ".grad", text)}, options, dump, &diagnostics);
  if (!file) return diagnostics;
  return std::move(*file);
}

Result<std::vector<NamedSize>> sizes_of(const driver::ModelFile& file, const Inputs& inputs) {
  driver::GivenValues given(file, false, 0);
  for (const NamedSize& size : inputs.sizes) given.set_size(size.name, size.value);
  if (Diagnostics faults = given.assign(values_of(inputs)); !faults.empty()) return faults;
  return given.sizes();
}

Result<std::unique_ptr<Program>> Program::make(const std::string& name, const std::string& text,
                                               const std::vector<std::string>& wanted,
                                               const std::vector<NamedSize>& sizes) {
  CheckOptions options{.dims = {}, .wanted = wanted};
  for (const NamedSize& size : sizes) options.dims[size.name] = size.value;
  Result<driver::ModelFile> file = read_model(name, text, options);
  if (!file) return file.diagnostics();
  auto made = std::make_unique<Program>();
  made->file_ = std::move(*file);
  driver::Options request;
  request.of = wanted;
  request.order = 0;
  const Result<driver::Request> found =
      driver::make_request(made->file_, request, 0, driver::DefaultWrt::inputs_and_params);
  if (!found) return found.diagnostics();
  driver::Dump dump("");
  made->function_ = driver::value_function(
      made->file_, driver::numbers(made->file_, driver::differentiate(made->file_.model.system, *found)),
      dump);
  made->compiled_ =
      std::make_unique<driver::Compiled>(name, std::span<const kernel::FunctionSpec>{&made->function_, 1},
                                         driver::settings_of(made->file_, request), dump);
  return made;
}

Diagnostics Program::bind(const Inputs& inputs) {
  given_ = std::make_unique<driver::GivenValues>(file_, false, 0);
  if (Diagnostics faults = given_->assign(values_of(inputs)); !faults.empty()) return faults;
  if (Diagnostics faults = check_results(*given_, function_); !faults.empty()) return faults;
  arguments_.clear();
  results_.clear();
  for (const kernel::ArraySpec& argument : function_.arguments) {
    const auto declaration =
        std::ranges::find(file_.model.declarations, argument.tensor, &Declaration::tensor);
    Result<HostArray> value = given_->value(*declaration);
    if (!value) return value.diagnostics();
    arguments_.push_back(std::move(*value));
  }
  call_ = std::make_unique<BoundCall>(compiled_->info().functions[0], given_->sizes());
  int place = 0;
  for (HostArray& argument : arguments_) call_->bind(place++, argument.bytes().data());
  for (const kernel::ArraySpec& result : function_.results)
    results_.push_back({result.name, call_->allocate(place++, 1)});
  return {};
}

Diagnostics Program::failed_checks() {
  return driver::failed_checks(file_, *given_, [&](TensorId tensor) -> std::optional<HostArray> {
    const auto declaration = std::ranges::find(file_.model.declarations, tensor, &Declaration::tensor);
    if (declaration == file_.model.declarations.end()) return {};
    Result<HostArray> value = given_->value(*declaration);
    return value ? std::optional(std::move(*value)) : std::nullopt;
  });
}

const HostArray& Program::result(const std::string& name) const {
  const HostArray* found = find(results_, name);
  GRADC_CHECK(found != nullptr, "a result that was not asked for: " + name);
  return *found;
}

}  // namespace gradc::gradbench
