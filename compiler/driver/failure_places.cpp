// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/failure_places.h"

#include <algorithm>

#include "compiler/equations/definition.h"
#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/operators/integers.h"
#include "compiler/render/recurrence.h"

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

// d[b] in d[parent[b]]: that it is there before was not looked at when the data was read.
bool may_be_too_early(const Circles& circle_of, TensorId reader, Expr access) {
  const auto own = circle_of.find(reader), other = circle_of.find(access->tensor);
  return own != circle_of.end() && other != circle_of.end() && own->second == other->second &&
         std::ranges::any_of(access->arguments(), depends_on_data);
}

struct Place {
  SourceRange range;
  std::string circle;  // the name of what reads elements of its own by data, or ""
  std::string wide;    // of an integer that may not fit in memory, or ""
};

std::vector<Place> places(const ModelFile& file, DiagnosticCode code) {
  const Context& c = *file.context;
  const Circles circle_of = circles_of(file.model.system);
  std::vector<Place> result;
  for (const Definition& d : file.model.system.definitions()) {
    const Tensor& defined = c.tensor(d.tensor);
    Magnitudes magnitudes;
    bool wide = code == DiagnosticCode::E544 && d.define() && defined.type == Type::integer &&
                magnitudes.of(d.define()->value) > Magnitudes::of_memory;
    bool guilty = false, circle = false;
    for (Expr e : reachable_nodes(expressions(d))) {
      wide = wide || (code == DiagnosticCode::E544 && magnitudes.is_wide(e));
      if (code == DiagnosticCode::W545) guilty = guilty || e->is(op_converged);
      if (code == DiagnosticCode::W545 || e->kind != ExprKind::access) continue;
      circle = circle || may_be_too_early(circle_of, d.tensor, e);
      guilty = guilty || circle || may_miss(c, e);
    }
    guilty = guilty || wide;
    if (d.origin.range == SourceRange{} || !guilty) continue;
    const auto line = [&](SourceRange r) {
      return std::pair(r.file, file.sources[r.file].place(r.begin).line);
    };
    const auto known =
        std::ranges::find(result, line(d.origin.range), [&](const Place& p) { return line(p.range); });
    Place& place = known == result.end() ? result.emplace_back(Place{d.origin.range, "", ""}) : *known;
    if (circle && place.circle.empty()) place.circle = defined.name;
    if (wide) place.wide = defined.name;
  }
  return result;
}

}  // namespace

Diagnostics with_places(Diagnostics diagnostics, const ModelFile& file) {
  for (Diagnostic& d : diagnostics) {
    if (d.code != DiagnosticCode::E544 && d.code != DiagnosticCode::W545) continue;
    const std::vector<Place> found = places(file, d.code);
    if (found.empty()) continue;
    d.place.clear();
    d.at = {found[0].range, found.size() > 1 ? "here, or in an equation below" : ""};
    for (std::size_t k = 1; k < found.size(); ++k) d.notes.push_back({found[k].range, "or here"});
    const auto wide = std::ranges::find_if(found, [](const Place& p) { return !p.wide.empty(); });
    if (wide != found.end())
      d.help = "the integers of `" + wide->wide +
               "` may be too large: arrays hold 32 bits, subscripts and `mod` 62";
    const auto circle = std::ranges::find_if(found, [](const Place& p) { return !p.circle.empty(); });
    if (circle != found.end())
      d.help = "an element of `" + circle->circle +
               "` reads only those that come before it: a parent stands before its children in the data";
  }
  return diagnostics;
}

}  // namespace gradc::driver
