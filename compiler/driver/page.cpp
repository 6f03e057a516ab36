// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/page.h"

#include <fmt/format.h>

#include <filesystem>

#include "compiler/claims/decide.h"
#include "compiler/render/graph.h"
#include "compiler/render/term_printer.h"

namespace gradc::driver {
namespace {

namespace fs = std::filesystem;

Page::Claim claim_of(const ModelFile& file, const Options& options, const Claim& claim) {
  constexpr std::string_view names[] = {"proved", "tested", "wrong", "undecided", "open"};
  const Verdict verdict = decide(file.model, claim, options.seed.value_or(0));
  Page::Claim shown;
  shown.verdict = names[static_cast<std::size_t>(verdict.kind)];
  const SourceRange range = cover(claim.left_range, claim.right_range);
  if (claim.blank) {
    shown.latex = "\\text{" + latex_text(file.sources[range.file].slice(range)) + "}";
    return shown;
  }
  const Notation notation;
  PrintScope scope(*file.context, Format::latex, notation,
                   IndexNames(*file.context, tensor_names(file.model.system)));
  scope.indices.begin(claim.dims, claim.index_names);
  shown.latex = print_term(claim.left, scope).term;
  append_latex(shown.latex, "=");
  append_latex(shown.latex, print_term(claim.right, scope).term);
  if (verdict.kind == Verdict::Kind::tested)
    shown.more = fmt::format("equal at {} points", verdict.test.points);
  if (verdict.kind == Verdict::Kind::wrong) shown.more = "`gradc claim` shows where";
  return shown;
}

}  // namespace

Page page_of(const ModelFile& file, const Options& options, const System& equations) {
  Page page;
  page.title = fs::path(file.sources[0].name()).filename().string();
  page.source = file.sources[0].text();
  for (const Claim& claim : file.model.claims)
    if (claim.left_range.file == 0) page.claims.push_back(claim_of(file, options, claim));
  page.picture = graph_svg(graph_of(equations));
  return page;
}

}  // namespace gradc::driver
