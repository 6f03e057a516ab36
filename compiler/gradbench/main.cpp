// gradc-gradbench [--models DIR] [--names FILE]
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "compiler/gradbench/models.h"
#include "compiler/gradbench/protocol.h"

namespace gradc::gradbench {
namespace {

namespace fs = std::filesystem;

constexpr const char* usage =
    "usage: gradc-gradbench [--models DIR] [--names FILE]\n"
    "  a tool of GradBench: answers one JSON message per line of standard input\n"
    "  --models DIR   reads the models from DIR/MODULE.grad, instead of those built in\n"
    "  --names FILE   JSON: for each module, the names that its model has for ours, as {\"gmm\": {\"mu\": "
    "\"m\"}}\n";

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::map<std::string, std::string> models_of(const fs::path& folder) {
  std::map<std::string, std::string> texts;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error))
    if (entry.path().extension() == ".grad") texts[entry.path().stem().string()] = read(entry.path());
  return texts;
}

// False: the file does not say what it should.
bool take_names(const std::string& path, Models& models) {
  const Json names = Json::parse(read(path), nullptr, false);
  if (!names.is_object()) return false;
  for (const auto& [module, of_module] : names.items()) {
    if (!of_module.is_object()) return false;
    for (const auto& [ours, theirs] : of_module.items()) {
      if (!theirs.is_string()) return false;
      models.names[module][ours] = theirs.get<std::string>();
    }
  }
  return true;
}

int run(int argc, char** argv) {
  Models models{built_in_models(), {}};
  for (int i = 1; i < argc; ++i) {
    const std::string option = argv[i];
    if (option == "--help") return std::fputs(usage, stdout) < 0 ? 1 : 0;
    const char* value = i + 1 < argc ? argv[++i] : nullptr;
    const bool good = value && (option == "--models"  ? !(models.texts = models_of(value)).empty()
                                : option == "--names" ? take_names(value, models)
                                                      : false);
    if (!good) {
      std::fprintf(stderr, "gradc-gradbench: `%s%s%s` cannot be followed\n%s", option.c_str(),
                   value ? " " : "", value ? value : "", usage);
      return 2;
    }
  }
  Tool tool(std::move(models));
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);)
    if (!line.empty()) std::cout << tool.answer(line) << '\n' << std::flush;
  return 0;
}

}  // namespace
}  // namespace gradc::gradbench

int main(int argc, char** argv) { return gradc::gradbench::run(argc, argv); }
