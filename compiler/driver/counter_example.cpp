// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/counter_example.h"

#include <algorithm>

#include "compiler/render/term_printer.h"

namespace gradc::driver {

std::string number(const Precise& x, int digits) { return isfinite(x) ? x.to_string(digits) : "undefined"; }

int digits_to_tell_apart(const Precise& left, const Precise& right) {
  int digits = 6;
  while (digits < digits_compared && left.to_string(digits) == right.to_string(digits)) ++digits;
  return digits;
}

std::vector<std::pair<std::string, std::string>> shown_point(const Context& context, const Claim& claim,
                                                             const Verdict& verdict, const SidesAt& at) {
  std::vector<std::pair<std::string, std::string>> shown;
  const Point<Precise>& point = *verdict.point;
  for (const auto& [dim, size] : point.sizes)
    if (verdict.reads_size.contains(dim)) shown.emplace_back(context.dim(dim).name, std::to_string(size));
  for (const TensorId t : verdict.given) {
    const Values<Precise>& v = point.tensors.at(t);
    constexpr std::size_t most_shown = 8;
    std::string list;
    std::size_t n = 0;
    const auto add = [&](const std::string& text) {
      if (n < most_shown) list += (n > 0 ? ", " : "") + text;
      if (n++ == most_shown) list += ", …";
    };
    for (const Precise& x : v.reals) add(x.to_string(17));
    for (const std::int64_t x : v.integers) add(std::to_string(x));
    shown.emplace_back(context.tensor(t).name, v.extents.empty() ? list : "[" + list + "]");
  }
  for (std::size_t k = 0; k < at.position.size(); ++k)
    if (!claim.index_names[k].empty())
      shown.emplace_back(claim.index_names[k], std::to_string(at.position[k]));
  return shown;
}

std::optional<Lacking> lacking(Context& context, const Claim& claim, const Verdict& verdict, Format format) {
  if (!verdict.missing) return std::nullopt;
  const Notation notation;
  PrintScope scope(context, format, notation, IndexNames(context, {}));
  scope.indices.begin(claim.dims, claim.index_names);
  return Lacking{verdict.missing->is_factor ? "factor" : "term",
                 print_term(verdict.missing->what, scope).term};
}

// It stands in one line with what it is about.
bool is_stated_derivative(const Claim& claim) {
  const SourceRange &line = claim.left_range, &value = claim.right_range;
  return !claim.blank && line.file == value.file && line.begin <= value.begin && value.end <= line.end;
}

Diagnostics wrong_derivatives(const Model& model, const Context& context) {
  Diagnostics wrong;
  for (const Claim& claim : model.claims) {
    if (!is_stated_derivative(claim)) continue;
    const Verdict verdict = decide(model, claim, 0);
    if (verdict.kind != Verdict::Kind::wrong) continue;
    const SidesAt& at = *verdict.test.wrong;
    std::string where;
    for (const auto& [name, value] : shown_point(context, claim, verdict, at))
      where += (where.empty() ? "at " : ", ") + name + " = " + value;
    const int digits = digits_to_tell_apart(at.left, at.right);
    wrong.push_back({DiagnosticCode::E617,
                     "this is not the derivative",
                     {claim.right_range, "this is " + number(at.right, digits)},
                     {},
                     where + (where.empty() ? "" : " ") + "the derivative of the function's value is " +
                         number(at.left, digits) + "; `unchecked deriv` would leave it as it is"});
  }
  return wrong;
}

}  // namespace gradc::driver
