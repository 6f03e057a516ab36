// Sums, products with fractions, powers, roots, and operators by their printed form.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/operators/build.h"
#include "compiler/render/term_printer_class.h"
#include "compiler/support/check.h"

namespace gradc {

Precedence TermPrinter::binds(Expr e, bool without_sign) const {
  switch (arranger_.shape(e)) {
    case Shape::number:
      if (e->type == Type::boolean) return Precedence::atom;
      if (e->value->sign() < 0 && !without_sign) return Precedence::sum;
      return e->value->is_integer() ? Precedence::atom : latex_ ? Precedence::unary : Precedence::product;
    case Shape::name:
      if (e->kind == ExprKind::access &&
          std::ranges::any_of(e->operands, [&](Expr s) { return is_example(s); }))
        return Precedence::power;
      if (e->kind == ExprKind::access)
        return access_form(*scope_.context, *scope_.notation, scope_.format, e->tensor).binds;
      return Precedence::atom;
    case Shape::sum: return Precedence::sum;
    case Shape::product: {
      const Product p = arranger_.product(e);
      if (p.negative && !without_sign) return Precedence::sum;
      return Precedence::product;
    }
    case Shape::power: return Precedence::power;
    case Shape::root: return latex_ ? Precedence::atom : Precedence::postfix;
    case Shape::call: return latex_ ? e->op->latex.binds : e->op->text.binds;
    case Shape::choice: return latex_ ? Precedence::reduction : Precedence::choice;
    case Shape::bracket: return latex_ ? Precedence::atom : Precedence::choice;
    case Shape::reduction: return Precedence::reduction;
  }
  GRADC_UNREACHABLE("a Shape");
}

void TermPrinter::sum(Expr e) {
  bool first = true;
  const bool breaks = e == whole_;
  for (const Summand& term : arranger_.sum(e)) {
    if (breaks && !first) then(std::string(1, line_break));
    if (first)
      then(term.negative ? "-" : "", term.negative ? "-" : "");
    else
      then(term.negative ? "-" : "+", term.negative ? " - " : " + ");
    then(Term{term.e, Precedence::reduction, true});
    first = false;
  }
}

void TermPrinter::product(const Product& p, bool without_sign) {
  if (p.negative && !without_sign) then("-", "-");
  std::vector<std::string> numbers;
  if (p.under.empty()) {
    for (const Rational& r : p.numbers) numbers.push_back(number(r));
    factors(numbers, p.over, Precedence::reduction);
    return;
  }
  // A sum stands behind the fraction, not on it: 1/N Σ x; but a quotient of sums is a fraction.
  std::span<const Factor> over = p.over;
  const auto runs_on = [&](const Factor& f) {
    const Shape shape = arranger_.shape(f.e);
    return f.exponent.is_one() && (shape == Shape::reduction || shape == Shape::choice);
  };
  const bool behind = !over.empty() && runs_on(over.back()) && std::ranges::none_of(p.under, runs_on);
  if (behind) over = over.first(over.size() - 1);

  std::vector<std::string> below;
  for (const Rational& r : p.numbers) {
    if (!r.numerator().is_one()) numbers.push_back(number(r.numerator()));
    if (!r.denominator().is_one()) below.push_back(number(r.denominator()));
  }
  if (numbers.empty() && over.empty()) numbers.push_back("1");
  then("\\frac{", "");
  factors(numbers, over, latex_ ? Precedence::lowest : Precedence::product);
  then("}{", "/");
  const bool bracket = !latex_ && below.size() + p.under.size() > 1;
  if (bracket) then(std::string("("));
  factors(below, p.under, latex_ ? Precedence::lowest : bracket ? Precedence::product : Precedence::unary);
  if (bracket) then(std::string(")"));
  then("}", "");
  if (behind) {
    then("", "*");
    then(Term{p.over.back().e, latex_                                                 ? Precedence::reduction
                               : arranger_.shape(p.over.back().e) == Shape::reduction ? Precedence::reduction
                                                                                      : Precedence::atom});
  }
}

// A row of factors; `alone` is what a single one may bind like.
void TermPrinter::factors(const std::vector<std::string>& numbers, std::span<const Factor> factors,
                          Precedence alone) {
  const std::size_t count = numbers.size() + factors.size();
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    if (k > 0) then("\\cdot ", "*");
    then(numbers[k]);
  }
  for (std::size_t k = 0; k < factors.size(); ++k) {
    if (k > 0)
      then(separator(&factors[k - 1], factors[k]));
    else if (!numbers.empty())
      then(separator(nullptr, factors[k]));
    Precedence hole = count == 1 ? alone : Precedence::unary;
    // What runs on to the right needs no bracket at the end.
    if (count > 1 && k + 1 == factors.size() && arranger_.shape(factors[k].e) == Shape::reduction)
      hole = Precedence::reduction;
    if (count > 1 && k + 1 == factors.size() && arranger_.shape(factors[k].e) == Shape::choice && latex_)
      hole = Precedence::reduction;
    factor(factors[k], hole);
  }
}

