// The parts of an expression, in the order in which they stand.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/support/overloaded.h"
#include "grammar/syntax.h"

namespace gradc::sema {

template <class Visit>
void for_each_child(const syntax::Expr& expr, const Visit& visit) {
  using namespace syntax;
  const auto range = [&](const std::optional<Range>& r) {
    if (!r) return;
    visit(r->first);
    if (!r->is_dim()) visit(r->last);
  };
  std::visit(overloaded{[](const Number&) {}, [](const Name&) {}, [](const Placeholder&) {},
                        [&](const syntax::Call& c) {
                          for (const syntax::Argument& a : c.arguments) visit(a.value);
                        },
                        [&](const Subscript& s) {
                          visit(s.base);
                          for (ExprId subscript : s.subscripts) visit(subscript);
                        },
                        [&](const Prime& p) { visit(p.base); }, [&](const Unary& u) { visit(u.operand); },
                        [&](const Binary& b) {
                          visit(b.left);
                          visit(b.right);
                        },
                        [&](const Compare& c) {
                          for (ExprId operand : c.operands) visit(operand);
                        },
                        [&](const Choice& c) {
                          visit(c.condition);
                          visit(c.taken);
                          visit(c.otherwise);
                        },
                        [&](const Reduction& r) {
                          for (const syntax::Binder& b : r.bound) range(b.range);
                          if (r.filter.valid()) visit(r.filter);
                          visit(r.body);
                        },
                        [&](const Array& a) {
                          for (ExprId element : a.elements) visit(element);
                        },
                        [&](const syntax::Iterate& i) {
                          for (const State& s : i.states) {
                            visit(s.first);
                            visit(s.next);
                          }
                          visit(i.until);
                          visit(i.at_most);
                        }},
             expr.kind);
}

// The first expression below (and with) `root`: those of its tree are [first, root].
syntax::ExprId first_within(const syntax::Program& program, syntax::ExprId root);

}  // namespace gradc::sema
