// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/recurrence.h"

#include <algorithm>

#include "compiler/equations/walk.h"
#include "compiler/operators/affine.h"
#include "compiler/operators/build.h"

namespace gradc {
namespace {

// Sizes of computed dims written out.
std::optional<Affine> expanded(Context& c, Expr e) {
  std::optional<Affine> form = affine_form(e);
  for (int round = 0; form && round < 8; ++round) {
    bool changed = false;
    for (const auto& [dim, factor] : std::map(form->sizes)) {
      if (!c.dim(dim).size) continue;
      const std::optional<Affine> size = affine_form(c.dim(dim).size);
      if (!size) continue;
      form->sizes.erase(dim);
      *form = *form + factor * *size;
      changed = true;
    }
    if (!changed) break;
  }
  return form;
}

// The sign for all large sizes.
std::optional<int> sign_of(const Affine& a) {
  if (!a.indices.empty()) return std::nullopt;
  if (a.sizes.empty()) return a.constant > 0 ? 1 : a.constant < 0 ? -1 : 0;
  bool up = true, down = true;
  for (const auto& [_, factor] : a.sizes) up = up && factor > 0, down = down && factor < 0;
  return up ? std::optional(1) : down ? std::optional(-1) : std::nullopt;
}

bool compares(Expr e) {
  return (e->is(op_equal) || e->is(op_not_equal) || e->is(op_less) || e->is(op_less_equal)) &&
         e->operands[0]->type == Type::integer;
}

class Splitter {
 public:
  Splitter(Context& c, const Circles& circles, std::size_t circle, TensorId tensor, Expr value)
      : c_(c), circles_(circles), circle_(circle), tensor_(tensor), value_(value) {}

  std::vector<RecurrenceLine> lines() {
    const std::vector<DimId>& dims = c_.tensor(tensor_).dims;
    for (std::size_t axis = 0; axis < dims.size(); ++axis) {
      slot_ = Index::slot(static_cast<std::int32_t>(axis), dims[axis]);
      axis_ = axis;
      if (!find_marks()) continue;
      std::vector<RecurrenceLine> result;
      for (std::size_t k = 0; k + 1 < marks_.size(); ++k) result.push_back(line(marks_[k], marks_[k + 1]));
      return result;
    }
    return {};
  }

 private:
  // Where a comparison of the axis' index with sizes and numbers changes its answer.
  bool find_marks() {
    std::optional<Affine> end = expanded(c_, c_.size(slot_.dim));
    if (!end) return false;
    marks_ = {Affine{}, *end};
    const auto mark = [&](Affine a, std::int64_t more) {
      a.constant += more;
      const std::optional<int> from_start = sign_of(a), from_end = sign_of(*end + -1 * a);
      if (!from_start || !from_end || *from_start <= 0 || *from_end <= 0) return;
      if (std::ranges::find(marks_, a) == marks_.end()) marks_.push_back(a);
    };
    for (Expr e : reachable_nodes(value_)) {
      if (!compares(e) || !e->depends_on(slot_)) continue;
      const std::optional<Affine> form = expanded(c_, e->operands[0] - e->operands[1]);
      if (!form || form->indices.size() != 1 || std::abs(form->coefficient(slot_)) != 1) continue;
      const bool rises = form->coefficient(slot_) == 1;
      const Affine at = (rises ? -1 : 1) * form->without(slot_);
      if (e->is(op_equal) || e->is(op_not_equal)) mark(at, 0), mark(at, 1);
      if (e->is(op_less)) mark(at, rises ? 0 : 1);
      if (e->is(op_less_equal)) mark(at, rises ? 1 : 0);
    }
    if (marks_.size() < 3) return false;
    for (const Affine& a : marks_)
      for (const Affine& b : marks_)
        if (!sign_of(b + -1 * a)) return false;
    std::ranges::sort(marks_, [](const Affine& a, const Affine& b) { return *sign_of(b + -1 * a) > 0; });
    return true;
  }

