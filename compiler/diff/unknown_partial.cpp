// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/diff/unknown_partial.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "compiler/diff/dependence.h"
#include "compiler/equations/definition.h"
#include "compiler/equations/operator.h"
#include "compiler/equations/walk.h"
#include "compiler/operators/stated.h"

namespace gradc {
namespace {

// Walks what a derivative of the root goes through: from a node to those of its operands that vary. Appends
// the tensors that are read on the way.
const Operator* walk(Expr root, Varied& varied, int order, std::vector<TensorId>& reads) {
  NodeSet seen;
  seen.clear();
  std::vector<Expr> stack;
  const auto visit = [&](Expr e) {
    if (varied(e) && seen.insert(e)) stack.push_back(e);
  };
  visit(root);
  while (!stack.empty()) {
    const Expr e = stack.back();
    stack.pop_back();
    switch (e->kind) {
      case ExprKind::access: reads.push_back(e->tensor); break;
      case ExprKind::apply:
        for (std::size_t k = 0; k < e->arguments().size(); ++k) {
          if (order < 2 && !lets_through(e, k)) continue;
          if (static_cast<int>(k) == e->op->without_partial && varied(e->arguments()[k])) return e->op;
          visit(e->arguments()[k]);
        }
        break;
      case ExprKind::choose:
        visit(e->on_true());
        visit(e->on_false());
        break;
      case ExprKind::reduce: visit(e->body()); break;
      case ExprKind::constant:
      case ExprKind::position:
      case ExprKind::size: break;
    }
  }
  return nullptr;
}

bool lacks_one(const System& system) {
  std::vector<Expr> values;
  for (const Definition& d : system.definitions())
    std::ranges::move(expressions(d), std::back_inserter(values));
  return std::ranges::any_of(reachable_nodes(values), [](Expr e) {
    return e->kind == ExprKind::apply && e->op->without_partial >= 0;
  });
}

}  // namespace

std::optional<UnknownPartial> unknown_partial(const System& system, TensorId of,
                                              std::span<const TensorId> wrt, int order) {
  const System slice = reachable(system, {of});
  if (!lacks_one(slice)) return std::nullopt;
  for (TensorId by : wrt) {
    const TensorSet between = varied_tensors(slice, {by});
    Varied varied(between);
    TensorSet seen{of};
    struct Open {
      TensorId tensor, in_text;
    };
    for (std::vector<Open> open{{of, of}}; !open.empty();) {
      auto [t, in_text] = open.back();
      open.pop_back();
      if (const SourceRange at = slice.context().tensor(t).declared; at.begin < at.end) in_text = t;
      const Definition* definition = slice.find(t);
      if (!definition || t == by) continue;
      std::vector<TensorId> reads;
      if (const Define* define = definition->define()) {
        if (const Operator* op = walk(define->value, varied, order, reads))
          return UnknownPartial{op, in_text, by};
      } else if (const Call* call = std::get_if<Call>(&definition->rule)) {
        reads = call->arguments;
      }
      for (TensorId read : reads)
        if (between.contains(read) && seen.insert(read).second) open.push_back({read, in_text});
    }
  }
  return std::nullopt;
}

std::string without_partial_message(const UnknownPartial& unknown, std::string_view by) {
  static constexpr std::string_view ordinals[] = {"first", "second", "third"};
  return "there is no derivative of `" + std::string(unknown.op->name) + "` by its " +
         std::string(ordinals[unknown.op->without_partial]) + " argument, which depends on `" +
         std::string(by) + "`";
}

std::optional<UnknownPartial> unknown_partial(Expr body, TensorId placeholder) {
  const TensorSet sources{placeholder};
  Varied varied(sources);
  std::vector<TensorId> reads;
  if (const Operator* op = walk(body, varied, 1, reads)) return UnknownPartial{op, {}, placeholder};
  return std::nullopt;
}

}  // namespace gradc
