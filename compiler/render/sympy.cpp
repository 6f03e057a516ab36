// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/sympy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>
#include <variant>

#include "compiler/equations/definition.h"
#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/render/index_names.h"
#include "compiler/render/notation.h"
#include "compiler/render/term_printer_class.h"

namespace gradc {
namespace {

// What SymPy calls otherwise, or spells out.
constexpr std::pair<std::string_view, std::string_view> forms[] = {
    {"pi", "sp.pi"},
    {"to_real", "#1"},
    {"stop", "#1"},
    {"abs", "sp.Abs(#1)"},
    {"ceil", "sp.ceiling(#1)"},
    {"exp2", "2**#1"},
    {"log2", "sp.log(#1, 2)"},
    {"log10", "sp.log(#1, 10)"},
    {"log1p", "sp.log(1 + #1)"},
    {"expm1", "sp.exp(#1) - 1"},
    {"exp_difference", "sp.exp(#1 - #2)"},
    {"hypot", "sp.sqrt(#1**2 + #2**2)"},
    {"sigmoid", "1/(1 + sp.exp(-#1))"},
    {"log_sigmoid", "-sp.log(1 + sp.exp(-#1))"},
    {"softplus", "sp.log(1 + sp.exp(#1))"},
    {"silu", "#1/(1 + sp.exp(-#1))"},
    {"gelu", "#1*(1 + sp.erf(#1/sp.sqrt(2)))/2"},
    {"relu", "sp.Max(0, #1)"},
    {"clamp", "sp.Min(sp.Max(#1, #2), #3)"},
    {"max", "sp.Max(#1, #2)"},
    {"min", "sp.Min(#1, #2)"},
    {"lgamma", "sp.loggamma(#1)"},
    {"xlogy", "sp.Piecewise((0, sp.Eq(#1, 0)), (#1*sp.log(#2), True))"},
    {"sinc", "sp.Piecewise((1, sp.Eq(#1, 0)), (sp.sin(#1)/#1, True))"},
    {"cbrt", "sp.real_root(#1, 3)"},
    {"root", "sp.sqrt(#1)"},
    {"max_const", "sp.Max(#1, #2)"},
    {"min_const", "sp.Min(#1, #2)"},
    {"leaky_relu", "sp.Piecewise((#1/100, #1 <= 0), (#1, True))"},
    {"elu", "sp.Piecewise((#1, #1 > 0), (sp.exp(#1) - 1, True))"},
    {"floor_div", "#1//#2"},
    {"exact_div", "#1//#2"},
    {"mod", "#1 % #2"},
    {"integer_pow", "#1**#2"},
    {"equal", "sp.Eq(#1, #2)"},
    {"not_equal", "sp.Ne(#1, #2)"},
    {"less", "(#1 < #2)"},
    {"less_equal", "(#1 <= #2)"},
    {"and", "sp.And(#1, #2)"},
    {"or", "sp.Or(#1, #2)"},
    {"not", "sp.Not(#1)"},
};
constexpr std::string_view same_name[] = {"sin",   "cos",   "tan",     "asin",     "acos",     "atan",
                                          "atan2", "sinh",  "cosh",    "tanh",     "asinh",    "acosh",
                                          "atanh", "exp",   "log",     "sqrt",     "erf",      "erfc",
                                          "sign",  "floor", "digamma", "trigamma", "polygamma"};

constexpr std::string_view keywords[] = {
    "False",    "None",   "True",  "and",  "as",     "assert",   "async", "await",  "break",  "class",
    "continue", "def",    "del",   "elif", "else",   "except",   "for",   "from",   "global", "finally",
    "if",       "import", "in",    "is",   "lambda", "nonlocal", "not",   "or",     "pass",   "raise",
    "return",   "try",    "while", "with", "yield",  "sp",       "cache", "choose", "range",  "sum"};

// Which operators of Python bind tighter.
enum : int { lowest, of_sum, after_sum, of_product, after_product, of_sign, of_power, after_power, of_atom };

class SympyWriter {
 public:
  explicit SympyWriter(const System& system)
      : system_(system),
        c_(system.context()),
        circles_(in_circles(system)),
        indices_(system.context(), tensor_names(system)) {
    for (std::string_view word : keywords) used_.insert(std::string(word));
  }

