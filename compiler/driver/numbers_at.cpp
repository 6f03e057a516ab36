// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/numbers_at.h"

#include <fmt/format.h>

#include <charconv>

#include "compiler/driver/evaluation.h"
#include "compiler/driver/model_functions.h"
#include "compiler/equations/definition.h"

namespace gradc::driver {
namespace {

// `x=1,w=[1, 2]`: one value, or several between commas.
std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts{""};
  int depth = 0;
  for (const char letter : text) {
    depth += letter == '[' ? 1 : letter == ']' ? -1 : 0;
    if (letter == ',' && depth == 0)
      parts.emplace_back();
    else
      parts.back() += letter;
  }
  return parts;
}

}  // namespace

Result<Point<double>> numbers_at(const ModelFile& file, const Derivatives& made, const Options& options) {
  Options chosen = options;
  for (const std::string& text : options.at)
    for (const std::string& part : split(text)) {
      std::int64_t example = 0;
      const auto [end, fault] = std::from_chars(part.data(), part.data() + part.size(), example);
      if (fault == std::errc() && end == part.data() + part.size())
        chosen.example = example;
      else
        chosen.set.push_back(part);
    }
  if (chosen.example && chosen.data.empty())
    return error_at(DiagnosticCode::E605, fmt::format("--at {}", *chosen.example),
                    "which example? There is no data", "name the file with `--data FILE`");
  Derivatives all = made;
  std::vector<TensorId> tensors;
  for (const Definition& d : made.system.definitions())
    for (TensorId t : tensors_defined_by(d))
      if (file.tensor(t).type != Type::boolean) tensors.push_back(t);
  all.system.set_outputs(tensors);
  Dump quiet("");
  const kernel::FunctionSpec function = value_function(file, all, quiet);
  Result<Evaluation> evaluation = evaluate(file, chosen, function, quiet);
  if (!evaluation) return evaluation.diagnostics();
  if (evaluation->points != 1)
    return error_at(DiagnosticCode::E603, "--at", "one point was expected",
                    evaluation->axes.front().is_data ? "`--at 0` is the first example" : "write `--at x=2`");
  Point<double> point = std::move(evaluation->given);
  for (std::size_t k = 0; k < tensors.size(); ++k)
    add_values(point, tensors[k], evaluation->results.front()[k]);
  return {std::move(point), evaluation.diagnostics()};
}

}  // namespace gradc::driver
