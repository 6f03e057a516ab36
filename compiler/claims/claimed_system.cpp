// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/claims/claimed_system.h"

#include <set>

#include "compiler/equations/definition.h"
#include "compiler/operators/stated.h"

namespace gradc {

TensorId add_side(System& system, const Claim& claim, Expr value) {
  Context& c = system.context();
  const TensorId side = c.add_tensor({.name = c.unused_name("side"), .dims = claim.dims});
  system.add({.tensor = side, .rule = Define{value}, .index_names = claim.index_names});
  return side;
}

ClaimedSystem claimed_system(const Model& model, const Claim& claim) {
  ClaimedSystem made{model.system, {}, {}};
  for (const Declaration& d : model.declarations)
    if (d.value && d.value->uniform) made.system.add({.tensor = d.tensor, .rule = Define{d.value->uniform}});
  made.left = add_side(made.system, claim, claim.left);
  made.right = add_side(made.system, claim, claim.right);
  made.system.set_outputs({made.left, made.right});
  made.system = without_stated(reachable(made.system));
  return made;
}

std::vector<TensorId> given_to(const System& system) {
  std::vector<TensorId> given;
  std::set<TensorId> seen;
  for (const Definition& d : system.definitions()) {
    for (const TensorId t : tensors_defined_by(d)) seen.insert(t);
  }
  for (const Definition& d : system.definitions())
    for (const TensorId t : reads(d))
      if (seen.insert(t).second) given.push_back(t);
  return given;
}

}  // namespace gradc
