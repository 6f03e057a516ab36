// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/arrange.h"

#include <algorithm>
#include <map>

#include "compiler/operators/build.h"
#include "compiler/support/check.h"

namespace gradc {

Expr without_conversion(Expr e) {
  while (e->is(op_to_real)) e = e->operands[0];
  return e;
}

std::optional<Rational> literal(Expr e) {
  e = without_conversion(e);
  if (e->is_constant() && e->type != Type::boolean) return *e->value;
  if (e->is(op_neg))
    if (const Expr x = without_conversion(e->operands[0]); x->is_constant()) return -*x->value;
  return std::nullopt;
}

Expr readable_condition(Expr e) {
  if (!e->is(op_not) || !e->operands[0]->is(op_equal)) return e;
  return not_equal(e->operands[0]->operands[0], e->operands[0]->operands[1]);
}

bool is_indicator(Expr e) {
  return e->kind == ExprKind::choose && e->type != Type::boolean && e->on_true()->is_constant(1) &&
         e->on_false()->is_constant(0);
}

const std::string* Arranger::name_of(Expr e) const {
  auto found = names_.find(e);
  return found == names_.end() ? nullptr : &found->second;
}

Shape Arranger::shape(Expr e) const {
  e = without_conversion(e);
  if (name_of(e)) return Shape::name;
  switch (e->kind) {
    case ExprKind::constant: return Shape::number;
    case ExprKind::position:
    case ExprKind::size:
    case ExprKind::access: return Shape::name;
    case ExprKind::choose: return is_indicator(e) ? Shape::bracket : Shape::choice;
    case ExprKind::reduce: return Shape::reduction;
    case ExprKind::apply: break;
  }
  if (e->is(op_add) && by_elements(e)) return Shape::choice;
  if (e->is(op_add) || e->is(op_sub)) return Shape::sum;
  if (e->is(op_mul) || e->is(op_div) || e->is(op_exact_div) || e->is(op_neg)) return Shape::product;
  if (e->is(op_sqrt)) return Shape::root;
  if (e->is(op_pow)) {
    const auto exponent = literal(e->operands[1]);
    if (exponent && exponent->sign() < 0) return Shape::product;
    if (exponent && exponent->numerator().is_one() && !exponent->is_integer()) return Shape::root;
    return Shape::power;
  }
  return Shape::call;
}

bool Arranger::is_negative(Expr e) const {
  e = without_conversion(e);
  const Shape s = shape(e);
  if (s == Shape::number) return e->value->sign() < 0;
  return s == Shape::product && product(e).negative;
}

namespace {

// The number in `2 == p`, p an index.
std::optional<std::pair<std::int64_t, Expr>> element_named(Expr condition) {
  if (!condition->is(op_equal)) return std::nullopt;
  for (const std::size_t side : {0, 1}) {
    const Expr number = condition->operands[side], index = condition->operands[1 - side];
    if (number->is_constant() && index->kind == ExprKind::position)
      if (const auto n = number->value->to_int64()) return std::pair{*n, index};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Choice> Arranger::by_elements(Expr e) const {
  std::map<std::int64_t, Choice::Row> rows;
  Expr index;
  for (bool more = true; more;) {
    more = e->is(op_add) && !name_of(e);
    const Expr term = more ? e->operands[1] : e;
    if (term->kind != ExprKind::choose || name_of(term) || is_indicator(term) ||
        !term->on_false()->is_constant(0))
      return std::nullopt;
    const auto element = element_named(term->condition());
    if (!element || (index && element->second != index)) return std::nullopt;
    index = element->second;
    if (!rows.emplace(element->first, Choice::Row{term->condition(), term->on_true()}).second)
      return std::nullopt;
    if (more) e = e->operands[0];
  }
  Choice choice;
  for (const auto& [number, row] : rows) choice.rows.push_back(row);
  const Expr size = index->index.dim.valid() ? e->context->dim(index->index.dim).size : Expr();
  const auto count = size && size->is_constant() ? size->value->to_int64() : std::nullopt;
  choice.complete = rows.begin()->first == 0 && count && *count == std::int64_t(rows.size()) &&
                    rows.rbegin()->first == *count - 1;
  choice.otherwise = choice.complete ? choice.rows.back().value : e->context->real(0);
  return choice;
}

Choice Arranger::choice(Expr e) const {
  e = without_conversion(e);
  if (e->is(op_add)) return *by_elements(e);
  Choice choice;
  do {  // an indicator is a row too, where it is not printed as a bracket
    choice.rows.push_back({e->condition(), e->on_true()});
    e = without_conversion(e->on_false());
  } while (shape(e) == Shape::choice && e->kind == ExprKind::choose);
  choice.otherwise = e;
  return choice;
}

std::vector<Summand> Arranger::sum(Expr root) const {
  std::vector<Summand> terms, pending{{without_conversion(root), false}};
  while (!pending.empty()) {
    const Summand next = pending.back();
    pending.pop_back();
    const Expr e = without_conversion(next.e);
    // A subtracted sum keeps its brackets.
    if (!next.negative && !name_of(e) && (e->is(op_add) || e->is(op_sub))) {
      pending.push_back({e->operands[1], e->is(op_sub)});
      pending.push_back({e->operands[0], false});
    } else {
      terms.push_back({e, next.negative != is_negative(e)});
    }
  }
  return terms;
}

namespace {

// Numbers, scalars, elements, functions, brackets; what runs on to the right comes last.
int rank(const Arranger& arranger, const Factor& factor) {
  const Expr e = without_conversion(factor.e);
  const Expr base = arranger.shape(e) == Shape::power ? without_conversion(e->operands[0]) : e;
  switch (arranger.shape(base)) {
    case Shape::number: return 0;
    // θ[0] is a scalar, as good as any.
    case Shape::name:
      return base->kind == ExprKind::access &&
                     std::ranges::any_of(base->operands, [](Expr s) { return !s->is_constant(); })
                 ? 2
                 : 1;
    case Shape::power:
    case Shape::root: return 3;
    case Shape::call: return base->operands.empty() ? 1 : base->op->runs_on ? 6 : 3;
    case Shape::bracket: return 4;
    case Shape::sum:
    case Shape::product: return 5;
    case Shape::choice: return base == e ? 6 : 5;
    case Shape::reduction: return base == e ? 7 : 5;
  }
  GRADC_UNREACHABLE("a Shape");
}

// a·(1 - a) is read as one: (a - y)·a·(1 - a).
void pair_with_complements(std::vector<Factor>& factors) {
  for (std::size_t k = 0; k < factors.size(); ++k) {
    const Expr sum = without_conversion(factors[k].e);
    if (!sum->is(op_sub) || !sum->operands[0]->is_constant(1)) continue;
    const auto own = std::ranges::find(factors, without_conversion(sum->operands[1]),
                                       [](const Factor& f) { return without_conversion(f.e); });
    const auto here = factors.begin() + static_cast<std::ptrdiff_t>(k);
    if (own < here) std::rotate(own, own + 1, here);
  }
}

}  // namespace

Product Arranger::product(Expr root) const {
  Product product;
  struct Part {
    Expr e;
    bool under;
  };
  std::vector<Part> pending{{root, false}};
  while (!pending.empty()) {
    const Part part = pending.back();
    pending.pop_back();
    const Expr e = without_conversion(part.e);
    if (name_of(e)) {
      (part.under ? product.under : product.over).push_back({e});
    } else if (e->is(op_mul) || e->is(op_div) || e->is(op_exact_div)) {
      pending.push_back({e->operands[1], part.under != !e->is(op_mul)});
      pending.push_back({e->operands[0], part.under});
    } else if (e->is(op_neg)) {
      product.negative = !product.negative;
      pending.push_back({e->operands[0], part.under});
    } else if (e->is_constant() && e->type != Type::boolean) {
      const bool negative = e->value->sign() < 0;
      if (negative) product.negative = !product.negative;
      const Rational magnitude = negative ? -*e->value : *e->value;
      if (!part.under)
        product.numbers.push_back(magnitude);
      else if (!magnitude.is_one())
        product.under.push_back({e->context->real(magnitude)});
    } else if (const auto exponent = e->is(op_pow) ? literal(e->operands[1]) : std::nullopt;
               exponent && exponent->sign() < 0) {
      (part.under ? product.over : product.under).push_back({e->operands[0], -*exponent});
    } else {
      (part.under ? product.under : product.over).push_back({e});
    }
  }
  const auto by_rank = [&](const Factor& a, const Factor& b) { return rank(*this, a) < rank(*this, b); };
  std::ranges::stable_sort(product.over, by_rank);
  std::ranges::stable_sort(product.under, by_rank);
  pair_with_complements(product.over);
  // 1·x is x; a 1 stays where nothing else would.
  const bool spare = !product.over.empty();
  std::erase_if(product.numbers, [&](const Rational& r) { return r.is_one() && spare; });
  while (!spare && product.numbers.size() > 1 &&
         std::ranges::find(product.numbers, Rational(1)) != product.numbers.end())
    product.numbers.erase(std::ranges::find(product.numbers, Rational(1)));
  return product;
}

}  // namespace gradc