  Result<std::string> run() {
    // All names first: an index then keeps clear of them.
    for (const Definition& d : system_.definitions()) {
      for (DimId dim : c_.tensor(d.tensor).dims) dim_name(dim);
      for (TensorId read : reads(d)) name_of(read);
      name_of(d.tensor);
    }
    std::vector<std::string> equations;
    for (const Definition& d : system_.definitions()) equations.push_back(equation(d));
    if (!fault_.empty())
      return error_at(DiagnosticCode::E616, "--format sympy", "SymPy has no form for " + fault_,
                      "`--of` and `--wrt` choose other quantities; `--format text` prints all");
    std::string out =
        "# Given quantities are symbols, equations are expressions, or functions of subscripts from 0 on.\n";
    if (concrete()) out += "from functools import cache\n";
    out += "import sympy as sp\n\n";
    if (concrete()) out += choose_function;
    for (const auto& line : dims_) out += line + "\n";
    for (const auto& line : given_) out += line + "\n";
    for (const std::string& text : equations) out += "\n" + text;
    return out;
  }

 private:
  static constexpr std::string_view choose_function =
      "def choose(condition, yes, no):\n"
      "    # Only the side that counts is computed: so recurrences end.\n"
      "    if condition in (True, False):\n"
      "        return yes() if condition else no()\n"
      "    return sp.Piecewise((yes(), condition), (no(), True))\n\n";

  struct Term {
    Expr e;
    int needs = lowest;
  };
  struct Leave {
    std::size_t binders;
  };
  struct Enter {
    Expr reduce;
  };
  using Task = std::variant<std::string, Term, Enter, Leave>;

  // Recurrences cannot be called with symbols for positions: their sums are written out.
  bool concrete() const { return !circles_.empty(); }

  std::string identifier(std::string_view name) {
    std::string made;
    for (char c : name)
      made += (static_cast<unsigned char>(c) & 0x80) || std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
    if (made.empty() || std::isdigit(static_cast<unsigned char>(made[0]))) made = "_" + made;
    while (!used_.insert(made).second) made += "_";
    return made;
  }

  std::string name_of(TensorId id) {
    if (const auto known = names_.find(id); known != names_.end()) return known->second;
    const Tensor& t = c_.tensor(id);
    std::string name = t.name;
    if (const auto derivative = derivative_of(c_, id); derivative && derivative->is_whole) {
      name = "d" + c_.tensor(derivative->base).name;
      for (TensorId wrt : derivative->wrt) name += "_d" + c_.tensor(wrt).name;
    }
    name = identifier(name);
    names_.emplace(id, name);
    if (system_.find(id)) return name;
    const std::string_view kind = t.type == Type::integer ? "integer=True" : "real=True";
    if (t.dims.empty()) {
      given_.push_back(fmt::format("{0} = sp.Symbol(\"{0}\", {1})", name, kind));
    } else {
      std::string shape;
      for (DimId dim : t.dims) shape += (shape.empty() ? "" : ", ") + dim_name(dim);
      if (t.dims.size() == 1) shape += ",";
      given_.push_back(fmt::format("{0} = sp.IndexedBase(\"{0}\", shape=({1}), {2})", name, shape, kind));
    }
    return name;
  }

  std::string dim_name(DimId id) {
    if (const auto known = dim_names_.find(id); known != dim_names_.end()) return known->second;
    const Dim& dim = c_.dim(id);
    std::string value;
    if (dim.kind == Dim::Kind::run_time || !dim.size)
      value = concrete() ? "sp.Integer(4)  # a size of your choice" : "";
    else if (dim.size->is_constant())
      value = "sp.Integer(" + dim.size->value->to_string() + ")";
    else
      value = term({dim.size, lowest});
    const std::string name = identifier(dim.name);
    dim_names_.emplace(id, name);
    dims_.push_back(value.empty() ? fmt::format("{0} = sp.Symbol(\"{0}\", integer=True, positive=True)", name)
                                  : name + " = " + value);
    return name;
  }

  std::string index_name(Index index) {
    std::string name = indices_.of(index);
    while (used_.contains(name)) name += "_";
    return name;
  }

