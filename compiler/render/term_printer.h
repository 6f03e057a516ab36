// Expressions for people, as LaTeX or as text in the language's own spelling. Minimal brackets, signs pulled
// out, fractions and roots where a person would put them. SPDX-License-Identifier: Apache-2.0 WITH
// LLVM-exception
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "compiler/equations/call_operator.h"
#include "compiler/render/index_names.h"
#include "compiler/render/notation.h"

namespace gradc {

struct Printed {
  std::string term;
  // The same in pieces: a line may be broken in front of the sign of a summand.
  std::vector<std::string> pieces;
  // Terms that would stand in it many times get a name: u_1 = …
  std::vector<std::pair<std::string, Printed>> where;
};

// What printing needs to know of the place where a term stands.
struct PrintScope {
  PrintScope(Context& c, Format f, const Notation& n, IndexNames i)
      : context(&c), format(f), notation(&n), indices(std::move(i)) {}
  Context* context;
  Format format;
  const Notation* notation;
  IndexNames indices;
  int named_terms = 0;  // so that u_1, u_2, … go on from definition to definition
};

Printed print_term(Expr e, PrintScope& scope);
// The left side of a definition: `tensor` at its own slots, which `scope.indices` names.
std::string print_element(TensorId tensor, PrintScope& scope);
// Both sides of a call: tensors as a whole, at their leading slots.
std::string print_whole(TensorId tensor, std::size_t lead, PrintScope& scope);
std::string print_call(const Call& call, PrintScope& scope);

// One expression alone; its free slots are named after their dims.
std::string latex(Expr e, const Notation& notation = {});
std::string text(Expr e, const Notation& notation = {});

}  // namespace gradc
