// Names with their subscripts, choices, and reductions with what they range over.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/render/term_printer_class.h"

namespace gradc {

void TermPrinter::position(Index index) {
  const std::string& name = scope_.indices.of(index);
  then(latex_ ? latex_name(name).whole() : name);
}

void TermPrinter::access(TensorId tensor, std::span<const Expr> all) {
  for (const AccessPiece& piece :
       access_form(*scope_.context, *scope_.notation, scope_.format, tensor).pieces)
    if (piece.is_name)
      subscripts(piece, all);
    else
      then(piece.literal);
}

bool TermPrinter::is_example(Expr subscript) const {
  return latex_ && subscript->kind == ExprKind::position && subscript->index.dim.valid() &&
         scope_.context->dim(subscript->index.dim).is_batch;
}

void TermPrinter::subscripts(const AccessPiece& piece, std::span<const Expr> all) {
  std::vector<Expr> elsewhere;
  // A whole tensor has fewer: those of its leading axes.
  const std::size_t first = std::min(piece.first, all.size());
  for (Expr e : piece.at) elsewhere.push_back(instantiate(e, all.subspan(first)));
  const std::span<const Expr> own = piece.at.empty()
                                        ? all.subspan(first, std::min(piece.count, all.size() - first))
                                        : std::span<const Expr>(elsewhere);
  if (!latex_) {
    then(piece.text_name);
    for (std::size_t k = 0; k < own.size(); ++k) {
      then(std::string(k == 0 ? "[" : ", "));
      then(Term{own[k], Precedence::lowest});
    }
    if (!own.empty()) then(std::string("]"));
    return;
  }
  // Examples stand above: x^{(n)}_d.
  std::vector<Expr> below;
  std::string example;
  for (Expr e : own)
    if (is_example(e))
      example = scope_.indices.of(e->index);
    else
      below.push_back(e);
  // w_{dh}, but w_{i+1,j}
  const bool letters = std::ranges::all_of(below, [&](Expr e) {
    return e->kind == ExprKind::position && latex_name(scope_.indices.of(e->index)).single;
  });
  const LatexName& name = piece.name;
  const std::size_t above = example.empty() ? std::string::npos : name.base.rfind('}');
  if (above != std::string::npos && name.base.find('^') != std::string::npos)  // δ^{z,(n)}
    then(name.base.substr(0, above) + ",(" + std::exchange(example, {}) + ")" + name.base.substr(above));
  else
    then(name.base);
  if (!example.empty()) then("^{(" + example + ")}");
  const bool any = !name.subscript.empty() || !below.empty();
  if (any && !name.base.empty()) then(std::string("_{"));
  then(name.subscript);
  for (std::size_t k = 0; k < below.size(); ++k) {
    if (k == 0 ? !name.subscript.empty() : !letters) then(std::string(","));
    then(Term{below[k], Precedence::lowest});
  }
  if (any && !name.base.empty()) then(std::string("}"));
}

void TermPrinter::choice(Expr e) {
  if (latex_ && is_indicator(e)) {
    then(std::string("\\left["));
    then(Term{e->condition(), Precedence::lowest});
    then(std::string("\\right]"));
    return;
  }
  const Choice choice = arranger_.choice(e);
  const std::size_t count = choice.rows.size();
  if (!latex_) {
    for (std::size_t k = 0; k + (choice.complete ? 1 : 0) < count; ++k) {
      then(std::string("if "));
      condition(choice.rows[k].condition, Precedence::disjunction);
      then(std::string(" then "));
      then(Term{choice.rows[k].value, Precedence::disjunction});
      if (e == whole_ && count > 1) then(std::string(1, line_break));
      then(std::string(" else "));
    }
    then(Term{choice.otherwise, Precedence::choice});
    return;
  }
  then(std::string("\\begin{cases}"));
  for (std::size_t k = 0; k < count; ++k) {
    then(Term{choice.rows[k].value, Precedence::lowest});
    then(std::string("&\\text{if }"));
    condition(choice.rows[k].condition, Precedence::lowest);
    if (!choice.complete || k + 1 < count) then(std::string("\\\\"));
  }
  if (!choice.complete) {
    then(Term{choice.otherwise, Precedence::lowest});
    then(std::string("&\\text{otherwise}"));
  }
  then(std::string("\\end{cases}"));
}

// The index or the value first, then the number: p == 2, z > 0.
void TermPrinter::condition(Expr e, Precedence hole) {
  const bool turns = (e->is(op_equal) || e->is(op_less) || e->is(op_less_equal)) &&
                     without_conversion(e->operands[0])->is_constant() &&
                     !without_conversion(e->operands[1])->is_constant();
  if (!turns || arranger_.name_of(e)) {
    then(Term{e, hole});
    return;
  }
  then(Term{e->operands[1], Precedence::sum});
  then(e->is(op_equal)  ? "="
       : e->is(op_less) ? ">"
                        : "\\ge ",
       e->is(op_equal)  ? " == "
       : e->is(op_less) ? " > "
                        : " >= ");
  then(Term{e->operands[0], Precedence::sum});
}

bool runs_over_whole_dim(Expr e, std::size_t k) {
  const DimId dim = e->binders[k].dim;
  return dim.valid() && e->lower(k)->is_constant(0) && e->upper(k)->kind == ExprKind::size &&
         e->upper(k)->dim == dim;
}

void TermPrinter::reduction(Expr e) {
  then(Bind{e});
  then(Term{e->body(), Precedence::product});
  then(Leave{e->binders.size()});
}

void TermPrinter::run(Bind& bind) {
  for (std::size_t k = 0; k < bind.reduce->binders.size(); ++k) scope_.indices.enter(bind.reduce, k);
  if (latex_)
    bind_latex(bind.reduce);
  else
    bind_text(bind.reduce);
}

Expr last_of(Expr upper) {
  Context& c = *upper->context;
  if (upper->kind == ExprKind::size && c.dim(upper->dim).size) {
    // Nobody knows its name, or it is one position more than a dim: its last is a shorter term.
    const Expr size = c.dim(upper->dim).size;
    const bool one_more =
        size->is(op_add) && size->operands[0]->kind == ExprKind::size && size->operands[1]->is_constant();
    if (c.dim(upper->dim).anonymous || one_more) upper = size;
  }
  if (upper->is_constant()) return c.integer(*upper->value->to_int64() - 1);
  const auto offset = [&](Expr e) { return e->is_constant() ? e->value->to_int64() : std::nullopt; };
  if (upper->is(op_add))
    for (int side : {0, 1})
      if (const auto n = offset(upper->operands[static_cast<std::size_t>(side)])) {
        const Expr other = upper->operands[static_cast<std::size_t>(1 - side)];
        return *n == 1 ? other : other + Rational(*n - 1);
      }
  if (upper->is(op_sub))
    if (const auto n = offset(upper->operands[1])) return upper->operands[0] - Rational(*n + 1);
  return upper - Rational(1);
}

namespace {

// A reduction's ranges as they are shown: positions at the beginning that the guard leaves out one by one are
// not in them. Σ over t ≠ 0 is Σ from t = 1 on.
struct Shown {
  std::vector<Expr> lower;
  Expr guard;
};

Shown shown(Expr e) {
  Context& c = *e->context;
  Shown result;
  std::vector<Expr> parts = conjuncts(e->guard());
  const std::size_t all = parts.size();
  const auto leaves_out = [](Expr part, Index index, Expr first) {
    const Expr pair = readable_condition(part);
    if (!pair->is(op_not_equal)) return false;
    const Expr a = pair->operands[0], b = pair->operands[1];
    const auto is_index = [&](Expr x) { return x->kind == ExprKind::position && x->index == index; };
    return (is_index(a) && b == first) || (is_index(b) && a == first);
  };
  for (std::size_t k = 0; k < e->binders.size(); ++k) {
    Expr lower = e->lower(k);
    for (auto part = parts.begin(); part != parts.end() && lower->is_constant();) {
      if (!leaves_out(*part, e->binders[k], lower)) {
        ++part;
        continue;
      }
      lower = c.integer(*lower->value->to_int64() + 1);
      parts.erase(part);
      part = parts.begin();
    }
    result.lower.push_back(lower);
  }
  result.guard = parts.size() == all ? e->guard() : conjunction(c, parts);
  return result;
}

}  // namespace

// `s <= t` says which index it is for.
bool TermPrinter::guard_names_index(Expr guard, Index index) {
  const bool comparison =
      guard->is(op_equal) || guard->is(op_not_equal) || guard->is(op_less) || guard->is(op_less_equal);
  if (!comparison) return false;
  const auto is_index = [&](Expr e) { return e->kind == ExprKind::position && e->index == index; };
  return is_index(guard->operands[0]) || is_index(guard->operands[1]);
}

namespace {

// Whether some name below shows what the index ranges over: it stands alone on an axis of it.
bool stands_on_an_axis(Expr e, Index index) {
  const std::array terms{e->guard(), e->body()};
  return std::ranges::any_of(reachable_nodes(terms), [&](Expr node) {
    return node->kind == ExprKind::access && std::ranges::any_of(node->arguments(), [&](Expr s) {
             return s->kind == ExprKind::position && s->index == index;
           });
  });
}

}  // namespace

void TermPrinter::bind_latex(Expr e) {
  const std::string symbol(e->reduction->latex);
  const bool limits = e->is(reduce_sum) || e->is(reduce_prod) || e->is(reduce_integer_sum);
  const Shown range = shown(e);
  const Expr guard = readable_condition(range.guard);
  const bool guarded = !guard->is_constant(1);
  const std::size_t count = e->binders.size();
  std::vector<bool> is_whole(count);
  for (std::size_t k = 0; k < count; ++k)
    is_whole[k] =
        runs_over_whole_dim(e, k) && range.lower[k] == e->lower(k) && stands_on_an_axis(e, e->binders[k]);
  const bool all_whole = std::ranges::all_of(is_whole, std::identity());

  then(symbol + "_{");
  for (std::size_t k = 0; k < count; ++k) {
    const Index index = e->binders[k];
    const bool last = k + 1 == count;
    if (k > 0 && all_whole) then(std::string(","));
    if (k > 0 && !all_whole) then(symbol + "_{");
    const bool guard_here = guarded && last;
    if (guard_here && count == 1 && all_whole && guard_names_index(guard, index)) {
      const Expr left = guard->operands[0], right = guard->operands[1];
      const bool turned = !(left->kind == ExprKind::position && left->index == index);
      if (turned && (guard->is(op_less) || guard->is(op_less_equal))) {
        position(index);
        then(std::string(guard->is(op_less) ? ">" : "\\ge "));
        then(Term{left, Precedence::sum});
      } else {
        position(index);
        then(std::string(guard->is(op_equal)       ? "="
                         : guard->is(op_not_equal) ? "\\ne "
                         : guard->is(op_less)      ? "<"
                                                   : "\\le "));
        then(Term{turned ? left : right, Precedence::sum});
      }
      then(std::string("}"));
      continue;
    }
    if (is_whole[k]) {
      position(index);
    } else if (limits && !guard_here) {
      position(index);
      then(std::string("="));
      then(Term{range.lower[k], Precedence::lowest});
      then(std::string("}^{"));
      then(Term{last_of(e->upper(k)), Precedence::lowest});
    } else {
      then(Term{range.lower[k], Precedence::sum});
      then(std::string("\\le "));
      position(index);
      then(std::string("\\le "));
      then(Term{last_of(e->upper(k)), Precedence::sum});
    }
    if (guard_here) {
      then(std::string(":\\,"));
      then(Term{guard, Precedence::lowest});
    }
    if (last || !all_whole) then(std::string("}"));
  }
}

void TermPrinter::bind_text(Expr e) {
  std::string_view name = e->reduction->name;
  if (name.starts_with("integer_")) name.remove_prefix(std::string_view("integer_").size());
  then(std::string(name) + "(");
  const Shown range = shown(e);
  for (std::size_t k = 0; k < e->binders.size(); ++k) {
    if (k > 0) then(std::string(", "));
    position(e->binders[k]);
    if (runs_over_whole_dim(e, k) && range.lower[k] == e->lower(k)) continue;
    then(std::string(" in "));
    then(Term{range.lower[k], Precedence::sum});
    then(std::string(".."));
    then(Term{last_of(e->upper(k)), Precedence::sum});
  }
  if (!range.guard->is_constant(1)) {
    then(std::string(" if "));
    then(Term{range.guard, Precedence::disjunction});
  }
  then(std::string(") "));
}

}  // namespace gradc
