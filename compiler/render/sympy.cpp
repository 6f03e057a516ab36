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
#include "compiler/operators/noise.h"
#include "compiler/render/index_names.h"
#include "compiler/render/notation.h"
#include "compiler/render/sympy_forms.h"
#include "compiler/render/term_printer_class.h"

namespace gradc {
namespace {

// Which operators of Python bind tighter.
enum : int { lowest, of_sum, after_sum, of_product, after_product, of_sign, of_power, after_power, of_atom };

class SympyWriter {
 public:
  // `noise`: what is drawn, of which `system` says nothing.
  SympyWriter(const System& system, const System& noise)
      : system_(system),
        noise_(noise),
        c_(system.context()),
        circles_(in_circles(system)),
        indices_(system.context(), tensor_names(system)) {
    has_calls_ = std::ranges::any_of(
        system.definitions(), [](const Definition& d) { return std::holds_alternative<Call>(d.rule); });
    for (std::string_view word : sympy_keywords()) used_.insert(std::string(word));
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
    if (has_calls_) out += sympy_matrix_functions();
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

  // Recurrences and matrices cannot be asked with symbols for positions: their sums are written out.
  bool concrete() const { return has_calls_ || !circles_.empty(); }

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
      given_.push_back(fmt::format("{0} = sp.Symbol(\"{0}\", {1}){2}", name, kind, how_drawn(id)));
    } else {
      std::string shape;
      for (DimId dim : t.dims) shape += (shape.empty() ? "" : ", ") + dim_name(dim);
      if (t.dims.size() == 1) shape += ",";
      given_.push_back(fmt::format("{0} = sp.IndexedBase(\"{0}\", shape=({1}), {2}){3}", name, shape, kind,
                                   how_drawn(id)));
    }
    return name;
  }

  // What a sample is, the caller says; from where it would come, a comment.
  std::string how_drawn(TensorId id) const {
    const Definition* d = noise_.find(id);
    const Noise* noise = d ? std::get_if<Noise>(&d->rule) : nullptr;
    if (!noise) return "";
    std::string parameters;
    for (const Expr e : noise->parameters) {
      parameters += (parameters.empty() ? "" : ", ") + text(e);
      if (is_compared(*noise)) break;  // the other is how it is drawn
    }
    return fmt::format("  # drawn: {}({})", gradc::name_of(noise->distribution), parameters);
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
    if (const Call* call = std::get_if<Call>(&d.rule)) return whole(d, *call);
    const Define* define = d.define();
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
    return function(name, slots(t.dims, t.dims.size()), before, value);
  }

  std::string function(const std::string& name, const std::string& parameters, const std::string& before,
                       const std::string& value) const {
    return fmt::format("{}def {}({}):\n{}    return {}\n", concrete() ? "@cache\n" : "", name, parameters,
                       before, value);
  }

  std::string slot(const std::vector<DimId>& dims, std::size_t k) {
    return index_name(Index::slot(static_cast<std::int32_t>(k), dims[k]));
  }
  std::string slots(const std::vector<DimId>& dims, std::size_t count) {
    std::string names;
    for (std::size_t k = 0; k < count; ++k) names += (k > 0 ? ", " : "") + slot(dims, k);
    return names;
  }

  // A function of matrices: its value as a matrix, and a function that has the elements.
  std::string whole(const Definition& d, const Call& call) {
    const std::vector<DimId>& dims = c_.tensor(d.tensor).dims;
    const std::size_t lead = leading_axes(c_, call);
    indices_.begin(dims, d.index_names);
    const std::string name = name_of(d.tensor), before = slots(dims, lead);
    std::vector<std::string> arguments, columns, positions;
    for (const TensorId t : call.arguments) {
      std::vector<std::string> sizes;
      for (std::size_t k = lead; k < c_.tensor(t).rank(); ++k)
        sizes.push_back(dim_name(c_.tensor(t).dims[k]));
      arguments.push_back(sympy_matrix(name_of(t), system_.find(t) != nullptr, before, sizes));
    }
    const std::string value = sympy_call(*call.op, arguments);
    if (value.empty()) fault_ = fmt::format("`{}`", call.op->id);
    if (dims.empty()) return name + " = " + value + "\n";
    if (dims.size() == lead) return function(name, before, "", value);
    for (std::size_t k = lead; k < dims.size(); ++k) positions.push_back(slot(dims, k));
    for (std::size_t k = lead + 1; k < dims.size(); ++k) columns.push_back(dim_name(dims[k]));
    const std::string all = identifier(c_.tensor(d.tensor).name + "_whole");
    return function(all, before, "", value) + "\n" +
           function(name, slots(dims, dims.size()), "",
                    sympy_element(all + "(" + before + ")", positions, columns));
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
  const System& noise_;
  Context& c_;
  bool has_calls_ = false;
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

Result<std::string> sympy_script(const System& system) {
  return SympyWriter(given_noise(system), system).run();
}

}  // namespace gradc
