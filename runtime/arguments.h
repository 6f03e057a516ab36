// What stands in the brackets of `adam(rate = 0.001)` or `normal(0, 0.1)`, matched with what the entry of a
// table takes. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/support/result.h"

namespace gradc {

struct Argument {
  std::string name;  // empty: by its place
  double value = 0;
};

// `sgd(rate = 0.1)`, `glorot_uniform`
struct NamedCall {
  std::string name;
  std::vector<Argument> arguments = {};
};

struct ParameterInfo {
  static constexpr double required = std::numeric_limits<double>::quiet_NaN();

  const char* name;
  double fallback;  // `required`: there is none
  double lowest = -std::numeric_limits<double>::max();
  double highest = std::numeric_limits<double>::max();  // for `below`: not reached
  bool below = false;                                   // a factor of a moving average must be less than 1
};

// What is wrong with a list of arguments; whoever has read them knows the place.
struct ArgumentFault {
  enum class Kind { unknown, twice, range, missing };

  Kind kind;
  std::size_t argument;  // its place in the list; for `missing`, that of the parameter
  std::string message;
  std::string help;  // may be empty
};

struct MatchedArguments {
  std::vector<double> values;  // one per parameter, in their order
  std::vector<ArgumentFault> faults;
};

// `what` names the entry in messages: "optimizer `adam`".
MatchedArguments match(std::string_view what, std::span<const ParameterInfo> parameters,
                       std::span<const Argument> arguments);
// The same, with the faults as diagnostics.
Result<std::vector<double>> match_arguments(std::string_view what, std::span<const ParameterInfo> parameters,
                                            std::span<const Argument> arguments);

// "unknown optimizer `adamm`", with the nearest of the names.
Diagnostic unknown_entry(std::string_view kind, const std::string& name,
                         const std::vector<std::string>& names);

}  // namespace gradc
