// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/kept_files.h"

#include <nlohmann/json.hpp>

namespace gradc {
namespace {

using Json = nlohmann::ordered_json;

// Whether the object has these fields, and they are texts, or counts below a limit.
bool is_text(const Json& object, const char* name) {
  return object.is_object() && object.contains(name) && object[name].is_string();
}
bool is_below(const Json& object, const char* name, std::size_t limit) {
  return object.is_object() && object.contains(name) && object[name].is_number_unsigned() &&
         object[name].get<std::size_t>() < limit;
}

}  // namespace

std::string used_json(const KeptFiles& used) {
  Json files = Json::array(), uses = Json::array();
  for (const KeptFiles::File& f : used.files) files.push_back({{"name", f.name}, {"text", f.text}});
  for (const KeptFiles::Use& u : used.uses)
    uses.push_back({{"in", u.user}, {"path", u.path}, {"file", u.file}});
  return Json{{"files", files}, {"uses", uses}}.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<KeptFiles> parse_used(std::string_view text) {
  const Json json = Json::parse(text.begin(), text.end(), nullptr, false);
  if (!json.is_object() || !json.contains("files") || !json.contains("uses")) return {};
  KeptFiles made;
  for (const Json& f : json["files"]) {
    if (!is_text(f, "name") || !is_text(f, "text")) return {};
    made.files.push_back({f["name"].get<std::string>(), f["text"].get<std::string>()});
  }
  for (const Json& u : json["uses"]) {
    const std::size_t files = made.files.size() + 1;
    if (!is_text(u, "path") || !is_below(u, "in", files) || !is_below(u, "file", files)) return {};
    made.uses.push_back(
        {u["in"].get<std::size_t>(), u["path"].get<std::string>(), u["file"].get<std::size_t>()});
  }
  return made;
}

}  // namespace gradc
