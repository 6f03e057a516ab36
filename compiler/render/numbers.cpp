// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/numbers.h"

#include <cmath>
#include <cstdio>
#include <unordered_map>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"

namespace gradc {
namespace {

constexpr std::int64_t most_elements = 8;  // of a tensor
constexpr std::int64_t most_terms = 8;     // of a sum that is written out

std::string digits(double value, int count) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  char text[40];
  std::snprintf(text, sizeof text, "%.*g", count, value == 0 ? 0.0 : value);
  return text;
}

class PutIn {
 public:
  PutIn(const System& system, const Point<double>& values, Format format, const Notation& notation)
      : system_(system),
        c_(system.context()),
        values_(values),
        latex_(format == Format::latex),
        names_(notation),
        notation_(notation),
        symbols_(c_, format, names_, IndexNames(c_, tensor_names(system))),
        scope_(c_, format, notation_, IndexNames(c_, tensor_names(system))) {}

  // One element's term, closed: all indices are numbers.
  Printed print(Expr e) { return print_term(with_numbers(e), scope_); }

  std::string symbol(Expr access) { return print_term(access, symbols_).term; }

 private:
  // Names with their numbers in the place of elements; choices that are made; sums that are written out.
  Expr with_numbers(Expr e) {
    if (e->type != Type::real || e->kind == ExprKind::constant) return e;
    if (e->is(op_to_real)) return number(e, latex_ ? symbol(e) : "");
    switch (e->kind) {
      case ExprKind::access: return number(e, latex_ ? symbol(e) : "");
      case ExprKind::choose:
        if (const auto holds = evaluate(e->condition()))
          return with_numbers(*holds != 0 ? e->on_true() : e->on_false());
        return e;
      case ExprKind::reduce: return sum(e);
      default: {
        std::vector<Expr> operands;
        for (Expr operand : e->operands) {
          const bool exponent = e->is(op_pow) && !operands.empty() && operand->is_constant();
          operands.push_back(exponent || operand->type != Type::real ? operand : with_numbers(operand));
        }
        return with_operands(e, operands);
      }
    }
  }

  Expr sum(Expr e) {
    const OpenedReduction opened = open(e);
    const auto lower = opened.binders.size() == 1 ? evaluate(opened.binders[0].lower) : std::nullopt;
    const auto upper = lower ? evaluate(opened.binders[0].upper) : std::nullopt;
    if (!upper || !e->is(reduce_sum) || *upper - *lower > most_terms)
      return number(e, latex_ ? symbol(e) : "");
    Expr total;
    for (double k = *lower; k < *upper; ++k) {
      const IndexMap here{{opened.binders[0].index, c_.integer(static_cast<std::int64_t>(k))}};
      const auto holds = evaluate(substitute(opened.guard, here));
      if (holds && *holds == 0) continue;
      const Expr term = with_numbers(substitute(opened.body, here));
      total = total ? total + term : term;
    }
    return total ? total : c_.real(0);
  }

  // A name that is printed as the number (text), or as `symbol` with the number under it (LaTeX).
  Expr number(Expr e, const std::string& symbol) {
    if (const auto known = numbers_.find(e); known != numbers_.end()) return known->second;
    const auto value = evaluate(e);
    if (!value) return e;
    const std::string text = digits(*value, 4);
    const TensorId name = c_.add_tensor({.name = c_.unused_name("number")});
    ShortName shown;
    shown.text = text;
    if (!latex_ && text.starts_with('-')) shown.binds = Precedence::sum;
    // In braces, so that an exponent does not stand on the brace.
    shown.latex.base = "{\\underbrace{" + symbol + "}_{" + number_in_latex(text) + "}}";
    notation_.short_names[name] = shown;
    return numbers_[e] = c_.access(name);
  }

  // Of a closed term; all that it reads is given.
  std::optional<double> evaluate(Expr e) {
    if (e->is_constant()) return e->value->to_double();
    System alone(c_);
    const TensorId result = c_.add_tensor({.name = c_.unused_name("value"), .type = e->type});
    alone.add({result, Define{e}, {}, {}});
    Evaluator<double> evaluator(alone, values_);
    const auto values = evaluator.tensor(result);
    if (!values) return std::nullopt;
    return e->type == Type::real ? values->reals[0] : static_cast<double>(values->integers[0]);
  }

  const System& system_;
  Context& c_;
  const Point<double>& values_;
  bool latex_;
  Notation names_;     // of symbols
  Notation notation_;  // with the numbers
  PrintScope symbols_, scope_;
  std::unordered_map<Expr, Expr> numbers_;
};

}  // namespace

std::string number_in_latex(const std::string& text) {
  if (text == "nan") return "\\text{nan}";
  if (text.ends_with("inf")) return (text[0] == '-' ? "-" : "") + std::string("\\infty");
  const std::size_t e = text.find('e');
  if (e == text.npos) return text;
  return text.substr(0, e) + "\\cdot 10^{" + std::to_string(std::stoi(text.substr(e + 1))) + "}";
}

std::string short_number(double value) { return digits(value, 10); }

std::vector<NumberLine> number_lines(const System& system, TensorId tensor, Expr value,
                                     const Point<double>& values, Format format, const Notation& notation) {
  Context& c = system.context();
  std::vector<NumberLine> lines;
  const auto own = values.tensors.find(tensor);
  if (own == values.tensors.end()) return lines;
  const Values<double>& numbers = own->second;
  const auto count = static_cast<std::int64_t>(std::max(numbers.reals.size(), numbers.integers.size()));
  PutIn put_in(system, values, format, notation);
  for (std::int64_t k = 0; k < std::min(count, most_elements); ++k) {
    std::vector<Expr> at(numbers.extents.size());
    std::int64_t rest = k;
    for (std::size_t axis = at.size(); axis-- > 0;) {
      at[axis] = c.integer(rest % numbers.extents[axis]);
      rest /= numbers.extents[axis];
    }
    NumberLine line;
    line.left = put_in.symbol(c.access(tensor, at));
    const auto place = static_cast<std::size_t>(k);
    const double result =
        numbers.reals.empty() ? static_cast<double>(numbers.integers[place]) : numbers.reals[place];
    line.value = format == Format::latex ? number_in_latex(short_number(result)) : short_number(result);
    if (value && value->type == Type::real) line.right = put_in.print(instantiate(value, at)).pieces;
    const bool bare = value && (value->kind == ExprKind::access || value->is_constant());
    if (format == Format::text && bare) line.right.clear();
    lines.push_back(std::move(line));
  }
  if (count > most_elements) {
    const std::string more = "and " + std::to_string(count - most_elements) + " more elements";
    lines.push_back({format == Format::latex ? "\\text{" + more + "}" : more, {}, ""});
  }
  return lines;
}

}  // namespace gradc
