// Expressions as one reads them, for these tests: "3*(x^2 + x)^2*(2*x + 1)".
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>

#include "compiler/equations/context.h"
#include "compiler/operators/build.h"

namespace gradc::test {

inline std::string index_name(Index i) {
  return std::string(1, i.kind == Index::Kind::slot ? 'i' : 'k') + std::to_string(i.number);
}

// Recursive: tests print small things.
inline std::string print(Expr e, Precedence at_least = Precedence::lowest) {
  const Context& c = *e->context;
  switch (e->kind) {
    case ExprKind::constant: {
      if (e->type == Type::boolean) return e->is_constant(1) ? "true" : "false";
      const std::string number = e->value->to_string();
      const bool tight = number.find_first_of("-/") == std::string::npos || at_least <= Precedence::sum;
      return tight ? number : "(" + number + ")";
    }
    case ExprKind::position: return index_name(e->index);
    case ExprKind::size: return c.dim(e->dim).name;
    case ExprKind::access: {
      std::string text = c.tensor(e->tensor).name;
      for (std::size_t k = 0; k < e->operands.size(); ++k) text += (k ? ", " : "[") + print(e->operands[k]);
      return e->operands.empty() ? text : text + "]";
    }
    case ExprKind::apply: {
      if (e->is(op_to_real)) return print(e->operands[0], at_least);
      std::string text;
      const std::string_view form = e->op->text.form;
      for (std::size_t i = 0; i < form.size(); ++i) {
        if (form[i] != '#') {
          text += form[i];
          continue;
        }
        const auto k = static_cast<std::size_t>(form[++i] - '1');
        text += print(e->operands[k], e->op->text.holes[k]);
      }
      return e->op->text.binds < at_least ? "(" + text + ")" : text;
    }
    case ExprKind::choose: {
      const std::string text =
          "if " + print(e->condition()) + " then " + print(e->on_true()) + " else " + print(e->on_false());
      return at_least > Precedence::choice ? "(" + text + ")" : text;
    }
    case ExprKind::reduce: {
      std::string text = std::string(e->reduction->name) + "(";
      for (std::size_t k = 0; k < e->binders.size(); ++k) {
        text += (k ? ", " : "") + index_name(e->binders[k]);
        if (!e->lower(k)->is_constant(0) || e->upper(k)->kind != ExprKind::size)
          text += " in " + print(e->lower(k)) + " .. <" + print(e->upper(k));
      }
      if (!e->guard()->is_constant(1)) text += " if " + print(e->guard());
      text += ") " + print(e->body(), Precedence::product);
      return at_least > Precedence::reduction ? "(" + text + ")" : text;
    }
  }
  return "";
}

}  // namespace gradc::test
