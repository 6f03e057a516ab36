// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/equations/definition.h"

#include "compiler/support/overloaded.h"

namespace gradc {

std::vector<TensorId> tensors_defined_by(const Definition& definition) {
  return std::visit(overloaded{[&](const Define&) { return std::vector{definition.tensor}; },
                               [&](const Noise&) { return std::vector{definition.tensor}; },
                               [](const Iterate& i) {
                                 std::vector<TensorId> tensors = i.states;
                                 tensors.push_back(i.trip_count);
                                 return tensors;
                               },
                               [](const Call& c) { return c.results; }},
                    definition.rule);
}

std::vector<TensorId> stand_ins_of(const Definition& definition) {
  std::vector<TensorId> tensors;
  if (const auto* i = std::get_if<Iterate>(&definition.rule)) {
    tensors = i->current;
    tensors.insert(tensors.end(), i->previous.begin(), i->previous.end());
  }
  return tensors;
}

Definition mapped(const Definition& definition, const std::function<Expr(Expr)>& map) {
  Definition result = definition;
  std::visit(overloaded{[&](Define& d) { d.value = map(d.value); },
                        [&](Noise& n) {
                          for (Expr& e : n.parameters) e = map(e);
                        },
                        [&](Iterate& i) {
                          for (std::size_t k = 0; k < i.states.size(); ++k) {
                            i.initial[k] = map(i.initial[k]);
                            i.next[k] = map(i.next[k]);
                          }
                          i.until = map(i.until);
                          i.cap = map(i.cap);
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
