// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/bounds.h"

#include <algorithm>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"

namespace gradc {

namespace {

constexpr std::int64_t greatest = std::int64_t{1} << 40;

void add_to(LinearForm& into, const LinearForm& form, std::int64_t factor) {
  for (const auto& [atom, v] : form.terms)
    if ((into.terms[atom] += factor * v) == 0) into.terms.erase(atom);
  into.constant += factor * form.constant;
}

bool fits(const LinearForm& form) {
  const auto small = [](std::int64_t v) { return -greatest < v && v < greatest; };
  return small(form.constant) && form.terms.size() <= 32 &&
         std::ranges::all_of(form.terms, [&](const auto& term) { return small(term.second); });
}

LinearForm atom(Expr e) {
  LinearForm form;
  form.terms[e] = 1;
  return form;
}

LinearForm number(std::int64_t value) {
  LinearForm form;
  form.constant = value;
  return form;
}

bool is_number(const LinearForm& form) { return form.terms.empty(); }

LinearForm difference(const LinearForm& a, const LinearForm& b, std::int64_t more = 0) {
  LinearForm result = a;
  add_to(result, b, -1);
  result.constant += more;
  return result;
}

}  // namespace

std::optional<LinearForm> linear_form(Expr root) {
  if (root->type != Type::integer) return std::nullopt;
  Context& c = *root->context;
  std::map<Expr, LinearForm> forms;
  for (Expr e : reachable_nodes(root)) {
    if (e->type != Type::integer) continue;
    LinearForm form = atom(e);
    if (e->is_constant()) {
      const std::optional<std::int64_t> value = e->value->to_int64();
      if (!value) return std::nullopt;
      form = number(*value);
    } else if (e->kind == ExprKind::size && c.dim(e->dim).size) {
      const std::optional<LinearForm> size = linear_form(c.dim(e->dim).size);  // as deep as sizes are nested
      if (size) form = *size;
    } else if (e->kind == ExprKind::apply && (e->is(op_add) || e->is(op_sub) || e->is(op_neg))) {
      form = {};
      add_to(form, forms.at(e->operands[0]), e->is(op_neg) ? -1 : 1);
      if (e->operands.size() > 1) add_to(form, forms.at(e->operands[1]), e->is(op_sub) ? -1 : 1);
    } else if (e->kind == ExprKind::apply && e->is(op_mul)) {
      const LinearForm &a = forms.at(e->operands[0]), &b = forms.at(e->operands[1]);
      if (is_number(a) || is_number(b)) {
        form = {};
        if (is_number(a))
          add_to(form, b, a.constant);
        else
          add_to(form, a, b.constant);
      }
    }
    if (!fits(form)) return std::nullopt;
    forms[e] = std::move(form);
  }
  return forms.at(root);
}

void Bounds::add_condition(Expr condition, bool holds) {
  if (condition->is(op_not)) return add_condition(condition->operands[0], !holds);
  if (condition->is(holds ? op_and : op_or)) {
    for (Expr part : condition->operands) add_condition(part, holds);
    return;
  }
  if (condition->kind != ExprKind::apply || condition->operands.size() != 2 ||
      condition->operands[0]->type != Type::integer)
    return;
  const auto a = linear_form(condition->operands[0]), b = linear_form(condition->operands[1]);
  if (!a || !b) return;
  const bool same = condition->is(op_equal) == holds;
  if (condition->is(op_less)) {
    known_.push_back(holds ? difference(*b, *a, -1) : difference(*a, *b));
  } else if (condition->is(op_less_equal)) {
    known_.push_back(holds ? difference(*b, *a) : difference(*a, *b, -1));
  } else if (condition->is(op_equal) || condition->is(op_not_equal)) {
    if (same) {
      known_.push_back(difference(*a, *b));
      known_.push_back(difference(*b, *a));
    } else if (const auto most = most_of(difference(*b, *a)); most && *most <= 0) {
      known_.push_back(difference(*a, *b, -1));  // a >= b, and a ≠ b
    } else if (const auto other = most_of(difference(*a, *b)); other && *other <= 0) {
      known_.push_back(difference(*b, *a, -1));
    }
  }
}

// Puts the end of the atom's range in its place that makes the form greatest.
bool Bounds::replace(LinearForm& form, Expr e, std::int64_t factor) const {
  std::optional<LinearForm> end;
  const auto end_of = [&](Expr lower, Expr upper) {
    end = linear_form(factor > 0 ? upper : lower);
    if (end && factor > 0) end->constant -= 1;
  };
  if (e->kind == ExprKind::position) {
    const auto binder = std::ranges::find(binders_, e->index, &Binder::index);
    if (binder != binders_.end())
      end_of(binder->lower, binder->upper);
    else if (e->index.dim.valid())
      end_of(c_->integer(0), c_->size(e->index.dim));
  } else if (e->kind == ExprKind::size) {
    if (factor < 0) end = number(1);  // where an index has a position, its dim has one
  } else if (e->kind == ExprKind::access) {
    const DimId of = c_->tensor(e->tensor).member_of;
    if (of.valid()) end_of(c_->integer(0), c_->size(of));
  } else if (e->is(op_mod) && e->operands[1]->is_constant() &&
             e->operands[1]->value->to_int64().value_or(0) > 0) {
    end_of(c_->integer(0), e->operands[1]);
  } else if (e->kind == ExprKind::apply && e->op->id == "integer_pow" && factor < 0) {
    const Expr base = e->operands[0];
    if (base->is_constant() && base->value->to_int64().value_or(0) >= 1) end = number(1);
  }
  if (!end) return false;
  form.terms.erase(e);
  add_to(form, *end, factor);
  return fits(form);
}

std::optional<std::int64_t> Bounds::eliminated(LinearForm form) const {
  // What is further in first: its range may speak of what is further out.
  const auto rank = [&](Expr e) -> std::int64_t {
    if (e->kind == ExprKind::size) return -2;
    if (e->kind != ExprKind::position) return std::int64_t{1} << 32;
    const auto binder = std::ranges::find(binders_, e->index, &Binder::index);
    return binder == binders_.end() ? -1 : binder - binders_.begin();
  };
  for (int steps = 0; !form.terms.empty(); ++steps) {
    if (steps > 64) return std::nullopt;
    auto next = form.terms.begin();
    for (auto t = form.terms.begin(); t != form.terms.end(); ++t)
      if (rank(t->first) > rank(next->first)) next = t;
    if (!replace(form, next->first, next->second)) return std::nullopt;
  }
  return form.constant;
}

// What is known is added, once each and up to three at a time: what is >= 0 makes the form no smaller.
std::optional<std::int64_t> Bounds::most_of(const LinearForm& form) {
  struct Fact {
    LinearForm form;
    Expr assumed;
  };
  std::vector<Fact> facts;
  for (const LinearForm& k : known_) facts.push_back({k, {}});
  if (members_fall_) {
    std::vector<Expr> members;
    const auto collect = [&](const LinearForm& f) {
      for (const auto& [e, _] : f.terms)
        if (e->kind == ExprKind::access && std::ranges::find(members, e) == members.end())
          members.push_back(e);
    };
    collect(form);
    for (const LinearForm& k : known_) collect(k);
    for (Expr member : members)
      for (Expr s : member->arguments())
        if (s->kind == ExprKind::position) facts.push_back({difference(atom(s), atom(member), -1), member});
  }
  std::optional<std::int64_t> best;
  std::vector<Expr> best_assumed;
  const auto offer = [&](const LinearForm& f, std::vector<Expr> assumed) {
    const std::optional<std::int64_t> value = eliminated(f);
    if (!value || (best && *best <= *value)) return;
    best = value;
    std::erase_if(assumed, [](Expr e) { return !e; });
    best_assumed = std::move(assumed);
  };
  offer(form, {});
  if (facts.size() > 12) facts.resize(12);
  for (std::size_t i = 0; i < facts.size(); ++i) {
    LinearForm one = form;
    add_to(one, facts[i].form, 1);
    offer(one, {facts[i].assumed});
    for (std::size_t j = i + 1; j < facts.size(); ++j) {
      LinearForm two = one;
      add_to(two, facts[j].form, 1);
      offer(two, {facts[i].assumed, facts[j].assumed});
    }
  }
  assumed_ = best_assumed;
  return best;
}

std::optional<std::int64_t> Bounds::most(Expr e) {
  const std::optional<LinearForm> form = linear_form(e);
  return form ? most_of(*form) : std::nullopt;
}

std::optional<std::int64_t> Bounds::least(Expr e) {
  const std::optional<std::int64_t> value = most(-e);
  return value ? std::optional(-*value) : std::nullopt;
}

}  // namespace gradc
