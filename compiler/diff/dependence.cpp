// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/diff/dependence.h"

#include <algorithm>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"

namespace gradc {

bool Varied::operator()(Expr root) {
  if (auto found = memo_.find(root); found != memo_.end()) return found->second;
  for (Expr e : reachable_nodes(root)) {  // children first
    if (memo_.contains(e)) continue;
    bool varied = false;
    if (e->type == Type::real) switch (e->kind) {
        case ExprKind::constant:
        case ExprKind::position:
        case ExprKind::size: break;
        case ExprKind::access: varied = tensors_.contains(e->tensor); break;
        case ExprKind::apply:
          varied = e->op->partial != nullptr &&
                   std::ranges::any_of(e->arguments(), [&](Expr argument) { return memo_.at(argument); });
          break;
        case ExprKind::choose: varied = memo_.at(e->on_true()) || memo_.at(e->on_false()); break;
        case ExprKind::reduce: varied = e->reduction->share != nullptr && memo_.at(e->body()); break;
      }
    memo_.emplace(e, varied);
  }
  return memo_.at(root);
}

TensorSet varied_tensors(const System& system, const TensorSet& sources) {
  TensorSet result = sources;
  const auto groups = strongly_connected(system);
  for (const auto& group : groups)
    for (bool grew = true; grew;) {  // a circle is gone round until nothing is added
      grew = false;
      Varied varied(result);
      for (std::size_t i : group) {
        const Definition& d = system.definitions()[i];
        const Define* define = d.define();
        const Call* call = std::get_if<Call>(&d.rule);
        const bool varies =
            define ? varied(define->value) : call && std::ranges::any_of(call->arguments, [&](TensorId t) {
                                               return result.contains(t);
                                             });
        if (!varies || result.contains(d.tensor)) continue;
        result.insert(d.tensor);
        grew = group.size() > 1;
      }
    }
  return result;
}

}  // namespace gradc