  // The value between two marks: what is known there is decided.
  Expr between(const Affine& first) {
    return rewrite(value_, [&](Expr e) -> Expr {
      if (compares(e)) {
        const std::optional<Affine> form = expanded(c_, e->operands[0] - e->operands[1]);
        if (!form || form->indices.size() != 1 || std::abs(form->coefficient(slot_)) != 1) return e;
        const std::optional<int> sign = sign_of(form->without(slot_) + form->coefficient(slot_) * first);
        if (!sign) return e;
        return c_.boolean(e->is(op_equal)       ? *sign == 0
                          : e->is(op_not_equal) ? *sign != 0
                          : e->is(op_less)      ? *sign < 0
                                                : *sign <= 0);
      }
      if (e->is(op_not) && e->operands[0]->is_constant()) return c_.boolean(e->operands[0]->is_constant(0));
      for (const bool all : {true, false})
        if (e->is(all ? op_and : op_or))
          for (int k = 0; k < 2; ++k)
            if (e->operands[static_cast<std::size_t>(k)]->is_constant())
              return e->operands[static_cast<std::size_t>(k)]->is_constant(all ? 1 : 0)
                         ? e->operands[static_cast<std::size_t>(1 - k)]
                         : c_.boolean(!all);
      if (e->kind == ExprKind::choose && e->condition()->is_constant())
        return e->condition()->is_constant(0) ? e->on_false() : e->on_true();
      if (e->kind == ExprKind::choose && e->on_true() == e->on_false()) return e->on_true();
      if (e->is(op_add) && e->type == Type::real) {
        if (e->operands[0]->is_constant(0)) return e->operands[1];
        if (e->operands[1]->is_constant(0)) return e->operands[0];
      }
      return e;
    });
  }

  bool is_of_circle(TensorId t) const {
    auto found = circles_.find(t);
    return found != circles_.end() && found->second == circle_;
  }

  RecurrenceLine line(const Affine& first, const Affine& end) {
    RecurrenceLine result{.subscripts = {}, .value = between(first), .axis = axis_};
    const std::vector<DimId>& dims = c_.tensor(tensor_).dims;
    for (std::size_t k = 0; k < dims.size(); ++k)
      result.subscripts.push_back(c_.position(Index::slot(static_cast<std::int32_t>(k), dims[k])));
    Affine one;
    one.constant = 1;
    Affine position;
    if (end == first + one) {
      position = first;
    } else {
      std::int64_t back = 0, ahead = 0;
      for (Expr e : reachable_nodes(result.value))
        if (e->kind == ExprKind::access && is_of_circle(e->tensor))
          for (Expr s : e->arguments()) {
            const std::optional<Affine> form = affine_form(s);
            if (!form || form->coefficient(slot_) != 1 || form->indices.size() != 1 || !form->sizes.empty())
              continue;
            back = std::min(back, form->constant);
            ahead = std::max(ahead, form->constant);
          }
      position.indices[slot_] = 1;
      position.constant = -back;  // h_{t+1} reads h_t
      Affine shift;
      shift.constant = back;
      Affine last = end + shift;
      last.constant -= 1;
      result.first = (first + shift).to_expr(c_);
      result.last = last.to_expr(c_);
      result.down = back == 0 && ahead > 0;
    }
    const Expr at = position.to_expr(c_);
    result.subscripts[axis_] = at;
    if (at->kind != ExprKind::position)
      result.value = rewrite(substitute(result.value, {{slot_, at}}), [&](Expr e) {
        if (e->type != Type::integer || e->kind != ExprKind::apply) return e;
        const std::optional<Affine> form = affine_form(e);
        return form ? form->to_expr(c_) : e;
      });
    return result;
  }

  Context& c_;
  const Circles& circles_;
  std::size_t circle_;
  TensorId tensor_;
  Expr value_;
  Index slot_;
  std::size_t axis_ = 0;
  std::vector<Affine> marks_;
};

// The circle of the tensor, or one that it reads at other positions than its own: a state that does not read
// itself.
std::optional<std::size_t> circle_of(const Circles& circles, TensorId tensor, Expr value) {
  if (const auto own = circles.find(tensor); own != circles.end()) return own->second;
  for (Expr e : reachable_nodes(value)) {
    if (e->kind != ExprKind::access) continue;
    const auto found = circles.find(e->tensor);
    if (found == circles.end()) continue;
    for (Expr s : e->arguments()) {
      const std::optional<Affine> form = affine_form(s);
      if (form && form->indices.size() == 1 && form->sizes.empty() && form->constant != 0 &&
          form->indices.begin()->first.kind == Index::Kind::slot)
        return found->second;
    }
  }
  return std::nullopt;
}

}  // namespace

Circles circles_of(const System& system) {
  Circles result;
  for (const std::vector<std::size_t>& group : strongly_connected(system))
    if (is_circle(system, group))
      for (std::size_t i : group) result.emplace(system.definitions()[i].tensor, group[0]);
  return result;
}

std::vector<RecurrenceLine> recurrence_lines(Context& context, const Circles& circles, TensorId tensor,
                                             Expr value) {
  const std::optional<std::size_t> circle = circle_of(circles, tensor, value);
  return circle ? Splitter(context, circles, *circle, tensor, value).lines() : std::vector<RecurrenceLine>();
}

}  // namespace gradc
