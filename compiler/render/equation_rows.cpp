// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/equation_rows.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "compiler/equations/definition.h"
#include "compiler/render/layout.h"
#include "compiler/render/matrix_form.h"
#include "compiler/render/matrix_print.h"
#include "compiler/render/term_printer.h"

namespace gradc {
namespace {

constexpr std::size_t beside = 24;  // letters of what stands in front of an equation: "Claim (proved):"

class WrittenOut {
 public:
  explicit WrittenOut(const System& system)
      : system_(system),
        c_(system.context()),
        terms_(c_),
        matrices_(terms_, system),
        scope_(c_, Format::latex, notation_, IndexNames(c_, tensor_names(system))) {
    const System ordered = reachable(system);  // what is read comes first
    for (const Definition& d : ordered.definitions()) {
      if (!c_.tensor(d.tensor).auxiliary) continue;
      if (const auto* call = std::get_if<Call>(&d.rule))
        name(d.tensor, formula(d, *call), call->op->latex.binds);
      else if (const std::optional<std::string> whole = formula(d))
        name(d.tensor, *whole, Precedence::sum);
      // else it keeps the name that gradc gave it
    }
  }

  std::vector<LatexRow> rows(const SidesOfEquation& sides) {
    scope_.indices.begin(sides.dims, sides.index_names);
    std::vector<std::string> pieces;
    std::vector<std::pair<std::string, Printed>> where;
    for (const Expr side : {sides.left, sides.right}) {
      if (!side) continue;
      Printed printed = print_term(side, scope_);
      if (!pieces.empty()) printed.pieces.front().insert(0, "=");
      std::ranges::move(printed.pieces, std::back_inserter(pieces));
      std::ranges::move(printed.where, std::back_inserter(where));
    }
    std::vector<LatexRow> rows{{"", lines_of(pieces, beside)}};
    for (auto& [name, part] : where) {
      part.pieces.front().insert(0, "\\text{where }" + name + "=");
      rows.push_back({"", lines_of(part.pieces, beside)});
    }
    return rows;
  }

 private:
  std::string formula(const Definition& d, const Call& call) {
    scope_.indices.begin(c_.tensor(d.tensor).dims, d.index_names);
    return print_call(call, scope_);
  }

  std::optional<std::string> formula(const Definition& d) {
    std::vector<Index> axes;
    const std::vector<DimId>& dims = c_.tensor(d.tensor).dims;
    for (std::size_t k = 0; k < dims.size(); ++k)
      axes.push_back(Index::slot(static_cast<std::int32_t>(k), dims[k]));
    const auto whole = d.define() ? matrices_.of(d.define()->value, axes) : std::nullopt;
    if (!whole) return std::nullopt;
    scope_.indices.begin(dims, d.index_names);
    return matrix::print(terms_, *whole, scope_);
  }

  // An element has its subscripts behind a bracket; a whole one is bracketed where it must be.
  void name(TensorId tensor, const std::string& formula, Precedence binds) {
    ShortName shown;
    const bool by_elements = c_.tensor(tensor).rank() > 0 && !is_argument(tensor);
    shown.latex.base = by_elements ? "\\left(" + formula + "\\right)" : formula;
    shown.binds = by_elements ? Precedence::atom : binds;
    notation_.short_names[tensor] = shown;
  }

  bool is_argument(TensorId tensor) const {
    for (const Definition& d : system_.definitions())
      if (const auto* call = std::get_if<Call>(&d.rule))
        if (std::ranges::find(call->arguments, tensor) != call->arguments.end()) return true;
    return false;
  }

  const System& system_;
  Context& c_;
  Notation notation_;
  matrix::Terms terms_;
  matrix::MatrixForm matrices_;
  PrintScope scope_;
};

}  // namespace

std::vector<LatexRow> equation_rows(const System& system, const SidesOfEquation& sides) {
  return WrittenOut(system).rows(sides);
}

}  // namespace gradc
