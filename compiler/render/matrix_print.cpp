// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/matrix_print.h"

#include <algorithm>
#include <span>

#include "compiler/render/latex_name.h"
#include "compiler/render/notation.h"
#include "compiler/support/check.h"

namespace gradc::matrix {
namespace {

// How tightly a formula binds: A + B, A∘B, AB, Aᵀ.
enum class Level { sum, hadamard, product, factor };

class Printer {
 public:
  Printer(Terms& terms, PrintScope& scope)
      : t_(terms), scope_(scope), latex_(scope.format == Format::latex) {}

  std::string print(TermId id, Level hole) {
    const Term& t = t_[id];
    if (hole <= Level::hadamard && without_brackets(t))
      return std::string(command_of(t)) + " " + print(t.operands[0], Level::factor);
    std::string text = bare(id, t);
    return level(id, t) < hole ? open() + text + close() : text;
  }

 private:
  // log x, where the argument is a name; but σ(z).
  std::string_view command_of(const Term& t) const {
    const std::string_view form = latex_ ? t.op->latex.form : t.op->text.form;
    return form.substr(0, form.find(latex_ ? "\\left(" : "("));
  }
  bool without_brackets(const Term& t) const {
    if (t.kind != Kind::function || t.operands.size() != 1 || !t_.is(t.operands[0], Kind::name)) return false;
    static constexpr std::string_view commands[] = {"\\log",  "\\sin",  "\\cos", "\\tan",
                                                    "\\tanh", "\\sinh", "\\cosh"};
    return latex_ && std::ranges::find(commands, command_of(t)) != std::end(commands);
  }

  std::string open() const { return latex_ ? "\\left(" : "("; }
  std::string close() const { return latex_ ? "\\right)" : ")"; }
  std::string spell(std::string_view in_latex, std::string_view in_text) const {
    return std::string(latex_ ? in_latex : in_text);
  }

  Level level(TermId id, const Term& t) const {
    switch (t.kind) {
      case Kind::sum: return Level::sum;
      case Kind::choice:
      case Kind::label_sum: return Level::product;
      case Kind::hadamard: return Level::hadamard;
      case Kind::quotient:
        return t_.shape(t.operands[1]).scalar() && latex_ ? Level::product : Level::hadamard;
      case Kind::product:
        for (TermId o : t.operands)
          if (t_.is(o, Kind::hadamard)) return Level::hadamard;
        return t.value.sign() < 0 ? Level::sum : Level::product;
      case Kind::number:
        return t.value.sign() < 0 ? Level::sum : t.value.is_integer() ? Level::factor : Level::product;
      case Kind::function:
        if (t.op->typing == Typing::comparison) return Level::factor;
        return t.op->latex.binds >= Precedence::postfix ? Level::factor : Level::product;
      case Kind::call: return t.call->latex.binds >= Precedence::postfix ? Level::factor : Level::product;
      case Kind::name: return Level::factor;
      default: return Level::factor;
    }
    (void)id;
  }

  std::string number(const Rational& r) const {
    const Rational magnitude = r.sign() < 0 ? -r : r;
    const std::string sign = r.sign() < 0 ? "-" : "";
    if (magnitude.is_integer() || !latex_) return sign + magnitude.to_string();
    return sign + "\\frac{" + magnitude.numerator().to_string() + "}{" + magnitude.denominator().to_string() +
           "}";
  }

  std::string bare(TermId id, const Term& t) {
    switch (t.kind) {
      case Kind::number: return number(t.value);
      case Kind::scalar: return print_term(t.expr, scope_).term;
      case Kind::name: {
        bool single = false;
        return print_whole(t.expr, scope_, single);
      }
      case Kind::ones: return spell("\\mathbf{1}", "𝟏");
      case Kind::identity: return "I";
      case Kind::unit: return spell("e_{", "e[") + print_term(t.expr, scope_).term + spell("}", "]");
      case Kind::sum: return sum(t);
      case Kind::product: return product(t);
      case Kind::hadamard: return row(t.operands, spell("\\odot ", " ⊙ "), Level::product);
      case Kind::quotient: return quotient(t);
      case Kind::transpose: return transposed(t.operands[0]);
      case Kind::inverse: return print(t.operands[0], Level::factor) + spell("^{-1}", "⁻¹");
      case Kind::diagonal:
      case Kind::diagonal_of:
        return spell("\\operatorname{diag}\\left(", "diag(") + print(t.operands[0], Level::sum) + close();
      case Kind::trace:
        return spell("\\operatorname{tr}\\left(", "tr(") + print(t.operands[0], Level::sum) + close();
      case Kind::norm:
        return spell("\\left\\lVert ", "‖") + print(t.operands[0], Level::sum) +
               spell("\\right\\rVert ", "‖");
      case Kind::function: return function(t);
      case Kind::call: return call(t);
      case Kind::power:
        return raised(t.operands[0]) + spell("^{", t.value == Rational(2) ? "²" : "^") +
               (latex_                   ? number(t.value) + "}"
                : t.value == Rational(2) ? ""
                                         : number(t.value));
      case Kind::choice: return choice(t);
      case Kind::label_sum: return label_sum(t);
    }
    GRADC_UNREACHABLE("a Kind");
    (void)id;
  }

