// Claims: two sides over the indices that stand free in either.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <map>

#include "compiler/operators/stated.h"
#include "compiler/sema/checker.h"
#include "compiler/sema/children.h"

namespace gradc::sema {

using namespace syntax;
using gradc::Type;

void Checker::check_claims() {
  for (std::size_t s = 0; s < program_.statements.size(); ++s) {
    const auto* claim = std::get_if<syntax::Claim>(&program_.statements[s].kind);
    if (!claim) continue;
    if (claim->blank()) {
      const Statement& statement = program_.statements[s];
      for (std::int32_t id = statement.first_expr.value; id < statement.end_expr.value; ++id) {
        const syntax::ExprKind& kind = program_[ExprId{id}].kind;
        const auto* call = std::get_if<syntax::Call>(&kind);
        const auto* name = std::get_if<Name>(&kind);
        if (!name && !call) continue;
        if (Entity* entity = names_.find(name ? name->name : call->callee.text)) entity->used = true;
      }
      model_.claims.push_back(
          {.left_range = range(claim->left), .right_range = range(claim->right), .blank = true});
      continue;
    }
    Frame& frame = new_frame(FrameKind::claim, s);
    frame.name = "claim";
    frame.claim = claim;
    frame.tail = &claim->tail;
    frame.roots = {claim->difference};
    frame.range = range(claim->difference);
    mark(frame);
    run_frames();
  }
}

// The names in subscripts that nothing binds and the file does not define, in order of appearance: they range
// over their dims, as on the left side of an equation.
void Checker::declare_free_indices(Frame& frame) {
  std::map<ExprId, ExprId> parent;
  std::vector<ExprId> names;
  for (std::size_t k = 0; k < frame.nodes.size(); ++k) {
    const ExprId id{frame.first.value + static_cast<std::int32_t>(k)};
    for_each_child(program_[id], [&](ExprId child) { parent[child] = id; });
    if (std::holds_alternative<Name>(program_[id].kind)) names.push_back(id);
  }
  std::ranges::sort(names, {}, [&](ExprId id) { return range(id).begin; });
  for (const ExprId id : names) {
    const TextId name = std::get<Name>(program_[id].kind).name;
    bool in_subscript = false, bound = false;
    ExprId below = id;
    for (auto up = parent.find(id); up != parent.end(); up = parent.find(below)) {
      const syntax::ExprKind& kind = program_[up->second].kind;
      if (const auto* subscript = std::get_if<Subscript>(&kind))
        in_subscript = in_subscript || subscript->base != below;
      if (const auto* reduction = std::get_if<Reduction>(&kind))
        bound = bound || std::ranges::any_of(reduction->bound,
                                             [&](const syntax::Binder& b) { return b.name.text == name; });
      below = up->second;
    }
    const bool known = names_.find(name) || std::ranges::any_of(frame.variables, [&](const IndexVariable& v) {
                         return v.name.text == name;
                       });
    const bool local = std::ranges::any_of(frame.claim->tail.locals, [&](const Local& l) {
      return std::ranges::any_of(l.lefts, [&](const Left& left) { return left.name.text == name; });
    });
    if (!in_subscript || bound || known || local) continue;
    const auto scope = static_cast<std::int32_t>(frame.scopes.size()) - 1;
    frame.scopes.push_back({scope, add_variable(frame, scope, {name, range(id)}, true)});
  }
  frame.left_variables = frame.variables.size();
}

void Checker::finish_claim(Frame& frame) {
  if (frame.failed || !need_number(frame, frame.roots[0])) return;
  const auto dims = stated_dims(frame.roots[0], frame[frame.roots[0]].shape.dims, {}, frame.name);
  if (!dims) return;
  gradc::Claim claim{.left_range = range(frame.claim->left), .right_range = range(frame.claim->right)};
  const auto side = [&](ExprId id) {
    claim.dims.clear();
    return without_stated(by_slots(frame, as_real(frame, id, *dims), *dims, claim.dims));
  };
  claim.left = side(frame.claim->left);
  claim.right = side(frame.claim->right);
  for (std::size_t k = 0; k < frame.left_variables; ++k)
    claim.index_names.push_back(text(frame.variables[k].name.text));
  claim.index_names.resize(claim.dims.size());
  if (!frame.failed) model_.claims.push_back(std::move(claim));
}

}  // namespace gradc::sema
