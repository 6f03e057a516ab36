// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/shown_claims.h"

#include <fmt/format.h>

#include "compiler/claims/claimed_system.h"
#include "compiler/driver/counter_example.h"
#include "compiler/render/equation_rows.h"
#include "compiler/render/latex_name.h"
#include "compiler/render/numbers.h"

namespace gradc::driver {
namespace {

// "[1, 2e-05, …]"
std::string values_in_latex(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.find_first_of("[], ");
    const std::string_view value = text.substr(0, end);
    out += value == "…" ? "\\dots" : number_in_latex(std::string(value));
    if (end == text.npos) break;
    if (text[end] != ' ') out += text[end];
    text.remove_prefix(end + 1);
  }
  return out;
}

// At x = 2, i = 0 the left side is 4, the right side 3.
void say_why(const ModelFile& file, const Claim& claim, const Verdict& verdict, ShownClaim& shown) {
  const auto say = [&](const std::string& words) {
    shown.why.push_back({words});
    shown.why_as_text += words;
  };
  const auto say_formula = [&](const std::string& latex, const std::string& text) {
    shown.why.push_back({latex, true});
    shown.why_as_text += text;
  };
  const SidesAt& at = *verdict.test.wrong;
  const auto say_value = [&](const Precise& value) {
    const std::string text = number(value, digits_to_tell_apart(at.left, at.right));
    isfinite(value) ? say_formula(number_in_latex(text), text) : say(text);
  };
  for (const auto& [name, value] : shown_point(*file.context, claim, verdict, at)) {
    say(shown.why.empty() ? "at " : ", ");
    say_formula(latex_name(name).whole() + "=" + values_in_latex(value), name + " = " + value);
  }
  say(shown.why.empty() ? "always: the left side is " : ": the left side is ");
  say_value(at.left);
  say(", the right side ");
  say_value(at.right);
  const std::optional<Lacking> latex = lacking(*file.context, claim, verdict, Format::latex);
  if (!latex) return;
  say("; the right side lacks the " + latex->kind + " ");
  say_formula(latex->what, lacking(*file.context, claim, verdict, Format::text)->what);
}

ShownClaim shown_claim(const ModelFile& file, const Claim& claim, std::uint64_t seed) {
  const Verdict verdict = decide(file.model, claim, seed);
  const SourceRange range = cover(claim.left_range, claim.right_range);
  ShownClaim shown;
  shown.source = file.sources[range.file].slice(range);
  shown.verdict = name_of(verdict.kind);
  if (claim.blank) {
    shown.rows.push_back({"", {"\\text{" + latex_text(shown.source) + "}"}});
    return shown;
  }
  const bool stated = is_stated_derivative(claim);
  shown.rows = equation_rows(claimed_system(file.model, claim).system,
                             {stated ? Expr() : claim.left, claim.right, claim.dims, claim.index_names});
  if (stated) {  // its left side is what stands in front: deriv x:
    const std::string_view line = shown.source;
    const std::string_view before = line.substr(0, claim.right_range.begin - range.begin);
    shown.rows[0].right[0].insert(0, "\\text{" + latex_text(before) + "}");
  }
  if (verdict.kind == Verdict::Kind::tested)
    shown.how = fmt::format("at {} point{}", verdict.test.points, verdict.test.points == 1 ? "" : "s");
  if (verdict.kind == Verdict::Kind::wrong) say_why(file, claim, verdict, shown);
  return shown;
}

}  // namespace

std::vector<ShownClaim> shown_claims(const ModelFile& file, const Options& options) {
  std::vector<ShownClaim> shown;
  for (const Claim& claim : file.model.claims)
    if (claim.left_range.file == 0) shown.push_back(shown_claim(file, claim, options.seed.value_or(0)));
  return shown;
}

}  // namespace gradc::driver