  // \log\det A: the entry's own form.
  std::string call(const Term& t) {
    std::string out;
    for (std::string_view rest = latex_ ? t.call->latex.form : t.call->text.form; !rest.empty();) {
      const std::size_t hole = std::min(rest.find('#'), rest.size());
      append_latex(out, rest.substr(0, hole));
      if (hole == rest.size()) break;
      const auto k = static_cast<std::size_t>(rest[hole + 1] - '1');
      const bool bracket = hole == 0 || rest[hole - 1] != '(';
      append_latex(out, print(t.operands[k], bracket ? Level::factor : Level::sum));
      for (std::size_t more = k + 1; t.call->more_squares && more < t.operands.size(); ++more)
        append_latex(out, spell(",\\,", ", ") + print(t.operands[more], Level::sum));
      rest.remove_prefix(hole + 2);
    }
    return out;
  }

  std::string transposed(TermId inner) {
    const Term& t = t_[inner];
    if (t.kind == Kind::inverse) return print(t.operands[0], Level::factor) + spell("^{-\\top}", "⁻ᵀ");
    return raised(inner) + spell("^{\\top}", "ᵀ");
  }

  // As the base of an exponent: δ^z has one already.
  std::string raised(TermId id) {
    const std::string base = print(id, Level::factor);
    const bool has_exponent = latex_ && t_.is(id, Kind::name) && base.find('^') != std::string::npos;
    return has_exponent ? "{" + base + "}" : base;
  }

  std::string row(std::span<const TermId> terms, const std::string& between, Level hole) {
    std::string out;
    for (std::size_t k = 0; k < terms.size(); ++k) {
      if (k > 0) out += between;
      append_latex(out, print(terms[k], hole));
    }
    return out;
  }

  // The first without a minus goes first, if there is one.
  std::string sum(const Term& t) {
    std::vector<std::size_t> order(t.operands.size());
    for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
    const auto positive = std::ranges::find_if(order, [&](std::size_t k) { return t.factors[k].sign() > 0; });
    if (positive != order.end()) std::rotate(order.begin(), positive, positive + 1);
    std::string out;
    for (std::size_t k : order) {
      const bool minus = t.factors[k].sign() < 0;
      if (minus)
        out += latex_ ? "-" : out.empty() ? "-" : " - ";
      else if (!out.empty())
        out += spell("+", " + ");
      const Rational magnitude = minus ? -t.factors[k] : t.factors[k];
      append_latex(out,
                   print(t_.scaled(magnitude, t.operands[k]), minus ? Level::hadamard : Level::hadamard));
    }
    return out;
  }

  // Whether this factor is one letter, beside which another needs no space.
  bool is_letter(TermId id) {
    const Term& t = t_[id];
    if (t.kind == Kind::transpose || t.kind == Kind::inverse || t.kind == Kind::power)
      return is_letter(t.operands[0]);
    if (t.kind != Kind::name) return t.kind != Kind::scalar || t.expr->kind == ExprKind::size;
    bool single = false;
    print_whole(t.expr, scope_, single);
    return single;
  }

  // A number with the scalars behind it over and under one line: ½λ is λ/2.
  std::string fraction(const Term& t, std::size_t scalars) {
    const Rational magnitude = t.value.sign() < 0 ? -t.value : t.value;
    std::string over = magnitude.numerator().is_one() ? "" : magnitude.numerator().to_string();
    for (std::size_t k = 0; k < scalars; ++k)
      append_factor(over, t.operands[k], k > 0 ? &t.operands[k - 1] : nullptr);
    return (t.value.sign() < 0 ? "-\\frac{" : "\\frac{") + over + "}{" + magnitude.denominator().to_string() +
           "}";
  }