  std::string equation(const Definition& d) {
    const Define* define = d.define();
    if (!define) {
      fault_ = std::holds_alternative<Noise>(d.rule) ? "noise" : "functions of whole matrices";
      return "";
    }
    const Tensor& t = c_.tensor(d.tensor);
    indices_.begin(t.dims, d.index_names);
    symbols_.clear();
    const std::string value = term({define->value, lowest});
    const std::string name = name_of(d.tensor);
    std::string before;
    const std::string margin = t.dims.empty() ? "" : "    ";
    for (const std::string& symbol : symbols_)
      before += fmt::format("{0}{1} = sp.Dummy(\"{1}\", integer=True)\n", margin, symbol);
    if (t.dims.empty()) return before + name + " = " + value + "\n";
    std::string parameters;
    for (std::size_t k = 0; k < t.dims.size(); ++k) {
      const std::string index = index_name(Index::slot(static_cast<std::int32_t>(k), t.dims[k]));
      parameters += (k > 0 ? ", " : "") + index;
    }
    return fmt::format("{}def {}({}):\n{}    return {}\n", concrete() ? "@cache\n" : "", name, parameters,
                       before, value);
  }

  // ---- terms, with a stack of what is still to be written
  std::string term(Term root) {
    std::string outer = std::exchange(out_, "");
    std::vector<Task> saved = std::exchange(tasks_, {});
    tasks_.emplace_back(root);
    while (!tasks_.empty()) {
      Task task = std::move(tasks_.back());
      tasks_.pop_back();
      batch_.clear();
      if (auto* text = std::get_if<std::string>(&task)) out_ += *text;
      if (auto* e = std::get_if<Term>(&task)) write(*e);
      if (auto* enter = std::get_if<Enter>(&task)) bind(enter->reduce);
      if (auto* leave = std::get_if<Leave>(&task)) indices_.leave(leave->binders);
      tasks_.insert(tasks_.end(), std::make_move_iterator(batch_.rbegin()),
                    std::make_move_iterator(batch_.rend()));
    }
    tasks_ = std::move(saved);
    return std::exchange(out_, std::move(outer));
  }
  void then(std::string text) { batch_.emplace_back(std::move(text)); }
  void then(Expr e, int needs = lowest) { batch_.emplace_back(Term{e, needs}); }

  void write(const Term& t) {
    const Expr e = t.e;
    switch (e->kind) {
      case ExprKind::constant: return constant(e, t.needs);
      case ExprKind::position: return then(index_name(e->index));
      case ExprKind::size: return then(dim_name(e->dim));
      case ExprKind::access: return access(e);
      case ExprKind::apply: return apply(e, t.needs);
      case ExprKind::choose: return choice(e->condition(), e->on_true(), e->on_false());
      case ExprKind::reduce: batch_.emplace_back(Enter{e}); return;
    }
  }

  void constant(Expr e, int needs) {
    if (e->type == Type::boolean) return then(std::string(e->is_constant(1) ? "True" : "False"));
    const Rational& value = *e->value;
    if (!value.denominator().is_one())
      return then(
          fmt::format("sp.Rational({}, {})", value.numerator().to_string(), value.denominator().to_string()));
    const bool brackets = value.sign() < 0 && needs > lowest;
    then((brackets ? "(" : "") + value.to_string() + (brackets ? ")" : ""));
  }

  void access(Expr e) {
    const std::string name = name_of(e->tensor);
    if (e->arguments().empty()) return then(name);
    const bool defined = system_.find(e->tensor) != nullptr;
    then(name + (defined ? "(" : "["));
    for (std::size_t k = 0; k < e->arguments().size(); ++k) {
      if (k > 0) then(std::string(", "));
      then(e->arguments()[k]);
    }
    then(std::string(defined ? ")" : "]"));
  }

  void apply(Expr e, int needs) {
    struct Infix {
      const Operator* op;
      std::string_view sign;
      int binds, left, right;
    };
    const Infix infix[] = {{&op_add, " + ", of_sum, of_sum, of_sum},
                           {&op_sub, " - ", of_sum, of_sum, after_sum},
                           {&op_mul, "*", of_product, of_product, of_product},
                           {&op_div, "/", of_product, of_product, after_product},
                           {&op_pow, "**", of_power, after_power, after_power}};
    for (const Infix& i : infix)
      if (e->is(*i.op)) {
        if (i.binds < needs) then(std::string("("));
        then(e->operands[0], i.left);
        then(std::string(i.sign));
        then(e->operands[1], i.right);
        if (i.binds < needs) then(std::string(")"));
        return;
      }
    if (e->is(op_neg)) {
      if (of_sign < needs) then(std::string("("));
      then(std::string("-"));
      then(e->operands[0], of_product);
      if (of_sign < needs) then(std::string(")"));
      return;
    }
    const std::string form = sympy_form(*e->op);
    if (form.empty()) fault_ = fmt::format("`{}`", e->op->name.empty() ? e->op->id : e->op->name);
    if (form == "#1") return then(e->operands[0], needs);
    const bool atom = (form.starts_with("sp.") || form.starts_with('(')) &&
                      (form.ends_with(')') || form == "sp.pi") && form.find(") ") == form.npos;
    if (!atom && needs > lowest) then(std::string("("));
    std::string text;
    for (std::size_t k = 0; k < form.size(); ++k) {
      if (form[k] != '#') {
        text += form[k];
        continue;
      }
      const auto which = static_cast<std::size_t>(form[k + 1] - '1');
      const bool alone = k > 0 &&
                         (form[k - 1] == '(' || (k > 1 && form[k - 1] == ' ' && form[k - 2] == ',')) &&
                         k + 2 < form.size() && (form[k + 2] == ')' || form[k + 2] == ',');
      then(std::exchange(text, ""));
      then(e->operands[which], alone ? lowest : of_atom);
      ++k;
    }
    then(text + (!atom && needs > lowest ? ")" : ""));
  }

