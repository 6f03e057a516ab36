// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "grammar/print_expr.h"

#include <algorithm>
#include <vector>

#include "compiler/support/overloaded.h"

namespace gradc::syntax {
namespace {

// What is still to be printed; expressions are taken apart only when they come to the front, so that depth
// costs no call stack.
struct Piece {
  std::string_view text;
  ExprId expr;
  bool operand = false;  // of an operator: in parentheses if they are wanted everywhere
};
class Pieces {
 public:
  void text(std::string_view text) { list_.push_back({text, {}, false}); }
  void expr(ExprId id) { list_.push_back({{}, id, false}); }
  void operand(ExprId id) { list_.push_back({{}, id, true}); }
  template <class List>
  void exprs(const List& ids) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (i > 0) text(", ");
      expr(ids[i]);
    }
  }
  std::vector<Piece>& list() { return list_; }

 private:
  std::vector<Piece> list_;
};

class ExprPrinter {
 public:
  ExprPrinter(std::string& out, const Program& program, Parentheses parentheses)
      : out_(out), program_(program), all_(parentheses == Parentheses::all) {}

  void print(Pieces pieces);
  void range(const Range& range, Pieces& pieces) const;
  void binder(const Binder& binder, Pieces& pieces) const;

 private:
  void pieces_of(const ExprKind& kind, Pieces& pieces) const;
  std::string_view text(const Spelled& name) const { return program_[name]; }

  std::string& out_;
  const Program& program_;
  bool all_;
};

bool is_composite(const ExprKind& kind) {
  return std::visit(overloaded{[](const Unary&) { return true; }, [](const Binary&) { return true; },
                               [](const Compare&) { return true; }, [](const Choice&) { return true; },
                               [](const Reduction&) { return true; }, [](const Iterate&) { return true; },
                               [](const Number&) { return false; }, [](const Name&) { return false; },
                               [](const Placeholder&) { return false; }, [](const Call&) { return false; },
                               [](const Subscript&) { return false; }, [](const Prime&) { return false; },
                               [](const Array&) { return false; }},
                    kind);
}

constexpr std::string_view primes = "''''''''''''''''";

void add_primes(std::uint32_t count, auto& pieces) {
  for (; count > primes.size(); count -= primes.size()) pieces.text(primes);
  pieces.text(primes.substr(0, count));
}

void ExprPrinter::range(const Range& range, Pieces& pieces) const {
  pieces.expr(range.first);
  if (range.is_dim()) return;
  pieces.text("..");
  pieces.expr(range.last);
}

void ExprPrinter::binder(const Binder& binder, Pieces& pieces) const {
  pieces.text(text(binder.name));
  if (!binder.range) return;
  pieces.text(" in ");
  range(*binder.range, pieces);
}

void ExprPrinter::pieces_of(const ExprKind& kind, Pieces& pieces) const {
  std::visit(overloaded{
                 [&](const Number& e) { pieces.text(program_[e.text]); },
                 [&](const Name& e) { pieces.text(program_[e.name]); },
                 [&](const Placeholder&) { pieces.text("_"); },
                 [&](const Call& e) {
                   pieces.text(text(e.callee));
                   add_primes(e.primes, pieces);
                   pieces.text("(");
                   for (std::size_t i = 0; i < e.arguments.size(); ++i) {
                     if (i > 0) pieces.text(", ");
                     if (e.arguments[i].name.valid()) {
                       pieces.text(text(e.arguments[i].name));
                       pieces.text(" = ");
                     }
                     pieces.expr(e.arguments[i].value);
                   }
                   pieces.text(")");
                 },
                 [&](const Subscript& e) {
                   pieces.operand(e.base);
                   pieces.text("[");
                   pieces.exprs(e.subscripts);
                   pieces.text("]");
                 },
                 [&](const Prime& e) {
                   pieces.operand(e.base);
                   add_primes(e.count, pieces);
                 },
                 [&](const Unary& e) {
                   pieces.text(e.op == UnaryOp::logical_not ? "not " : "-");
                   pieces.operand(e.operand);
                 },
                 [&](const Binary& e) {
                   const bool tight = e.op == BinaryOp::power;
                   pieces.operand(e.left);
                   if (!tight) pieces.text(" ");
                   pieces.text(spelling(e.op));
                   if (!tight) pieces.text(" ");
                   pieces.operand(e.right);
                 },
                 [&](const Compare& e) {
                   for (std::size_t i = 0; i < e.operands.size(); ++i) {
                     if (i > 0) {
                       pieces.text(" ");
                       pieces.text(spelling(e.ops[i - 1]));
                       pieces.text(" ");
                     }
                     pieces.operand(e.operands[i]);
                   }
                 },
                 [&](const Choice& e) {
                   pieces.text("if ");
                   pieces.operand(e.condition);
                   pieces.text(" then ");
                   pieces.operand(e.taken);
                   pieces.text(" else ");
                   pieces.operand(e.otherwise);
                 },
                 [&](const Reduction& e) {
                   pieces.text(spelling(e.op));
                   pieces.text("(");
                   for (std::size_t i = 0; i < e.bound.size(); ++i) {
                     if (i > 0) pieces.text(", ");
                     binder(e.bound[i], pieces);
                   }
                   if (e.filter.valid()) {
                     pieces.text(" if ");
                     pieces.operand(e.filter);
                   }
                   pieces.text(") ");
                   pieces.operand(e.body);
                 },
                 [&](const Array& e) {
                   pieces.text("[");
                   pieces.exprs(e.elements);
                   pieces.text("]");
                 },
                 [&](const Iterate& e) {
                   pieces.text(e.implicit ? "iterate implicit " : "iterate ");
                   for (std::size_t i = 0; i < e.states.size(); ++i) {
                     if (i > 0) pieces.text(", ");
                     pieces.text(text(e.states[i].name));
                     pieces.text(" = ");
                     pieces.operand(e.states[i].first);
                     pieces.text(" to ");
                     pieces.operand(e.states[i].next);
                   }
                   pieces.text(" until ");
                   pieces.operand(e.until);
                   pieces.text(" at most ");
                   pieces.operand(e.at_most);
                 },
             },
             kind);
}

void ExprPrinter::print(Pieces first) {
  std::vector<Piece> todo = std::move(first.list());
  std::reverse(todo.begin(), todo.end());
  while (!todo.empty()) {
    const Piece piece = todo.back();
    todo.pop_back();
    if (!piece.expr.valid()) {
      out_ += piece.text;
      continue;
    }
    const Expr& expr = program_[piece.expr];
    Pieces pieces;
    const bool parentheses = expr.parenthesized || (all_ && piece.operand && is_composite(expr.kind));
    if (parentheses) pieces.text("(");
    pieces_of(expr.kind, pieces);
    if (parentheses) pieces.text(")");
    todo.insert(todo.end(), pieces.list().rbegin(), pieces.list().rend());
  }
}

}  // namespace

void append_expr(std::string& out, const Program& program, ExprId expr, Parentheses parentheses) {
  Pieces pieces;
  pieces.expr(expr);
  ExprPrinter(out, program, parentheses).print(std::move(pieces));
}

void append_range(std::string& out, const Program& program, const Range& range, Parentheses parentheses) {
  ExprPrinter printer(out, program, parentheses);
  Pieces pieces;
  printer.range(range, pieces);
  printer.print(std::move(pieces));
}

void append_binder(std::string& out, const Program& program, const Binder& binder, Parentheses parentheses) {
  ExprPrinter printer(out, program, parentheses);
  Pieces pieces;
  printer.binder(binder, pieces);
  printer.print(std::move(pieces));
}

}  // namespace gradc::syntax
