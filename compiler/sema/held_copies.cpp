// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/sema/held_copies.h"

#include <algorithm>

#include "compiler/equations/definition.h"
#include "compiler/operators/stated.h"

namespace gradc::sema {

bool HeldCopies::reads_held(const Definition& d) const {
  return std::ranges::any_of(reads(d), [&](TensorId t) { return held_.contains(t) || copies_.contains(t); });
}

void HeldCopies::hold(TensorId t, TensorId copy) {
  c_.tensor(copy).held_of = t;
  c_.tensor(copy).held_for = number_;
  copies_[t] = copy;
}

std::vector<Definition> HeldCopies::of(const std::vector<Definition>& equations) {
  std::vector<const Definition*> found;
  for (bool grew = true; grew;) {  // circles are gone round
    grew = false;
    for (const Definition& d : equations) {
      if (copies_.contains(d.tensor) || !reads_held(d)) continue;
      Tensor copy = c_.tensor(d.tensor);
      copy.name = name_(copy.name);
      copy.auxiliary = true;
      hold(d.tensor, c_.add_tensor(std::move(copy)));
      found.push_back(&d);
      grew = true;
    }
  }
  std::vector<Definition> made;
  for (const Definition* d : found) {
    Definition copy = mapped(*d, [&](Expr e) { return held(e); });
    copy.tensor = copies_.at(d->tensor);
    if (Call* call = std::get_if<Call>(&copy.rule)) {
      for (TensorId& t : call->arguments) t = whole(t, made);
      call->results = {copy.tensor};
    }
    if (TensorId& count = c_.tensor(copy.tensor).counted_by; copies_.contains(count))
      count = copies_.at(count);
    made.push_back(std::move(copy));
  }
  return made;
}

Expr HeldCopies::held(Expr e) const {
  return rewrite(e, [&](Expr node) {
    if (node->kind != ExprKind::access) return node;
    if (held_.contains(node->tensor)) return c_.apply(op_held, {node, c_.real(number_)});
    const auto copy = copies_.find(node->tensor);
    return copy == copies_.end() ? node : c_.access(copy->second, node->arguments());
  });
}

// A call reads whole tensors: what it reads of a held one is an equation, and so is what it is a copy of.
TensorId HeldCopies::whole(TensorId t, std::vector<Definition>& made) {
  if (const auto copy = copies_.find(t); copy != copies_.end()) return copy->second;
  if (!held_.contains(t)) return t;
  const auto add = [&](Expr value) {
    Tensor tensor = c_.tensor(t);
    tensor.name = name_(tensor.name);
    tensor.role = Role::derived;
    tensor.auxiliary = true;
    made.push_back(
        {.tensor = c_.add_tensor(std::move(tensor)), .rule = Define{value}, .origin = {}, .index_names = {}});
    return made.back().tensor;
  };
  const Expr value = c_.access_by_slots(t);
  const TensorId of = add(value), copy = add(c_.apply(op_held, {value, c_.real(number_)}));
  hold(of, copy);
  return copies_[t] = copy;
}

}  // namespace gradc::sema