  void append_factor(std::string& out, TermId id, const TermId* before) {
    const bool chain = t_.shape(id).scalar() && t_.is(id, Kind::product);
    std::string piece = print(id, Level::product);
    if (chain) piece = open() + print(id, Level::sum) + close();
    const bool bracket = piece.starts_with("\\left(") || piece.starts_with("(");
    if (before && !bracket && !(is_letter(*before) && is_letter(id))) out += spell("\\,", " ");
    append_latex(out, piece);
  }

  std::string product(const Term& t) {
    std::size_t scalars = 0;
    while (scalars < t.operands.size() && t_.shape(t.operands[scalars]).scalar()) ++scalars;
    const bool over_a_line =
        latex_ && !t.value.is_integer() && scalars > 0 &&
        std::none_of(t.operands.begin(), t.operands.begin() + static_cast<std::ptrdiff_t>(scalars),
                     [&](TermId o) { return t_.is(o, Kind::quotient) || t_.is(o, Kind::sum); });
    std::string out;
    std::size_t from = 0;
    const bool has_number = !t.value.is_one() && t.value != Rational(-1);
    const bool over_first = scalars > 0 && t_.is(t.operands[0], Kind::quotient) && (has_number || !latex_);
    if (over_first) {  // 2·(a/b) is 2a/b
      const Term& q = t_[t.operands[0]];
      const bool negative = t.value.sign() < 0;
      const TermId over = t_.scaled(negative ? -t.value.numerator() : t.value.numerator(), q.operands[0]);
      const TermId under = t_.scaled(t.value.denominator(), q.operands[1]);
      out = negative ? "-" : "";
      if (latex_)
        out += "\\frac{" + print(over, Level::sum) + "}{" + print(under, Level::sum) + "}";
      else
        out += print(over, Level::product) + "/" + print(under, Level::factor) +
               (t.operands.size() > 1 ? "·" : "");
      from = 1;
    } else if (over_a_line) {
      out = fraction(t, scalars);
      from = scalars;
    } else if (t.value == Rational(-1)) {
      out = "-";
    } else if (!t.value.is_one()) {
      out = number(t.value);
      if (!latex_ && !t.value.is_integer()) out += "·";
    }
    for (std::size_t k = from; k < t.operands.size(); ++k) {
      const TermId o = t.operands[k];
      // An element by element product needs no bracket behind scalars alone.
      if (t_.is(o, Kind::hadamard) && k == scalars && k + 1 == t.operands.size()) {
        if (k > from) out += spell("\\,", " ");
        append_latex(out, print(o, Level::hadamard));
        continue;
      }
      append_factor(out, o, k > from ? &t.operands[k - 1] : nullptr);
    }
    return out;
  }

  std::string quotient(const Term& t) {
    const TermId over = t.operands[0], under = t.operands[1];
    if (!t_.shape(under).scalar())
      return print(over, Level::product) + spell("\\oslash ", " ⊘ ") + print(under, Level::factor);
    if (!latex_) return print(over, Level::product) + "/" + print(under, Level::factor);
    return "\\frac{" + print(over, Level::sum) + "}{" + print(under, Level::sum) + "}";
  }

  // [z > 0]: the name first, then the number.
  std::string comparison(const Term& t) {
    const bool turned = t_.is(t.operands[0], Kind::number);
    const bool strict = t.op->id == "less";
    const std::string sign = strict ? (turned ? spell(">", " > ") : spell("<", " < "))
                                    : (turned ? spell("\\ge ", " >= ") : spell("\\le ", " <= "));
    std::string out = latex_ ? "\\left[" : "[";
    append_latex(out, print(t.operands[turned ? 1 : 0], Level::sum));
    out += sign;
    append_latex(out, print(t.operands[turned ? 0 : 1], Level::sum));
    return out + (latex_ ? "\\right]" : "]");
  }

