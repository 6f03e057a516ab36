// gradc check: what the file declares and defines, with shapes and sizes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "compiler/driver/command_compile.h"
#include "compiler/driver/commands.h"
#include "compiler/driver/train_settings.h"
#include "compiler/operators/evaluate.h"

namespace gradc::driver {
namespace {

using Json = nlohmann::ordered_json;

std::string_view role_name(const ModelFile& file, TensorId t) {
  switch (file.tensor(t).role) {
    case Role::input: return "input";
    case Role::target: return "target";
    case Role::constant: return "const";
    case Role::param: return "param";
    case Role::noise: return "noise";
    default: break;
  }
  const auto among = [&](const std::vector<TensorId>& list) {
    return std::ranges::find(list, t) != list.end();
  };
  if (t == file.model.objective) return "minimize";
  if (among(file.model.metrics)) return "metric";
  if (among(file.model.penalties)) return "penalty";
  return "equation";
}

std::string_view type_name(Type type) {
  return type == Type::real ? "real" : type == Type::integer ? "integer" : "condition";
}

std::optional<std::int64_t> size_of_dim(const ModelFile& file, DimId dim) {
  return size_of<double>(*file.context, dim, {});
}

// "w0[D, H]"
std::string with_dims(const ModelFile& file, TensorId t) {
  std::string text = file.tensor(t).name;
  for (std::size_t k = 0; k < file.tensor(t).rank(); ++k)
    text += (k == 0 ? "[" : ", ") + file.context->dim(file.tensor(t).dims[k]).name;
  return text + (file.tensor(t).rank() > 0 ? "]" : "");
}

// "3 x 8 numbers", with `?` for what the data will say.
std::string extent(const ModelFile& file, TensorId t) {
  const Tensor& tensor = file.tensor(t);
  std::string text;
  for (DimId dim : tensor.dims) {
    const auto size = size_of_dim(file, dim);
    text += (text.empty() ? "" : " x ") + (size ? std::to_string(*size) : "?");
  }
  if (tensor.member_of.valid())
    text += (text.empty() ? "" : ", ") + ("in " + file.context->dim(tensor.member_of).name);
  else if (tensor.type != Type::real)
    text += (text.empty() ? "" : ", ") + std::string(type_name(tensor.type));
  return text;
}

// All tensors that the file names, in its order within each group.
std::vector<TensorId> named_tensors(const ModelFile& file) {
  std::vector<TensorId> all;
  for (const Declaration& d : file.model.declarations) all.push_back(d.tensor);
  all.insert(all.end(), file.model.equations.begin(), file.model.equations.end());
  return all;
}

std::vector<std::pair<std::string, DimId>> dims_in_order(const ModelFile& file) {
  std::vector<std::pair<std::string, DimId>> dims(file.model.dims.begin(), file.model.dims.end());
  std::ranges::sort(dims, {}, [](const auto& named) { return named.second; });
  return dims;
}

void print_text(const ModelFile& file) {
  std::size_t widest = 0;
  for (TensorId t : named_tensors(file)) widest = std::max(widest, with_dims(file, t).size());
  const auto line = [&](std::string_view role, const std::string& name, const std::string& rest) {
    std::string text = fmt::format("{:<9} {:<{}}  {}", role, name, widest, rest);
    text.erase(text.find_last_not_of(' ') + 1);
    fmt::print("{}\n", text);
  };
  for (const auto& [name, dim] : dims_in_order(file)) {
    const auto size = size_of_dim(file, dim);
    line("dim", name, size ? std::to_string(*size) : "from the data, or --dim " + name + "=…");
  }
  std::optional<std::int64_t> learned = 0;
  for (TensorId t : named_tensors(file)) {
    line(role_name(file, t), with_dims(file, t), extent(file, t));
    if (file.tensor(t).role != Role::param) continue;
    std::int64_t elements = 1;
    for (DimId dim : file.tensor(t).dims) {
      const auto size = size_of_dim(file, dim);
      if (!size) learned = std::nullopt;
      elements *= size.value_or(0);
    }
    if (learned) *learned += elements;
  }
  if (learned && *learned > 0) fmt::print("{} learned number{}\n", *learned, *learned == 1 ? "" : "s");
  if (file.model.objective.valid()) fmt::print("train     {}\n", described(train_options(file.model, {})));
}

Json as_json(const ModelFile& file) {
  Json json;
  json["model"] = file.name;
  json["dims"] = Json::object();
  for (const auto& [name, dim] : dims_in_order(file)) {
    const auto size = size_of_dim(file, dim);
    json["dims"][name] = size ? Json(*size) : Json();
  }
  json["tensors"] = Json::object();
  for (TensorId t : named_tensors(file)) {
    Json& entry = json["tensors"][file.tensor(t).name];
    entry["role"] = role_name(file, t);
    entry["type"] = type_name(file.tensor(t).type);
    entry["dims"] = Json::array();
    entry["shape"] = Json::array();
    for (DimId dim : file.tensor(t).dims) {
      const auto size = size_of_dim(file, dim);
      entry["dims"].push_back(file.context->dim(dim).name);
      entry["shape"].push_back(size ? Json(*size) : Json());
    }
    if (file.tensor(t).member_of.valid())
      entry["member_of"] = file.context->dim(file.tensor(t).member_of).name;
  }
  return json;
}

Json as_json(const Diagnostics& diagnostics, const Sources& sources) {
  Json list = Json::array();
  for (const Diagnostic& d : diagnostics) {
    Json entry;
    entry["severity"] = d.severity() == Severity::error ? "error" : "warning";
    entry["code"] = all_diagnostics()[static_cast<std::size_t>(d.code)].code;
    entry["message"] = d.message;
    if (!d.help.empty()) entry["help"] = d.help;
    if (d.place.empty() && !sources.empty()) {
      const Source::Place place = sources[d.at.range.file].place(d.at.range.begin);
      entry["file"] = sources[d.at.range.file].name();
      entry["line"] = place.line;
      entry["column"] = place.column;
    } else {
      entry["file"] = d.place;
    }
    list.push_back(std::move(entry));
  }
  return list;
}

void print(const Json& json) { fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace)); }

}  // namespace

int check_command(const Options& options) {
  Dump dump(options.dump);
  Diagnostics told;
  Sources sources;
  const std::optional<ModelFile> file = load_model(options, dump, &told, &sources);
  if (options.json && !dump.wanted()) {
    Json json = file ? as_json(*file) : Json::object();
    json["diagnostics"] = as_json(told, file ? file->sources : sources);
    print(json);
    return file ? status_ok : status_user_error;
  }
  if (!file) return status_user_error;
  if (dump.reaches("batch")) return dump_functions(*file, options, dump);
  if (dump.wanted()) return dump.finish(options.command);
  print_text(*file);
  return status_ok;
}

}  // namespace gradc::driver
