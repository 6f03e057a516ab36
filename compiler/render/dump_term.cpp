// Printing with a stack of tasks in place of recursion: terms are deep.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/dump_term.h"

#include <algorithm>
#include <variant>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/render/dump_syntax.h"
#include "compiler/support/check.h"

namespace gradc {
namespace {

using enum Precedence;

constexpr std::int64_t long_term = 1000;  // nodes as a tree, from which on repeated terms are named
constexpr std::int64_t named_term = 4;    // the least that is worth a name
constexpr Precedence bracketed = static_cast<Precedence>(static_cast<int>(atom) + 1);
constexpr int deepest = 512;  // nesting in one piece; the reader has a limit too

struct Term {
  Expr e;
  Precedence hole;
  bool typed;
};
struct Block {
  Expr e;
  bool typed;
};  // a term at the outermost place of a scope: may begin with {$1 := …;
struct Bind {
  Expr reduce;
  std::size_t k;
};  // prints the binder's name and range
struct Name {
  Expr e;
  std::string name;
};  // from here on, the term is `name`
struct Leave {
  std::size_t binders;
  std::vector<Expr> named;
};
using Task = std::variant<std::string, Term, Block, Bind, Name, Leave>;

Precedence binds(Expr e) {
  switch (e->kind) {
    case ExprKind::constant:
      if (e->type == Type::boolean) return atom;
      if (!e->value->is_integer()) return product;
      return e->value->sign() < 0 ? unary : atom;
    case ExprKind::position:
    case ExprKind::size:
    case ExprKind::access: return atom;
    case ExprKind::apply:
      if (const InfixOperator* i = infix(*e->op)) return i->binds;
      if (e->is(op_neg)) return unary;
      return e->is(op_not) ? negation : atom;
    case ExprKind::choose: return choice;
    case ExprKind::reduce: return reduction;
  }
  GRADC_UNREACHABLE("an ExprKind");
}

class Printer {
 public:
  explicit Printer(DumpNames& names) : names_(names) {}

  std::string print(Expr root, bool typed) {
    measure(root);
    push(Block{root, typed});
    while (!tasks_.empty()) {
      Task task = std::move(tasks_.back());
      tasks_.pop_back();
      std::visit([this](auto& t) { run(t); }, task);
    }
    return std::move(out_);
  }

 private:
  void push(Task task) {
    batch_.push_back(std::move(task));
    flush();
  }
  // What a step prints, left to right.
  void then(Task task) { batch_.push_back(std::move(task)); }
  void flush() {
    for (auto task = batch_.rbegin(); task != batch_.rend(); ++task) tasks_.push_back(std::move(*task));
    batch_.clear();
  }

