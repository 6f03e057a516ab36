// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/run_settings.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "runtime/optimizer/optimizer.h"

namespace gradc {
namespace {

using Json = nlohmann::ordered_json;

Json sources_json(const std::vector<DataSource>& sources) {
  Json json = Json::array();
  for (const DataSource& source : sources) json.push_back({{"name", source.name}, {"path", source.path}});
  return json;
}

// With the defaults of what was not said.
Json optimizer_json(const NamedCall& choice) {
  Json json = {{"name", choice.name}};
  for (const Optimizer* optimizer : all_optimizers()) {
    if (optimizer->name != choice.name) continue;
    const Result<std::vector<double>> values =
        match_arguments(choice.name, optimizer->parameters, choice.arguments);
    if (!values) continue;
    for (std::size_t i = 0; i < values->size(); ++i) json[optimizer->parameters[i].name] = (*values)[i];
  }
  return json;
}

Json number_json(double value) {  // JSON has no NaN
  if (std::isfinite(value)) return value;
  return fmt::format("{}", value);
}

Json scores_json(const Scores& scores, const TrainResult& result) {
  Json json = {{result.loss, number_json(scores.loss)}};
  for (std::size_t i = 0; i < scores.metrics.size(); ++i)
    json[result.metrics[i]] = number_json(scores.metrics[i]);
  return json;
}

std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";  // a path may be any bytes
}

// Reads fields of an object and remembers whether all were as they should.
class FieldReader {
 public:
  explicit FieldReader(const Json& json) : json_(json) { good_ = json.is_object(); }
  bool good() const { return good_; }

  template <class T>
  void read(const char* name, T& value) {
    const Json* field = find(name);
    if (field == nullptr) return;
    if constexpr (std::is_same_v<T, std::string>)
      good_ = good_ && field->is_string();
    else if constexpr (std::is_same_v<T, bool>)
      good_ = good_ && field->is_boolean();
    else if constexpr (std::is_same_v<T, double>)
      good_ = good_ && field->is_number();
    else
      good_ = good_ && field->is_number_integer();
    if (good_) value = field->get<T>();
  }
  const Json* find(const char* name) {
    if (good_) good_ = json_.contains(name);
    return good_ ? &json_[name] : nullptr;
  }
  void fail() { good_ = false; }

 private:
  const Json& json_;
  bool good_;
};

void read_sources(FieldReader& fields, const char* name, std::vector<DataSource>& sources) {
  const Json* json = fields.find(name);
  if (json == nullptr || !json->is_array()) return fields.fail();
  for (const Json& item : *json) {
    DataSource source;
    FieldReader reader(item);
    reader.read("name", source.name);
    reader.read("path", source.path);
    if (!reader.good()) return fields.fail();
    sources.push_back(std::move(source));
  }
}

}  // namespace

std::string settings_json(const RunSettings& settings) {
  Json dims = Json::object();
  for (const NamedSize& dim : settings.dims) dims[dim.name] = dim.value;
  const TrainOptions& options = settings.options;
  return dump({{"format", 1},
               {"model", settings.model},
               {"precision", settings.precision},
               {"dims", dims},
               {"optimizer", optimizer_json(options.optimizer)},
               {"batch", options.batch},
               {"epochs", options.epochs},
               {"seed", options.seed},
               {"shuffle", options.shuffle},
               {"validation", options.validation},
               {"data", sources_json(settings.data)},
               {"test", sources_json(settings.test)}});
}

std::string results_json(const TrainResult& result, const std::optional<Scores>& test) {
  std::string_view end;
  switch (result.end) {
    case TrainEnd::finished: end = "finished"; break;
    case TrainEnd::interrupted: end = "interrupted"; break;
    case TrainEnd::failed: end = "failed"; break;
  }
  Json json = {{"end", end}, {"epochs", result.history.size()}, {"steps", result.steps}};
  double seconds = 0;
  for (const EpochRecord& record : result.history) seconds += record.seconds;
  json["seconds"] = seconds;
  if (!result.history.empty()) {
    const EpochRecord& last = result.history.back();
    json["train"] = scores_json(last.train, result);
    if (last.validation) json["validation"] = scores_json(*last.validation, result);
  }
  if (test) json["test"] = scores_json(*test, result);
  if (!result.diagnostics.empty()) json["messages"] = render(result.diagnostics, {});
  return dump(json);
}

std::optional<RunSettings> parse_settings(std::string_view text) {
  const Json json = Json::parse(text.begin(), text.end(), nullptr, false);
  if (json.is_discarded()) return {};
  RunSettings settings;
  FieldReader fields(json);
  int format = 0;
  fields.read("format", format);
  if (format != 1) return {};
  fields.read("model", settings.model);
  fields.read("precision", settings.precision);
  TrainOptions& options = settings.options;
  fields.read("batch", options.batch);
  fields.read("epochs", options.epochs);
  fields.read("seed", options.seed);
  fields.read("shuffle", options.shuffle);
  fields.read("validation", options.validation);
  read_sources(fields, "data", settings.data);
  read_sources(fields, "test", settings.test);
  const Json* dims = fields.find("dims");
  if (dims == nullptr || !dims->is_object()) return {};
  for (const auto& [name, value] : dims->items()) {
    if (!value.is_number_integer()) return {};
    settings.dims.push_back({name, value.get<std::int64_t>()});
  }
  const Json* optimizer = fields.find("optimizer");
  if (optimizer == nullptr || !optimizer->is_object()) return {};
  options.optimizer = {};
  for (const auto& [name, value] : optimizer->items()) {
    if (name == "name" && value.is_string())
      options.optimizer.name = value.get<std::string>();
    else if (value.is_number())
      options.optimizer.arguments.push_back({name, value.get<double>()});
    else
      return {};
  }
  if (!fields.good()) return {};
  return settings;
}

}  // namespace gradc
