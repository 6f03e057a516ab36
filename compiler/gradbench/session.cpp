// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/gradbench/session.h"

#include <fmt/format.h>

#include <algorithm>

namespace gradc::gradbench {
namespace {

std::string text_of(const Diagnostics& diagnostics) {
  std::string all;
  for (const Diagnostic& d : diagnostics)
    if (d.severity() == Severity::error)
      all += (all.empty() ? "" : "; ") + (d.place.empty() ? "" : d.place + ": ") + d.message;
  return all.empty() ? "unknown" : all;
}

const Module* find_module(const std::string& name, const Fields& input) {
  const auto found = std::ranges::find_if(
      modules(), [&](const Module& module) { return module.name == name && module.takes(input); });
  return found == modules().end() ? nullptr : &*found;
}

}  // namespace

std::string Session::name_in_model(const std::string& module, const std::string& name) const {
  const auto names = models_.names.find(module);
  if (names == models_.names.end()) return name;
  const auto found = names->second.find(name);
  return found == names->second.end() ? name : found->second;
}

const driver::ModelFile* Session::model(const Module& module, std::string& error) {
  if (const auto known = files_.find(module.model); known != files_.end()) return &known->second;
  const auto text = models_.texts.find(module.model);
  if (text == models_.texts.end()) {
    error = fmt::format("there is no model for `{}`", module.name);
    return nullptr;
  }
  CheckOptions options;
  for (const Function& function : module.functions)
    for (const std::string& name : function.wanted)
      options.wanted.push_back(name_in_model(module.name, name));
  Result<driver::ModelFile> file = read_model(module.model, text->second, options);
  if (!file) {
    error = text_of(file.diagnostics());
    return nullptr;
  }
  return &files_.emplace(module.model, std::move(*file)).first->second;
}

std::string Session::define(const std::string& module) {
  std::string error = fmt::format("there is no module `{}`", module);
  for (const Module& known : modules()) {
    if (known.name != module) continue;
    error.clear();
    model(known, error);
    if (!error.empty()) break;
  }
  return error;
}

Program* Session::program(const Module& module, const Function& function, const Inputs& inputs,
                          std::string& error) {
  const driver::ModelFile* file = model(module, error);
  if (!file) return nullptr;
  const Result<std::vector<NamedSize>> sizes = sizes_of(*file, inputs);
  if (!sizes) {
    error = text_of(sizes.diagnostics());
    return nullptr;
  }
  std::string key = module.model + "/" + function.name;
  for (const NamedSize& size : *sizes) key += fmt::format(" {}={}", size.name, size.value);
  std::unique_ptr<Program>& made = programs_[key];
  if (!made) {
    std::vector<std::string> wanted;
    for (const std::string& name : function.wanted) wanted.push_back(name_in_model(module.name, name));
    Result<std::unique_ptr<Program>> program =
        Program::make(module.model, models_.texts.at(module.model), wanted, *sizes);
    if (program)
      made = std::move(*program);
    else
      error = text_of(program.diagnostics());
  }
  if (!made) return nullptr;
  const Diagnostics faults = made->bind(inputs);
  if (has_errors(faults)) {
    error = text_of(faults);
    return nullptr;
  }
  return made.get();
}

std::optional<Ready> Session::prepare(const std::string& module, const std::string& function,
                                      const Json& input, std::string& error) {
  // A bare number is an input too.
  const Json object = input.is_object() ? input : Json{{"input", input}};
  Fields fields(object);
  const Module* known = find_module(module, fields);
  if (!known) {
    error = fmt::format("there is no module `{}`", module);
    return {};
  }
  const auto found = std::ranges::find(known->functions, function, &Function::name);
  if (found == known->functions.end()) {
    error = fmt::format("the module `{}` has no function `{}`", module, function);
    return {};
  }
  const auto inputs = std::make_shared<Inputs>(known->read(fields));
  error = fields.fault();
  if (!error.empty()) return {};
  Inputs named = *inputs;
  for (NamedArray& array : named.arrays) array.name = name_in_model(module, array.name);
  for (NamedSize& size : named.sizes) size.name = name_in_model(module, size.name);
  Program* made = program(*known, *found, named, error);
  if (!made) return {};
  return Ready{made, [this, made, found, module, inputs] {
                 return found->write(
                     [&](const std::string& name) -> const HostArray& {
                       return made->result(name_in_model(module, name));
                     },
                     *inputs);
               }};
}

}  // namespace gradc::gradbench