std::string TermPrinter::number(const Rational& value) const {
  if (value.is_integer()) return value.to_string();
  const std::string above = value.numerator().to_string(), below = value.denominator().to_string();
  // Tolerances and the like: 1e-9.
  const std::size_t zeros = below.size() - 1;
  if (zeros >= 6 && below.find_first_not_of('0', 1) == below.npos) {
    const std::string places = std::to_string(zeros);
    if (!latex_) return above + "e-" + places;
    return (above == "1" ? "" : above + "\\cdot ") + "10^{-" + places + "}";
  }
  return latex_ ? "\\frac{" + above + "}{" + below + "}" : value.to_string();
}

// Nothing, but a dot between numbers and a thin space beside words.
std::string TermPrinter::separator(const Factor* before, const Factor& after) const {
  if (!latex_) return "*";
  const auto base = [&](const Factor& f) {
    Expr e = without_conversion(f.e);
    while (arranger_.shape(e) == Shape::power) e = without_conversion(e->operands[0]);
    return e;
  };
  const auto is_number = [&](const Factor* f) { return !f || arranger_.shape(base(*f)) == Shape::number; };
  if (is_number(&after)) return "\\cdot ";
  const auto is_word = [&](const Factor& f) {
    const Expr e = base(f);
    if (arranger_.name_of(e)) return false;
    if (e->kind == ExprKind::access) {
      if (scope_.notation->short_names.contains(e->tensor)) return false;
      return derivative_of(*scope_.context, e->tensor).has_value() ||
             !latex_name(scope_.context->tensor(e->tensor).name).single;
    }
    return e->kind == ExprKind::position && !latex_name(scope_.indices.of(e->index)).single;
  };
  if ((before && is_word(*before)) || (is_word(after) && !is_number(before))) return "\\,";
  return "";
}

void TermPrinter::factor(const Factor& f, Precedence hole) {
  if (f.exponent.is_one()) {
    then(Term{f.e, hole});
  } else if (f.exponent.numerator().is_one() && !f.exponent.is_integer()) {
    root(f.e, f.exponent.denominator());
  } else {
    power(f.e, f.e->context->real(f.exponent));
  }
}

void TermPrinter::power(Expr base, Expr exponent) {
  then(Term{base, Precedence::postfix});
  if (latex_) {
    then(std::string("^{"));
    then(Term{exponent, Precedence::lowest});
    then(std::string("}"));
  } else {
    then(std::string("^"));
    then(Term{exponent, Precedence::power});
  }
}

void TermPrinter::root(Expr base, const Rational& degree) {
  const bool square = degree == Rational(2);
  if (latex_) {
    then(square ? std::string("\\sqrt{") : "\\sqrt[" + degree.to_string() + "]{");
    then(Term{base, Precedence::lowest});
    then(std::string("}"));
  } else if (square) {
    then(std::string("sqrt("));
    then(Term{base, Precedence::lowest});
    then(std::string(")"));
  } else {
    then(Term{base, Precedence::postfix});
    then("^(1/" + degree.to_string() + ")");
  }
}

// A printed form with its holes filled in.
template <class Argument>
void TermPrinter::fill(const PrintForm& form, std::size_t holes, const Argument& argument) {
  std::string_view rest = form.form;
  while (!rest.empty()) {
    const std::size_t hole = rest.find('#');
    if (hole != 0) then(std::string(rest.substr(0, hole)));
    if (hole == rest.npos) break;
    const auto k = static_cast<std::size_t>(rest[hole + 1] - '1');
    GRADC_CHECK(k < holes, "a printed form with a hole for no argument");
    argument(k);
    rest.remove_prefix(hole + 2);
  }
}

void TermPrinter::form(Expr e) {
  const PrintForm& printed = latex_ ? e->op->latex : e->op->text;
  fill(printed, e->operands.size(), [&](std::size_t k) { then(Term{e->operands[k], printed.holes[k]}); });
}

std::vector<Expr> TermPrinter::leading(TensorId tensor, std::size_t axes) {
  const std::span<const Expr> all = scope_.context->access_by_slots(tensor)->arguments();
  return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(axes)};
}

// A_k for A[k, i, j]: without the axes behind the leading ones.
std::string TermPrinter::whole(TensorId tensor, std::size_t lead) {
  access(tensor, leading(tensor, lead));
  return run_all(std::string());
}

// A^{-1} b: a function of whole tensors. Further arguments than the form has holes for follow in a row.
std::string TermPrinter::call(const Call& call) {
  const PrintForm& printed = latex_ ? call.op->latex : call.op->text;
  const std::size_t lead = leading_axes(*scope_.context, call);
  const auto argument = [&](std::size_t k) {
    const Precedence binds =
        access_form(*scope_.context, *scope_.notation, scope_.format, call.arguments[k]).binds;
    const bool bracket = k < printed.holes.size() && binds < printed.holes[k];
    if (bracket) then("\\left(", "(");
    access(call.arguments[k], leading(call.arguments[k], lead));
    if (bracket) then("\\right)", ")");
    for (std::size_t more = k + 1; call.op->more_squares && more < call.arguments.size(); ++more) {
      then(",\\,", ", ");
      access(call.arguments[more], leading(call.arguments[more], lead));
    }
  };
  fill(printed, call.arguments.size(), argument);
  return run_all(std::string());
}

}  // namespace gradc
