// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/failure_places.h"

#include <algorithm>

#include "compiler/equations/definition.h"
#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"

namespace gradc::driver {
namespace {

// A member of a dim that is read as such was in range when the data was read.
bool may_miss(const Context& c, Expr access) {
  const std::vector<DimId>& dims = c.tensor(access->tensor).dims;
  for (std::size_t k = 0; k < dims.size(); ++k) {
    const Expr s = access->arguments()[k];
    const bool is_member = s->kind == ExprKind::access && c.tensor(s->tensor).member_of == dims[k];
    if (!is_member && depends_on_data(s)) return true;
  }
  return false;
}

std::vector<SourceRange> places(const ModelFile& file, DiagnosticCode code) {
  std::vector<SourceRange> result;
  for (const Definition& d : file.model.system.definitions()) {
    const std::vector<Expr> nodes = reachable_nodes(expressions(d));
    const auto guilty = [&](Expr e) {
      return code == DiagnosticCode::W545 ? e->is(op_converged)
                                          : e->kind == ExprKind::access && may_miss(*file.context, e);
    };
    if (d.origin.range == SourceRange{} || std::ranges::none_of(nodes, guilty)) continue;
    const auto line = [&](SourceRange r) {
      return std::pair(r.file, file.sources[r.file].place(r.begin).line);
    };
    const bool is_told =
        std::ranges::any_of(result, [&](SourceRange other) { return line(other) == line(d.origin.range); });
    if (!is_told) result.push_back(d.origin.range);
  }
  return result;
}

}  // namespace

Diagnostics with_places(Diagnostics diagnostics, const ModelFile& file) {
  for (Diagnostic& d : diagnostics) {
    if (d.code != DiagnosticCode::E544 && d.code != DiagnosticCode::W545) continue;
    const std::vector<SourceRange> found = places(file, d.code);
    if (found.empty()) continue;
    d.place.clear();
    d.at = {found[0], found.size() > 1 ? "here, or in an equation below" : ""};
    for (std::size_t k = 1; k < found.size(); ++k) d.notes.push_back({found[k], "or here"});
  }
  return diagnostics;
}

}  // namespace gradc::driver