  std::string function(const Term& t) {
    if (t.op->typing == Typing::comparison) return comparison(t);
    const PrintForm& form = latex_ ? t.op->latex : t.op->text;
    std::string out;
    for (std::size_t k = 0; k < form.form.size(); ++k) {
      if (form.form[k] != '#') {
        out += form.form[k];
        continue;
      }
      const auto which = static_cast<std::size_t>(form.form[++k] - '1');
      const Precedence hole = form.holes[which];
      const Level level = hole <= Precedence::sum       ? Level::sum
                          : hole <= Precedence::product ? Level::product
                                                        : Level::factor;
      append_latex(out, print(t.operands[which], level));
    }
    return out;
  }

  std::string choice(const Term& t) {
    const std::string condition = print_term(t.expr, scope_).term;
    if (!latex_)
      return "(if " + condition + " then " + print(t.operands[0], Level::sum) + " else " +
             print(t.operands[1], Level::sum) + ")";
    return "\\begin{cases}" + print(t.operands[0], Level::sum) + "&\\text{if }" + condition + "\\\\" +
           print(t.operands[1], Level::sum) + "&\\text{otherwise}\\end{cases}";
  }

  std::string label_sum(const Term& t) {
    const std::string name = scope_.indices.enter_as(t.expr->index);
    std::string out = spell("\\sum_{" + latex_name(name).whole() + "}", "Σ[" + name + "] ");
    append_latex(out, print(t.operands[0], Level::hadamard));
    scope_.indices.leave(1);
    return out;
  }

  Terms& t_;
  PrintScope& scope_;
  bool latex_;
};

// The subscripts that stay; whole axes have slots before the first (matrix_form.cpp).
std::string labels(std::span<const Expr> all, PrintScope& scope) {
  std::string out;
  for (Expr s : all) {
    if (s->kind == ExprKind::position && s->index.kind == Index::Kind::slot && s->index.number < 0) continue;
    if (!out.empty()) out += scope.format == Format::latex ? "," : ", ";
    out += print_term(s, scope).term;
  }
  return out;
}

std::string with_labels(const LatexName& latex, const std::string& text, const std::string& labels,
                        bool is_latex) {
  if (!is_latex) return labels.empty() ? text : text + "[" + labels + "]";
  LatexName name = latex;
  if (!labels.empty()) name.subscript += (name.subscript.empty() ? "" : ",") + labels;
  return name.whole();
}

}  // namespace

std::string print(Terms& terms, TermId id, PrintScope& scope) {
  return Printer(terms, scope).print(id, Level::sum);
}

std::string print_whole(Expr access, PrintScope& scope, bool& single) {
  const Context& c = *scope.context;
  const bool latex = scope.format == Format::latex;
  const std::string own = labels(access->operands, scope);
  const auto plain = [&](TensorId t, const std::string& subscripts) {
    const std::string& name = c.tensor(t).name;
    return with_labels(latex_name(name), name, subscripts, latex);
  };
  if (auto found = scope.notation->short_names.find(access->tensor);
      found != scope.notation->short_names.end()) {
    single = true;
    return with_labels(found->second.latex, found->second.text, own, latex);
  }
  const auto derivative = derivative_of(c, access->tensor);
  if (!derivative) {
    single = latex && latex_name(c.tensor(access->tensor).name).single;
    return plain(access->tensor, own);
  }
  single = false;
  const std::string base = plain(derivative->base, "");
  const std::size_t order = derivative->wrt.size();
  if (c.tensor(derivative->base).rank() > 0 && order == 1)
    return latex ? "\\frac{\\partial " + base + "}{\\partial " + plain(derivative->wrt[0], own) + "}"
                 : "∂" + base + "/∂" + plain(derivative->wrt[0], own);
  const bool same = std::ranges::count(derivative->wrt, derivative->wrt[0]) == std::ssize(derivative->wrt);
  std::string out;
  if (same && order > 1) {
    out = latex        ? "\\nabla^{" + std::to_string(order) + "}_{"
          : order == 2 ? "∇²_"
                       : "∇^" + std::to_string(order) + "_";
    out += plain(derivative->wrt[0], own) + (latex ? "}" : " ");
  } else {
    for (auto wrt = derivative->wrt.rbegin(); wrt != derivative->wrt.rend(); ++wrt)
      out += latex ? "\\nabla_{" + plain(*wrt, own) + "}" : "∇_" + plain(*wrt, own) + " ";
  }
  append_latex(out, base);
  return out;
}

}  // namespace gradc::matrix
