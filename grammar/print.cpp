// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "grammar/print.h"

#include <vector>

#include "compiler/support/overloaded.h"
#include "grammar/print_expr.h"

namespace gradc::syntax {
namespace {

class Printer {
 public:
  Printer(const Program& program, Parentheses parentheses) : program_(program), parentheses_(parentheses) {}

  void expr(ExprId id) { append_expr(out_, program_, id, parentheses_); }
  void statement(const Statement& statement);
  std::string take() { return std::move(out_); }

 private:
  template <class List, class Print>
  void list(const List& items, Print print) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) out_ += ", ";
      print(items[i]);
    }
  }
  void spelled(const Spelled& name) { out_ += program_[name]; }
  void axes(const std::vector<ExprId>& axes);
  void subscripts(const std::vector<LeftSubscript>& subscripts);
  void member_of(const Spelled& dim);
  void left(const Left& left);
  void lefts(const std::vector<Left>& lefts);
  void tail(const Tail& tail);
  void equation(std::string_view head, const Spelled& name, ExprId value, const Tail& tail);
  void kind(const StatementKind& kind);

  const Program& program_;
  Parentheses parentheses_;
  std::string out_;
};

void Printer::axes(const std::vector<ExprId>& axes) {
  if (axes.empty()) return;
  out_ += "[";
  list(axes, [&](ExprId axis) { expr(axis); });
  out_ += "]";
}

void Printer::subscripts(const std::vector<LeftSubscript>& subscripts) {
  if (subscripts.empty()) return;
  out_ += "[";
  list(subscripts, [&](const LeftSubscript& subscript) {
    expr(subscript.at);
    if (!subscript.range) return;
    out_ += " in ";
    append_range(out_, program_, *subscript.range, parentheses_);
  });
  out_ += "]";
}

void Printer::member_of(const Spelled& dim) {
  if (!dim.valid()) return;
  out_ += " in ";
  spelled(dim);
}

void Printer::left(const Left& left) {
  spelled(left.name);
  if (left.is_function) {
    out_ += "(";
    list(left.parameters, [&](const Parameter& parameter) {
      spelled(parameter.name);
      axes(parameter.axes);
      member_of(parameter.member_of);
    });
    out_ += ")";
  }
  subscripts(left.subscripts);
  member_of(left.member_of);
}

void Printer::lefts(const std::vector<Left>& lefts) {
  if (lefts.size() > 1) out_ += "(";
  list(lefts, [&](const Left& one) { left(one); });
  if (lefts.size() > 1) out_ += ")";
}

void Printer::tail(const Tail& tail) {
  if (!tail.locals.empty()) {
    out_ += " where ";
    list(tail.locals, [&](const Local& local) {
      lefts(local.lefts);
      out_ += " = ";
      expr(local.value);
    });
  }
  if (!tail.ranges.empty()) {
    out_ += " for ";
    list(tail.ranges, [&](const Binder& range) { append_binder(out_, program_, range, parentheses_); });
  }
}

void Printer::equation(std::string_view head, const Spelled& name, ExprId value, const Tail& after) {
  out_ += head;
  if (name.valid()) {
    spelled(name);
    out_ += " = ";
  }
  expr(value);
  tail(after);
}

void Printer::kind(const StatementKind& kind) {
  std::visit(overloaded{
                 [&](const Dim& s) {
                   out_ += "dim ";
                   list(s.items, [&](const DimItem& item) {
                     spelled(item.name);
                     if (!item.value.valid()) return;
                     out_ += " = ";
                     expr(item.value);
                   });
                 },
                 [&](const Seq& s) {
                   out_ += "seq ";
                   list(s.names, [&](const Spelled& name) { spelled(name); });
                 },
                 [&](const Declaration& s) {
                   out_ += spelling(s.role);
                   out_ += " ";
                   list(s.items, [&](const Item& item) {
                     spelled(item.name);
                     axes(item.axes);
                     member_of(item.member_of);
                     if (item.value.valid()) out_ += " = ", expr(item.value);
                     if (item.init.valid()) out_ += " init ", expr(item.init);
                     if (!item.columns.empty()) out_ += " ";
                     list(item.columns, [&](const Spelled& column) { out_ += '"' + program_[column] + '"'; });
                   });
                 },
                 [&](const Noise& s) {
                   out_ += "noise ";
                   list(s.items, [&](const NoiseItem& item) {
                     spelled(item.name);
                     axes(item.axes);
                     out_ += " ~ ";
                     expr(item.distribution);
                   });
                 },
                 [&](const Equation& s) {
                   lefts(s.lefts);
                   out_ += s.further.empty() ? " = " : " = (";
                   expr(s.value);
                   for (ExprId result : s.further) {
                     out_ += ", ";
                     expr(result);
                   }
                   if (!s.further.empty()) out_ += ")";
                   tail(s.tail);
                 },
                 [&](const Deriv& s) {
                   out_ += s.unchecked ? "unchecked deriv " : "deriv ";
                   spelled(s.parameter);
                   subscripts(s.subscripts);
                   out_ += ": ";
                   expr(s.value);
                   tail(s.tail);
                 },
                 [&](const Minimize& s) { equation("minimize ", s.name, s.value, s.tail); },
                 [&](const Penalty& s) { equation("penalty ", s.name, s.value, s.tail); },
                 [&](const Metric& s) { equation("metric ", s.name, s.value, s.tail); },
                 [&](const Check& s) {
                   out_ += "check ";
                   expr(s.condition);
                 },
                 [&](const Claim& s) {
                   out_ += "claim ";
                   expr(s.left);
                   out_ += " = ";
                   expr(s.right);
                   tail(s.tail);
                 },
                 [&](const Train& s) {
                   out_ += "train {\n";
                   for (const Setting& setting : s.settings) {
                     out_ += "  ";
                     spelled(setting.name);
                     out_ += " = ";
                     if (setting.string.valid())
                       out_ += '"' + program_[setting.string] + '"';
                     else
                       expr(setting.value);
                     out_ += "\n";
                   }
                   out_ += "}";
                 },
                 [&](const Use& s) { out_ += "use \"" + program_[s.path] + '"'; },
             },
             kind);
}

void Printer::statement(const Statement& statement) {
  kind(statement.kind);
  out_ += "\n";
}

}  // namespace

std::string print(const Program& program, Parentheses parentheses) {
  Printer printer(program, parentheses);
  for (const Statement& statement : program.statements)
    if (statement.range.file == program.statements.front().range.file) printer.statement(statement);
  return printer.take();
}

std::string print(const Program& program, const Statement& statement, Parentheses parentheses) {
  Printer printer(program, parentheses);
  printer.statement(statement);
  return printer.take();
}

std::string print(const Program& program, ExprId expr, Parentheses parentheses) {
  Printer printer(program, parentheses);
  printer.expr(expr);
  return printer.take();
}

}  // namespace gradc::syntax
