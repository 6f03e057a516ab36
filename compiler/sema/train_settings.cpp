// train { … }: a closed vocabulary. What is not known here does not exist.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <cmath>

#include "compiler/sema/checker.h"

namespace gradc::sema {

using namespace syntax;

namespace {

const std::vector<std::string> setting_names = {"optimizer",  "batch",   "epochs",   "seed",
                                                "validation", "shuffle", "recompute"};

std::string help_for(const std::string& name, const std::vector<std::string>& known,
                     const std::string& what) {
  const std::string near = did_you_mean(name, known);
  return near.empty() ? "the " + what + " are " + listed(known) : "did you mean `" + near + "`?";
}

}  // namespace

std::optional<double> Checker::setting_value(std::size_t statement, ExprId value, const std::string& what,
                                             DiagnosticCode code) {
  const std::vector<gradc::Expr> closed = closed_values(what, statement, {value});
  if (closed.empty()) return std::nullopt;
  const auto number = number_value(closed[0]);
  if (!number) reports_.add(code, range(value), what + " is a number known before training");
  return number;
}

void Checker::check_train(std::size_t statement, const Train& train) {
  model_.train.stated = true;
  std::map<std::string, SourceRange> seen;
  const auto whole = [&](const Setting& setting, const std::string& key,
                         double least) -> std::optional<std::int64_t> {
    const auto number = setting_value(statement, setting.value, "`" + key + "`");
    if (!number) return std::nullopt;
    if (*number == std::floor(*number) && *number >= least && *number <= 9e15)
      return static_cast<std::int64_t>(*number);
    reports_.add(DiagnosticCode::E403, range(setting.value),
                 "`" + key + "` is a whole number, at least " + std::to_string(static_cast<int>(least)));
    return std::nullopt;
  };
  for (const Setting& setting : train.settings) {
    const std::string& key = program_[setting.name];
    if (const auto [first, is_new] = seen.emplace(key, setting.name.range); !is_new) {
      reports_.add(DiagnosticCode::E406, setting.name.range, "`" + key + "` is set twice", "", "",
                   {{first->second, "first here"}});
      continue;
    }
    if (std::ranges::find(setting_names, key) == setting_names.end()) {
      reports_.add(DiagnosticCode::E401, setting.name.range, "`train` has no setting `" + key + "`", "",
                   help_for(key, setting_names, "settings"));
      continue;
    }
    model_.train.keys.push_back(key);
    if (!setting.value.valid()) {
      reports_.add(DiagnosticCode::E403, setting.string.range, "`" + key + "` takes no text");
    } else if (key == "optimizer") {
      check_optimizer(statement, setting);
    } else if (key == "batch") {
      if (const auto number = whole(setting, key, 1)) model_.train.options.batch = *number;
    } else if (key == "epochs") {
      if (const auto number = whole(setting, key, 0)) model_.train.options.epochs = *number;
    } else if (key == "seed") {
      if (const auto number = whole(setting, key, 0))
        model_.train.options.seed = static_cast<std::uint64_t>(*number);
    } else if (key == "validation") {
      const auto number = setting_value(statement, setting.value, "`validation`");
      if (number && *number >= 0 && *number < 1)
        model_.train.options.validation = *number;
      else if (number)
        reports_.add(DiagnosticCode::E403, range(setting.value),
                     "`validation` is the share of the examples held back, from 0 to less than 1");
    } else {
      const bool shuffle = key == "shuffle";
      const std::string yes = shuffle ? "true" : "sqrt", no = shuffle ? "false" : "none";
      const Name* name = std::get_if<Name>(&program_[setting.value].kind);
      const std::string word = name ? text(name->name) : "";
      if (word == yes || word == no)
        (shuffle ? model_.train.options.shuffle : model_.train.recompute) = word == yes;
      else
        reports_.add(DiagnosticCode::E403, range(setting.value),
                     "`" + key + "` is `" + yes + "` or `" + no + "`");
    }
  }
}

}  // namespace gradc::sema
