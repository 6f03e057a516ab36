// Numeric ranges of indices as axes: of a part of an equation that gets a tensor of its own, or of a function
// of matrices. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/sema/checker.h"
#include "compiler/support/check.h"

namespace gradc::sema {

using gradc::Expr;

namespace {

bool is_numeric(const IndexVariable& v) { return !v.index.dim.valid() && v.lower && v.upper; }

// Of sizes and numbers alone.
bool is_known(Expr e) { return e->free.empty() && !depends_on_data(e); }

}  // namespace

// The greatest (least) that an integer can be, in sizes and numbers; none if nothing says so before data are
// read.
Expr Checker::end_of(const Frame& frame, Expr e, bool greatest) {
  if (is_known(e)) return e;
  switch (e->kind) {
    case gradc::ExprKind::position: {
      for (const IndexVariable& v : frame.variables)
        if (v.index == e->index && is_numeric(v)) {
          const Expr end = end_of(frame, greatest ? v.upper : v.lower, greatest);
          return end && greatest ? end - 1 : end;
        }
      if (!e->index.dim.valid()) return {};
      return greatest ? context_.size(e->index.dim) - 1 : context_.integer(0);
    }
    case gradc::ExprKind::access: {
      const DimId members = context_.tensor(e->tensor).member_of;
      if (!members.valid()) return {};
      return greatest ? context_.size(members) - 1 : context_.integer(0);
    }
    case gradc::ExprKind::apply: break;
    default: return {};
  }
  const auto part = [&](std::size_t k, bool up) { return end_of(frame, e->operands[k], up); };
  if (e->is(op_neg)) {
    const Expr of = part(0, !greatest);
    return of ? -of : of;
  }
  if (e->is(op_add) || e->is(op_sub)) {
    const Expr a = part(0, greatest), b = part(1, e->is(op_add) == greatest);
    return !a || !b ? Expr{} : e->is(op_add) ? a + b : a - b;
  }
  if (e->is(op_mul)) {
    for (const std::size_t k : {0, 1})
      if (const Expr factor = e->operands[k]; factor->is_constant()) {
        const Expr of = part(1 - k, greatest != (factor->value->sign() < 0));
        return of ? factor * of : of;
      }
    const auto never_negative = [&](std::size_t k) {
      const Expr least = part(k, false);
      return least && least->is_constant() && least->value->sign() >= 0;
    };
    if (!never_negative(0) || !never_negative(1)) return {};
    const Expr a = part(0, greatest), b = part(1, greatest);
    return a && b ? a * b : Expr{};
  }
  return {};
}

// A dim for the numeric range of an index, so that it can be an axis: from 0 to the greatest end.
DimId Checker::range_dim(Frame& frame, Index index) {
  for (const IndexVariable& v : frame.variables) {
    if (v.index != index || !v.upper) continue;
    Expr end = end_of(frame, v.upper, true);
    if (!end) {
      reports_.add(
          DiagnosticCode::E262, v.name.range,
          "the range of `" + text(v.name.text) + "` ends at a number that is not seen from its formula",
          "a part of the equation is computed for the whole range first",
          "end it at sums and products of indices, dims and members (`input n in N`)");
      frame.failed = true;
      end = context_.integer(1);
    }
    return anonymous_dim(frame.name + "." + text(v.name.text), end, v.name.range);
  }
  GRADC_UNREACHABLE("an index without a range");
}

// Where an index that became an axis is in its own range; none if that is everywhere.
Expr Checker::inside_range(const Frame& frame, Index index) {
  Expr inside;
  for (const IndexVariable& v : frame.variables) {
    if (v.index != index || !is_numeric(v)) continue;
    const Expr position = context_.position(index);
    if (!v.lower->is_constant(0)) inside = less_equal(v.lower, position);
    if (is_known(v.upper)) continue;
    const Expr below = less(position, v.upper);
    inside = inside ? both(inside, below) : below;
  }
  return inside;
}

}  // namespace gradc::sema