  void measure(Expr root) {
    for (Expr e : reachable_nodes(root)) {
      Size& size = sizes_[e];
      size.tree = 1;
      for (Expr operand : e->operands) {
        size.tree = std::min<std::int64_t>(size.tree + sizes_[operand].tree, 1'000'000'000);
        size.depth = std::max(size.depth, sizes_[operand].depth + 1);
      }
    }
  }

  void run(std::string& text) { out_ += text; }
  void run(Name& name) { named_[name.e] = name.name; }
  void run(Leave& leave) {
    names_.indices.leave(leave.binders);
    for (Expr e : leave.named) named_.erase(e);
  }

  void run(Block& block) {
    std::vector<Expr> named = worth_naming(block.e);
    if (named.empty()) {
      push(Term{block.e, lowest, block.typed});
      return;
    }
    then("{");
    for (Expr e : named) {
      std::string name = "$" + std::to_string(++names_.terms);
      then(name + " := ");
      then(Term{e, lowest, false});
      then("; ");
      then(Name{e, std::move(name)});
    }
    then(Term{block.e, lowest, block.typed});
    then("}");
    then(Leave{0, std::move(named)});
    flush();
  }

  // The terms below `root` that stand in it more than once (or nest too deeply) and use no index that is
  // bound below `root`.
  std::vector<Expr> worth_naming(Expr root) {
    std::vector<Expr> result;
    if (sizes_[root].tree < long_term && sizes_[root].depth < deepest) return result;
    std::unordered_map<Expr, int> uses;
    std::vector<Index> inner;
    std::vector<Expr> pending{root}, nodes;
    while (!pending.empty()) {
      const Expr e = pending.back();
      pending.pop_back();
      nodes.push_back(e);
      inner.insert(inner.end(), e->binders.begin(), e->binders.end());
      if (e != root && named_.contains(e)) continue;
      for (Expr operand : e->operands)
        if (uses[operand]++ == 0) pending.push_back(operand);
    }
    std::ranges::sort(inner);
    std::sort(nodes.begin(), nodes.end());
    for (Expr e : nodes) {
      const bool often = uses[e] > 1 && sizes_[e].tree >= named_term;
      const bool deep = sizes_[e].depth > 0 && sizes_[e].depth % deepest == 0;
      const bool closed =
          std::ranges::none_of(e->free, [&](Index i) { return std::ranges::binary_search(inner, i); });
      if ((often || deep) && closed && e != root && !named_.contains(e)) result.push_back(e);
    }
    return result;
  }

  void run(Bind& bind) {
    const Expr e = bind.reduce;
    const Index index = e->binders[bind.k];
    const bool whole = index.dim.valid() && e->lower(bind.k)->is_constant(0) &&
                       e->upper(bind.k)->kind == ExprKind::size && e->upper(bind.k)->dim == index.dim;
    out_ += quoted_name(names_.indices.enter(e, bind.k)) + " in ";
    if (index.dim.valid()) out_ += names_.dims[static_cast<std::size_t>(index.dim.value)];
    if (whole) return;
    if (index.dim.valid()) out_ += ": ";
    then(Term{e->lower(bind.k), sum, true});
    then("..<");
    then(Term{e->upper(bind.k), sum, true});
    flush();
  }

  void run(Term& term) {
    const Expr e = term.e;
    if (auto name = named_.find(e); name != named_.end()) {
      out_ += name->second;
      return;
    }
    const bool bracket = binds(e) < term.hole;
    if (bracket) then("(");
    switch (e->kind) {
      case ExprKind::constant: then(number(e, term.typed)); break;
      case ExprKind::position: then(quoted_name(names_.indices.of(e->index))); break;
      case ExprKind::size: then("#" + names_.dims[static_cast<std::size_t>(e->dim.value)]); break;
      case ExprKind::access:
        then(names_.tensors[static_cast<std::size_t>(e->tensor.value)]);
        if (!e->operands.empty()) list("[", e->operands, "]");
        break;
      case ExprKind::apply: apply(e, term.typed); break;
      case ExprKind::choose:
        then("if ");
        then(Term{e->condition(), disjunction, false});
        then(" then ");
        then(Term{e->on_true(), disjunction, term.typed});
        then(" else ");
        then(Term{e->on_false(), choice, term.typed});
        break;
      case ExprKind::reduce: reduce(e); break;
    }
    if (bracket) then(")");
    flush();
  }

  void list(std::string_view open, std::span<const Expr> items, std::string_view close) {
    then(std::string(open));
    for (std::size_t k = 0; k < items.size(); ++k) {
      if (k > 0) then(", ");
      then(Term{items[k], lowest, true});
    }
    then(std::string(close));
  }

  static std::string number(Expr e, bool typed) {
    if (e->type == Type::boolean) return e->value->is_zero() ? "false" : "true";
    std::string text = e->value->to_string();
    if (e->type == Type::real && e->value->is_integer() && !typed) text += ".0";
    return text;
  }

  void apply(Expr e, bool typed) {
    const std::span<const Expr> x = e->arguments();
    if (const InfixOperator* i = infix(*e->op)) {
      // The right side is read when the operator is known.
      const Typing t = e->op->typing;
      const bool right = t == Typing::real || t == Typing::integer || (t == Typing::arithmetic && typed);
      const bool left = t == Typing::comparison || t == Typing::logical ? false : typed;
      const bool tight = e->is(op_mul) || e->is(op_pow);
      then(Term{x[0], i->left, left});
      then(tight ? std::string(i->symbol) : " " + std::string(i->symbol) + " ");
      then(Term{x[1], i->right, right});
    } else if (e->is(op_neg)) {
      // -1 and -1^2 would be read as beginning with the number -1.
      const bool digits = x[0]->is_constant() || (x[0]->is(op_pow) && x[0]->operands[0]->is_constant());
      then("-");
      then(Term{x[0], digits ? bracketed : unary, typed});
    } else if (e->is(op_not)) {
      then("not ");
      then(Term{x[0], negation, false});
    } else if (e->op->typing == Typing::arithmetic || e->op->typing == Typing::comparison) {
      then(std::string(e->op->id) + "(");
      for (std::size_t k = 0; k < x.size(); ++k) {
        if (k > 0) then(", ");
        then(Term{x[k], lowest, typed && e->op->typing == Typing::arithmetic});
      }
      then(")");
    } else {
      then(std::string(e->op->id));
      list("(", x, ")");
    }
  }

  void reduce(Expr e) {
    then(std::string(e->reduction->name) + "(");
    for (std::size_t k = 0; k < e->binders.size(); ++k) {
      if (k > 0) then(", ");
      then(Bind{e, k});
    }
    if (!(e->guard()->is_constant(1))) {
      then(" if ");
      then(Term{e->guard(), disjunction, false});
    }
    then(") ");
    // A body worth naming terms in stands in its own braces, which bind like a bracket.
    const bool block = !worth_naming(e->body()).empty();
    if (block)
      then(Block{e->body(), true});
    else
      then(Term{e->body(), reduction, true});
    then(Leave{e->binders.size(), {}});
  }

  struct Size {
    std::int64_t tree = 1;
    int depth = 0;
  };

  DumpNames& names_;
  std::string out_;
  std::vector<Task> tasks_, batch_;
  std::unordered_map<Expr, Size> sizes_;
  std::unordered_map<Expr, std::string> named_;
};

}  // namespace

std::string dump_term(Expr e, DumpNames& names, bool typed) { return Printer(names).print(e, typed); }

}  // namespace gradc
