// train { … }: a closed vocabulary. What is not known here does not exist.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <cmath>

#include "compiler/sema/checker.h"

namespace gradc::sema {

using namespace syntax;

namespace {

const std::vector<std::string> setting_names = {"optimizer", "batch",      "epochs",
                                                "seed",      "validation", "shuffle"};
const std::vector<std::string> optimizer_names = {"sgd", "momentum", "adam"};

std::string listed(const std::vector<std::string>& names) {
  std::string result;
  for (std::size_t k = 0; k < names.size(); ++k)
    result += (k == 0 ? "" : k + 1 == names.size() ? " and " : ", ") + ("`" + names[k] + "`");
  return result;
}

std::string help_for(const std::string& name, const std::vector<std::string>& known,
                     const std::string& what) {
  const std::string near = did_you_mean(name, known);
  return near.empty() ? "the " + what + " are " + listed(known) : "did you mean `" + near + "`?";
}

}  // namespace

std::optional<double> Checker::setting_value(std::size_t statement, ExprId value, const std::string& what) {
  const std::vector<gradc::Expr> closed = closed_values(what, statement, {value});
  if (closed.empty()) return std::nullopt;
  const auto number = number_value(closed[0]);
  if (!number) reports_.add(DiagnosticCode::E403, range(value), what + " is a number known before training");
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
      if (const auto number = whole(setting, key, 1)) model_.train.batch = *number;
    } else if (key == "epochs") {
      if (const auto number = whole(setting, key, 0)) model_.train.epochs = *number;
    } else if (key == "seed") {
      if (const auto number = whole(setting, key, 0)) model_.train.seed = static_cast<std::uint64_t>(*number);
    } else if (key == "validation") {
      const auto number = setting_value(statement, setting.value, "`validation`");
      if (number && *number >= 0 && *number < 1)
        model_.train.validation = *number;
      else if (number)
        reports_.add(DiagnosticCode::E403, range(setting.value),
                     "`validation` is the share of the examples held back, from 0 to less than 1");
    } else {
      const Name* name = std::get_if<Name>(&program_[setting.value].kind);
      const std::string word = name ? text(name->name) : "";
      if (word == "true" || word == "false")
        model_.train.shuffle = word == "true";
      else
        reports_.add(DiagnosticCode::E403, range(setting.value), "`shuffle` is `true` or `false`");
    }
  }
}

void Checker::check_optimizer(std::size_t statement, const Setting& setting) {
  const syntax::Expr& value = program_[setting.value];
  const auto* call = std::get_if<syntax::Call>(&value.kind);
  const auto* name = std::get_if<Name>(&value.kind);
  const std::string optimizer = call ? program_[call->callee] : name ? text(name->name) : "";
  if (std::ranges::find(optimizer_names, optimizer) == optimizer_names.end()) {
    reports_.add(
        DiagnosticCode::E402, call ? call->callee.range : value.range,
        optimizer.empty() ? "`optimizer` takes the name of one" : "there is no optimizer `" + optimizer + "`",
        "",
        optimizer.empty() ? "`optimizer = sgd(rate = 0.1)`"
                          : help_for(optimizer, optimizer_names, "optimizers"));
    return;
  }
  OptimizerSettings& made = model_.train.optimizer;
  struct Option {
    std::string key;
    double* value;
    double least, below;  // least <= value < below; rates are positive
  };
  constexpr double any = 1e300;
  std::vector<Option> options{{"rate", &made.rate, 0, any}};
  if (optimizer == "sgd") made.kind = OptimizerKind::sgd;
  if (optimizer == "momentum") {
    made.kind = OptimizerKind::momentum;
    options.push_back({"momentum", &made.momentum, 0, 1});
  }
  if (optimizer == "adam") {
    made.kind = OptimizerKind::adam;
    made.rate = 0.001;
    options.insert(
        options.end(),
        {{"beta1", &made.beta1, 0, 1}, {"beta2", &made.beta2, 0, 1}, {"epsilon", &made.epsilon, 0, any}});
  }
  std::vector<std::string> keys;
  for (const Option& option : options) keys.push_back(option.key);
  if (optimizer == "momentum") keys.emplace_back("nesterov");
  std::map<std::string, SourceRange> seen;
  for (const Argument& a : call ? call->arguments : std::vector<Argument>{}) {
    const std::string key = a.name.valid() ? program_[a.name] : "";
    if (std::ranges::find(keys, key) == keys.end()) {
      reports_.add(DiagnosticCode::E401, a.name.valid() ? a.name.range : range(a.value),
                   key.empty() ? "an option of `" + optimizer + "` has a name"
                               : "`" + optimizer + "` has no option `" + key + "`",
                   "", key.empty() ? "`" + optimizer + "(rate = …)`" : help_for(key, keys, "options"));
      continue;
    }
    if (const auto [first, is_new] = seen.emplace(key, a.name.range); !is_new) {
      reports_.add(DiagnosticCode::E406, a.name.range, "`" + key + "` is set twice", "", "",
                   {{first->second, "first here"}});
      continue;
    }
    if (key == "nesterov") {
      const Name* word = std::get_if<Name>(&program_[a.value].kind);
      const std::string spelled = word ? text(word->name) : "";
      if (spelled == "true" || spelled == "false")
        made.nesterov = spelled == "true";
      else
        reports_.add(DiagnosticCode::E403, range(a.value), "`nesterov` is `true` or `false`");
      continue;
    }
    const Option& option = *std::ranges::find(options, key, &Option::key);
    const auto number = setting_value(statement, a.value, "`" + key + "`");
    if (!number) continue;
    if (*number >= option.least && *number < option.below && std::isfinite(*number))
      *option.value = *number;
    else
      reports_.add(DiagnosticCode::E403, range(a.value),
                   "`" + key + "` is " + (option.below == 1 ? "at least 0 and less than 1" : "not negative"));
  }
}

}  // namespace gradc::sema
