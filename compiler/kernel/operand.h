// What a statement reads and defines, in one place for the verifier and the passes over kernels.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/kernel/loop.h"
#include "compiler/support/overloaded.h"

namespace gradc::kernel {

// Calls visit(Statement) for each statement of a block, and of the blocks inside it: each before what it
// holds.
template <class Visit>
void each_statement(const Block& block, const Visit& visit) {
  for (const Statement& s : block) {
    visit(s);
    std::visit(overloaded{[&](const For& f) { each_statement(f.body, visit); },
                          [&](const If& i) {
                            each_statement(i.then, visit);
                            each_statement(i.otherwise, visit);
                          },
                          [](const auto&) {}},
               s.node);
  }
}

// Calls use(Value) for each value read by the statement itself, not by the blocks inside it. Values that are
// read at the end of an inner block (what a loop carries on, what a branch gives) are not among them.
template <class Use>
void each_use(const Statement& statement, Use use) {
  const auto optional = [&](Value v) {
    if (v.valid()) use(v);
  };
  const auto all = [&](const auto& values) {
    for (Value v : values) optional(v);
  };
  std::visit(
      overloaded{[&](const Constant&) {}, [&](const SizeOf&) {}, [&](const Compute& c) { all(c.arguments); },
                 [&](const Elementary& e) { all(e.arguments); },
                 [&](const MathCall& c) {
                   all(c.arguments);
                   optional(c.mask);
                   optional(c.otherwise);
                 },
                 [&](const Load& l) {
                   all(l.subscripts);
                   optional(l.mask);
                 },
                 [&](const Store& s) {
                   all(s.subscripts);
                   use(s.value);
                   optional(s.mask);
                 },
                 [&](const Accumulate& a) {
                   all(a.subscripts);
                   use(a.value);
                   optional(a.mask);
                   optional(a.factor);
                 },
                 [&](const Zero& z) { all(z.leading); }, [&](const Check& c) { use(c.failed); },
                 [&](const For& f) {
                   use(f.lower);
                   use(f.upper);
                   for (const For::Carried& c : f.carried) use(c.initial);
                   for (const For::Reduction& r : f.reductions) use(r.initial);
                 },
                 [&](const If& i) { use(i.condition); },
                 [&](const Gemm& g) {
                   for (const Gemm::Operand* o : {&g.a, &g.b, &g.c})
                     all(std::array{o->offset, o->row_stride, o->column_stride});
                   all(std::array{g.m, g.n, g.k});
                 }},
      statement.node);
}

// Calls define(Value) for each value that is visible after the statement.
template <class Define>
void each_definition(const Statement& statement, Define define) {
  std::visit(
      overloaded{[&](const Constant& c) { define(c.result); }, [&](const SizeOf& s) { define(s.result); },
                 [&](const Compute& c) { define(c.result); }, [&](const Elementary& e) { define(e.result); },
                 [&](const MathCall& c) { define(c.result); }, [&](const Load& l) { define(l.result); },
                 [&](const Store&) {}, [&](const Accumulate&) {}, [&](const Zero&) {}, [&](const Check&) {},
                 [&](const For& f) {
                   for (const For::Carried& c : f.carried) define(c.result);
                   for (const For::Reduction& r : f.reductions) define(r.result);
                 },
                 [&](const If& i) {
                   for (const If::Merged& m : i.merged) define(m.result);
                 },
                 [&](const Gemm&) {}},
      statement.node);
}

}  // namespace gradc::kernel
