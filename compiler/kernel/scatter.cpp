// Σ over what lands on an element, [f(i…) = k] …: not a loop over k and i, but one over i that adds to the
// element f(i…), in the order of i. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/kernel/fits.h"
#include "compiler/kernel/items.h"
#include "compiler/operators/build.h"

namespace gradc::kernel {

bool ItemMaker::add_scatter(TensorId tensor, Expr value) {
  const OpenedReduction o = open(value);
  if (o.op != &reduce_sum) return false;
  for (const Binder& b : o.binders)
    if (!covers_dim(b)) return false;
  const Tensor& t = c_.tensor(tensor);
  std::vector<Expr> place(t.rank());
  std::vector<Expr> rest = conjuncts(o.guard);
  for (std::size_t k = 0; k < t.rank(); ++k) {
    const Index slot = Index::slot(static_cast<std::int32_t>(k), t.dims[k]);
    if (o.body->depends_on(slot)) continue;
    std::size_t where = rest.size();
    int uses = 0;
    for (std::size_t p = 0; p < rest.size(); ++p) {
      if (!rest[p]->depends_on(slot)) continue;
      ++uses;
      if (!rest[p]->is(op_equal)) continue;
      for (int side = 0; side < 2; ++side) {
        const Expr here = rest[p]->operands[static_cast<std::size_t>(side)],
                   there = rest[p]->operands[static_cast<std::size_t>(1 - side)];
        if (here->kind == ExprKind::position && here->index == slot && !there->depends_on(slot)) {
          where = p;
          place[k] = there;
        }
      }
    }
    if (uses != 1 || where == rest.size()) {
      place[k] = {};
      continue;
    }
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(where));
  }
  const auto first =
      static_cast<std::size_t>(std::ranges::find_if(place, [](Expr e) { return bool(e); }) - place.begin());
  if (first == place.size()) return false;
  // A slot that stands for an element on another side of an equality must be a loop.
  Item item{.tensor = tensor, .kind = Item::Kind::accumulate, .value = o.body};
  const auto slot_axis = [&](std::size_t k) {
    return Axis{Index::slot(static_cast<std::int32_t>(k), t.dims[k])};
  };
  for (std::size_t k = 0; k < first; ++k) item.axes.push_back(slot_axis(k));
  for (const Binder& b : o.binders) item.axes.push_back({b.index, true});
  for (std::size_t k = first; k < place.size(); ++k)
    if (!place[k]) item.axes.push_back(slot_axis(k));
  for (std::size_t k = 0; k < place.size(); ++k)
    item.place.push_back(place[k] ? place[k] : c_.position(slot_axis(k).index));
  item.guard = conjunction(c_, rest);
  items_.push_back(std::move(item));
  return true;
}

}  // namespace gradc::kernel