  void choice(Expr condition, Expr yes, Expr no) {
    const bool lazy = concrete();
    then(std::string(lazy ? "choose(" : "sp.Piecewise(("));
    then(lazy ? condition : yes);
    then(std::string(lazy ? ", lambda: " : ", "));
    then(lazy ? yes : condition);
    then(std::string(lazy ? ", lambda: " : "), ("));
    then(no);
    then(std::string(lazy ? ")" : ", True))"));
  }

  void bind(Expr e) {
    const bool is_sum = e->is(reduce_sum) || e->is(reduce_integer_sum), lse = e->is(reduce_logsumexp);
    const bool sums = is_sum || lse, product = e->is(reduce_prod);
    const bool in_range = concrete() || !(sums || product);
    std::string_view function = sums      ? (in_range ? "sp.Add" : "sp.Sum")
                                : product ? (in_range ? "sp.Mul" : "sp.Product")
                                          : "";
    if (e->is(reduce_max) || e->is(reduce_integer_max)) function = "sp.Max";
    if (e->is(reduce_min) || e->is(reduce_integer_min)) function = "sp.Min";
    if (e->is(reduce_any)) function = "sp.Or";
    if (e->is(reduce_all)) function = "sp.And";
    const bool guarded = !e->guard()->is_constant(1);
    if (function.empty() || (guarded && !(sums || product)))
      fault_ = fmt::format("`{}` over positions{}", e->reduction->name, guarded ? " under a condition" : "");
    std::vector<std::string> names;
    for (std::size_t k = 0; k < e->binders.size(); ++k) {
      indices_.enter(e, k);
      names.push_back(index_name(e->binders[k]));
      if (!in_range && std::ranges::find(symbols_, names[k]) == symbols_.end()) symbols_.push_back(names[k]);
    }
    then(std::string(lse ? "sp.log(" : "") + std::string(function) + (in_range ? "(*[" : "("));
    const Expr neutral = c_.constant(product ? 1 : 0, e->body()->type);
    Expr body = e->body();
    if (lse) body = exp(body);
    if (guarded)
      choice(e->guard(), body, neutral);
    else
      then(body);
    for (std::size_t k = 0; k < names.size(); ++k) {
      then(in_range ? " for " + names[k] + " in range(" : ", (" + names[k] + ", ");
      then(e->lower(k));
      then(std::string(", "));
      then(in_range ? e->upper(k) : last_of(e->upper(k)));
      then(std::string(")"));
    }
    then(std::string(in_range ? "])" : ")") + (lse ? ")" : ""));
    batch_.emplace_back(Leave{names.size()});
  }

  const System& system_;
  Context& c_;
  std::unordered_set<TensorId> circles_;
  IndexNames indices_;
  std::set<std::string> used_;
  std::map<TensorId, std::string> names_;
  std::map<DimId, std::string> dim_names_;
  std::vector<std::string> dims_, given_, symbols_;
  std::string fault_, out_;
  std::vector<Task> tasks_, batch_;
};

}  // namespace

std::string sympy_form(const Operator& op) {
  for (const auto& [id, form] : forms)
    if (op.id == id) return std::string(form);
  if (std::ranges::find(same_name, op.id) == std::end(same_name)) return "";
  std::string form = "sp." + std::string(op.id) + "(";
  for (int k = 1; k <= op.arity; ++k) form += (k > 1 ? ", #" : "#") + std::to_string(k);
  return form + ")";
}

Result<std::string> sympy_script(const System& system) { return SympyWriter(system).run(); }

}  // namespace gradc
