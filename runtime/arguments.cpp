// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/arguments.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "runtime/data_error.h"

namespace gradc {

MatchedArguments match(std::string_view what, std::span<const ParameterInfo> parameters,
                       std::span<const Argument> arguments) {
  using Kind = ArgumentFault::Kind;
  MatchedArguments matched;
  std::vector<double>& values = matched.values;
  std::vector<bool> given(parameters.size(), false);
  std::vector<std::string> names;
  for (const ParameterInfo& parameter : parameters) {
    values.push_back(parameter.fallback);
    names.emplace_back(parameter.name);
  }
  const auto fault = [&](Kind kind, std::size_t at, std::string message, std::string help = {}) {
    matched.faults.push_back({kind, at, std::move(message), std::move(help)});
  };
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Argument& argument = arguments[i];
    std::size_t at = argument.name.empty() ? i : 0;
    if (!argument.name.empty())
      while (at < names.size() && names[at] != argument.name) ++at;
    if (at >= names.size()) {
      const std::string similar = did_you_mean(argument.name, names);
      fault(Kind::unknown, i,
            argument.name.empty() ? fmt::format("{} has too many arguments", what)
                                  : fmt::format("{} has no argument `{}`", what, argument.name),
            names.empty()     ? "it takes none"
            : similar.empty() ? fmt::format("it takes `{}`", fmt::join(names, "`, `"))
                              : fmt::format("did you mean `{}`?", similar));
      continue;
    }
    if (given[at]) fault(Kind::twice, i, fmt::format("{} is given `{}` twice", what, names[at]));
    given[at] = true;
    values[at] = argument.value;
    const ParameterInfo& p = parameters[at];
    if (argument.value >= p.lowest && argument.value <= p.highest &&
        !(p.below && argument.value == p.highest))
      continue;
    const bool open_above = p.highest == std::numeric_limits<double>::max();
    fault(Kind::range, i, fmt::format("{}: `{}` is {}", what, names[at], argument.value),
          open_above ? fmt::format("it is at least {}", p.lowest)
                     : fmt::format("it lies between {} and {}{}", p.lowest, p.highest,
                                   p.below ? ", less than the latter" : ""));
  }
  for (std::size_t at = 0; at < names.size(); ++at)
    if (std::isnan(values[at]) && !given[at])
      fault(Kind::missing, at, fmt::format("{} needs `{}`", what, names[at]));
  return matched;
}

Result<std::vector<double>> match_arguments(std::string_view what, std::span<const ParameterInfo> parameters,
                                            std::span<const Argument> arguments) {
  MatchedArguments matched = match(what, parameters, arguments);
  if (matched.faults.empty()) return std::move(matched.values);
  Diagnostics faults;
  for (ArgumentFault& fault : matched.faults)
    faults.push_back(
        data_error(fault.kind == ArgumentFault::Kind::range ? DiagnosticCode::E542 : DiagnosticCode::E541, "",
                   std::move(fault.message), std::move(fault.help)));
  return faults;
}

Diagnostic unknown_entry(std::string_view kind, const std::string& name,
                         const std::vector<std::string>& names) {
  const std::string similar = did_you_mean(name, names);
  return data_error(DiagnosticCode::E540, "", fmt::format("unknown {} `{}`", kind, name),
                    similar.empty() ? fmt::format("known are {}", fmt::join(names, ", "))
                                    : fmt::format("did you mean `{}`?", similar));
}

}  // namespace gradc
