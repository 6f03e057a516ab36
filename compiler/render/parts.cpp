// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/parts.h"

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

std::vector<Expr> printed_terms(const Definition& definition) {
  return std::visit(overloaded{[](const Define& d) { return std::vector{d.value}; },
                               [](const Noise& n) { return n.parameters; },
                               [](const Iterate& i) {
                                 std::vector<Expr> all;
                                 for (std::size_t k = 0; k < i.states.size(); ++k) {
                                   all.push_back(i.initial[k]);
                                   all.push_back(i.next[k]);
                                 }
                                 all.push_back(i.until);
                                 all.push_back(i.cap);
                                 return all;
                               },
                               [](const Call&) { return std::vector<Expr>(); }},
                    definition.rule);
}

}  // namespace gradc
