// The ranges of indices: stated, or the dim of the axis that an index alone subscripts, or the largest range
// that fits where it stands inside arithmetic only (a "valid" convolution). SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/operators/affine.h"
#include "compiler/operators/build.h"
#include "compiler/sema/checker.h"
#include "compiler/sema/children.h"

namespace gradc::sema {

using namespace syntax;

void Checker::resolve_indices(Frame& frame, std::size_t first, std::size_t end) {
  const std::span variables(frame.variables.data() + first, end - first);
  for (IndexVariable& v : variables) {
    if (v.failed || v.resolved) continue;
    if (v.axis)
      resolve_by_line(frame, v);
    else if (v.stated)
      resolve_stated(frame, v);
    else if (!v.uses.empty())
      resolve_by_uses(frame, v);
    else
      v.index = context_.fresh_index({});  // a stand-in until the range is known
    if (v.failed) frame.failed = true;
  }
  for (bool progress = true; progress;) {
    progress = false;
    for (std::size_t k = first; k < end; ++k)
      if (!frame.variables[k].resolved && !frame.variables[k].failed)
        progress = resolve_by_arithmetic(frame, k) || progress;
  }
  for (const IndexVariable& v : variables) {
    if (v.resolved) continue;
    frame.failed = true;
    if (v.failed) continue;
    const std::string name = text(v.name.text);
    reports_.add(DiagnosticCode::E208, v.name.range, "the range of the index `" + name + "` cannot be told",
                 frame.arithmetic_uses.empty()
                     ? "it subscripts nothing: it is used as a number only"
                     : "it subscripts no axis alone, and none whose other indices are known",
                 "state it where it is bound: " + range_example(name));
  }
}

std::string Checker::range_example(const std::string& index) const {
  const auto dim = std::ranges::find(program_.statements, true, [](const Statement& s) {
    return std::holds_alternative<syntax::Dim>(s.kind);
  });
  const std::string numbers = "`" + index + " in 0..9`";
  if (dim == program_.statements.end()) return numbers;
  return "`" + index + " in " + program_[std::get<syntax::Dim>(dim->kind).items[0].name] + "` or " + numbers;
}

void Checker::resolve_stated(Frame& frame, IndexVariable& v) {
  const std::string name = text(v.name.text);
  DimId dim;
  if (v.stated->is_dim()) {
    const auto named = axis_dim(v.stated->first, "the range of `" + name + "`", &frame);
    if (!named) {
      v.failed = true;
      return;
    }
    dim = *named;
    v.lower = context_.integer(0);
    v.upper = context_.size(dim);
  } else if (v.on_left) {
    const gradc::Expr first = size_expression(v.stated->first, &frame),
                      last = size_expression(v.stated->last, &frame);
    if (!first || !last) {
      v.failed = true;
      return;
    }
    if (const auto start = fixed_value(first); !start || *start != 0) {
      reports_.add(DiagnosticCode::E222, range(v.stated->first), "the positions of an axis count from 0",
                   "so does the range of an index on the left",
                   "start at 0, and shift the subscripts: `x[" + name + " + 1]`");
      v.failed = true;
      return;
    }
    const auto end = fixed_value(last);
    dim = anonymous_dim(frame.name + "." + name, end ? context_.integer(*end + 1) : last + 1, v.name.range);
    v.lower = context_.integer(0);
    v.upper = context_.size(dim);
  } else {
    v.lower = subscript_expression(frame, v.stated->first);
    if (const gradc::Expr last = subscript_expression(frame, v.stated->last)) v.upper = last + 1;
    if (!v.lower || !v.upper) v.lower = v.upper = {};
  }
  for (const IndexVariable::Use& use : v.uses)
    if (dim.valid() && !context_.dim(dim).anonymous && !may_subscript(dim, use.dim)) {
      report_dims(use.at, dim, "the index `" + name + "`", use.dim, use.of,
                  "`" + name + "` ranges over `" + dim_name(dim) + "`", "",
                  {{v.name.range, "its range is stated here"}});
      v.failed = true;
      return;
    }
  v.index = context_.fresh_index(dim, name);
  v.resolved = true;
}

void Checker::resolve_by_uses(Frame& frame, IndexVariable& v) {
  // Of axes that have more positions of one dim, the shortest, and that dim where it is shifted too.
  IndexVariable::Use first = v.uses.front();
  for (const IndexVariable::Use& use : v.uses)
    if (use.dim == base_dim(first.dim)) first = use;
  if (is_shifted(frame, v, base_dim(first.dim))) first.dim = base_dim(first.dim);
  for (const IndexVariable::Use& use : v.uses) {
    if (may_subscript(first.dim, use.dim)) continue;
    const std::string name = text(v.name.text);
    report_dims(use.at, first.dim, first.of, use.dim, use.of,
                "`" + name + "` ranges over `" + dim_name(first.dim) + "`", "",
                {{first.at, "because it subscripts " + first.of + " here"}});
    v.failed = true;
    return;
  }
  v.index = context_.fresh_index(first.dim, text(v.name.text));
  v.lower = context_.integer(0);
  v.upper = context_.size(first.dim);
  v.resolved = true;
}

// Whether it stands inside arithmetic in a subscript of an axis that has more positions of that dim.
bool Checker::is_shifted(const Frame& frame, const IndexVariable& variable, DimId base) const {
  return std::ranges::any_of(frame.arithmetic_uses, [&](const ArithmeticUse& use) {
    const auto found = base_of_.find(use.dim);
    if (found == base_of_.end() || found->second != base) return false;
    std::vector<ExprId> stack{use.subscript};
    while (!stack.empty()) {
      const ExprId id = stack.back();
      stack.pop_back();
      if (const Name* name = std::get_if<Name>(&program_[id].kind); name && name->name == variable.name.text)
        return true;
      for_each_child(program_[id], [&](ExprId child) { stack.push_back(child); });
    }
    return false;
  });
}

namespace {

struct Bounds {
  Affine least, greatest;
};

// ⌊a/b⌋ for b > 0.
gradc::Expr floor_of(Context& context, const Affine& a, std::int64_t b) {
  if (b == 1) return a.to_expr(context);
  if (a.is_constant()) return context.integer(a.constant / b - (a.constant % b < 0));
  return floor_div(a.to_expr(context), context.integer(b));
}

// Whether a >= 0 for all sizes >= 1.
bool is_nonnegative(const Affine& a) {
  if (!a.indices.empty()) return false;
  std::int64_t least = a.constant;
  for (const auto& [_, factor] : a.sizes) {
    if (factor < 0) return false;
    least += factor;
  }
  return least >= 0;
}

Affine number(std::int64_t value) {
  Affine a;
  a.constant = value;
  return a;
}

}  // namespace

bool Checker::resolve_by_arithmetic(Frame& frame, std::size_t which) {
  const Index index = frame.variables[which].index;
  gradc::Expr upper;
  std::int64_t lower = 0;
  for (const ArithmeticUse& use : frame.arithmetic_uses) {
    const gradc::Expr subscript = subscript_expression(frame, use.subscript);
    if (!subscript || !subscript->depends_on(index)) continue;
    const auto form = affine_form(subscript);
    const auto size = affine_form(context_.size(use.dim));
    if (!form || !size) return false;
    const std::int64_t factor = form->coefficient(index);
    Bounds rest{number(form->constant), number(form->constant)};
    rest.least.sizes = rest.greatest.sizes = form->sizes;
    for (const auto& [other, coefficient] : form->indices) {
      if (other == index) continue;
      const auto v = std::ranges::find(frame.variables, other, &IndexVariable::index);
      if (v == frame.variables.end() || !v->resolved || !v->lower) return false;
      const auto first = affine_form(v->lower), last = affine_form(v->upper);
      if (!first || !last) return false;
      const Affine least = coefficient * *first, greatest = coefficient * (*last + number(-1));
      rest.least = rest.least + (coefficient > 0 ? least : greatest);
      rest.greatest = rest.greatest + (coefficient > 0 ? greatest : least);
    }
    // 0 <= factor*index + rest <= size - 1
    const std::int64_t step = factor < 0 ? -factor : factor;
    if (step == 0) continue;
    const Affine below =
        factor > 0 ? rest.least : *size + number(-1) + -1 * rest.greatest;  // step*index >= -below
    const Affine above =
        factor > 0 ? *size + number(-1) + -1 * rest.greatest : rest.least;  // step*index <= above
    if (!is_nonnegative(below)) {
      if (!below.is_constant()) return false;
      lower = std::max(lower, (-below.constant + step - 1) / step);
    }
    if (!below.indices.empty() || !above.indices.empty()) return false;
    const gradc::Expr end = floor_of(context_, above + number(step), step);
    if (!upper || upper == end)
      upper = end;
    else if (upper->is_constant() && end->is_constant())
      upper = *end->value < *upper->value ? end : upper;
    else
      upper = context_.apply(op_min, {upper, end});
  }
  if (!upper) return false;
  IndexVariable& v = frame.variables[which];
  const std::string name = text(v.name.text);
  // What meets a recurrence's axis as `t + 1` only is an index of its dim.
  for (const ArithmeticUse& use : frame.arithmetic_uses)
    if (const auto base = base_of_.find(use.dim); base != base_of_.end() && lower == 0)
      if (const auto size = extent_form(context_.size(base->second)), end = extent_form(upper);
          size && end && *size == *end && is_shifted(frame, v, base->second)) {
        v.index = context_.fresh_index(base->second, name);
        v.lower = context_.integer(0);
        v.upper = context_.size(base->second);
        return v.resolved = true;
      }
  if (!v.on_left) {
    v.index = context_.fresh_index({}, name);
    v.lower = context_.integer(lower);
    v.upper = upper;
    return v.resolved = true;
  }
  if (lower > 0) return false;  // the axis would not count from 0
  const DimId dim = anonymous_dim(frame.name + "." + name, upper, v.name.range);
  v.index = context_.fresh_index(dim, name);
  v.lower = context_.integer(0);
  v.upper = context_.size(dim);
  return v.resolved = true;
}

}  // namespace gradc::sema
