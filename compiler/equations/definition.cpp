// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/equations/definition.h"

#include "compiler/support/overloaded.h"

namespace gradc {

std::vector<TensorId> tensors_defined_by(const Definition& definition) {
  return std::visit(overloaded{[&](const Define&) { return std::vector{definition.tensor}; },
                               [&](const Noise&) { return std::vector{definition.tensor}; },
                               [](const Call& c) { return c.results; }},
                    definition.rule);
}

Definition mapped(const Definition& definition, const std::function<Expr(Expr)>& map) {
  Definition result = definition;
  std::visit(overloaded{[&](Define& d) { d.value = map(d.value); },
                        [&](Noise& n) {
                          for (Expr& e : n.parameters) e = map(e);
                        },
                        [](Call&) {}},
             result.rule);
  return result;
}

std::vector<Expr> expressions(const Definition& definition) {
  std::vector<Expr> all;
  mapped(definition, [&](Expr e) {
    all.push_back(e);
    return e;
  });
  return all;
}

}  // namespace gradc
