// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/sema/position_term.h"

#include <unordered_set>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/operators/integers.h"

namespace gradc::sema {

namespace {

constexpr std::size_t most_nodes = 200;  // subscripts are small; what is larger is left to those who run it

bool is_small(Expr term) {
  std::unordered_set<Expr> seen{term};
  std::vector<Expr> pending{term};
  while (!pending.empty() && seen.size() <= most_nodes) {
    const Expr e = pending.back();
    pending.pop_back();
    for (Expr operand : e->operands)
      if (seen.insert(operand).second) pending.push_back(operand);
  }
  return seen.size() <= most_nodes;
}

}  // namespace

PositionTerm::PositionTerm(Expr term, const System& system, int depth) : term_(term) {
  if (!is_small(term)) return;
  const std::vector<Expr> nodes = reachable_nodes(term);
  std::unordered_map<Expr, std::size_t> place;
  for (Expr e : nodes) {
    Node node{.expr = e};
    if (e->kind == ExprKind::access) {
      for (Expr subscript : e->operands) node.subscripts.push_back(place.at(subscript));
      const Definition* definition = depth > 0 && e->type == Type::integer ? system.find(e->tensor) : nullptr;
      if (definition && definition->define())
        members_.try_emplace(e->tensor, definition->define()->value, system, depth - 1);
    } else if (e->kind == ExprKind::apply || e->kind == ExprKind::choose) {
      for (std::size_t k = 0; k < e->operands.size() && k < 3; ++k)
        node.operands[k] = place.at(e->operands[k]);
    }
    place.emplace(e, nodes_.size());
    nodes_.push_back(std::move(node));
  }
}

std::optional<std::int64_t> PositionTerm::at(const Positions& positions, bool* undefined) const {
  std::vector<std::optional<std::int64_t>> values(nodes_.size());
  std::vector<bool> bad(nodes_.size(), false);  // undefined, and not on a side that is not taken
  for (std::size_t k = 0; k < nodes_.size(); ++k) {
    const Node& node = nodes_[k];
    const Expr e = node.expr;
    switch (e->kind) {
      case ExprKind::constant:
        values[k] = e->value->to_int64();
        bad[k] = e->type == Type::integer && !values[k];
        break;
      case ExprKind::position:
        for (const auto& [index, value] : positions.indices)
          if (index == e->index) values[k] = value;
        break;
      case ExprKind::size: {
        const Dim& dim = e->context->dim(e->dim);
        if (dim.kind == Dim::Kind::run_time) {
          if (const auto given = positions.sizes.find(e->dim); given != positions.sizes.end())
            values[k] = given->second;
        } else {
          values[k] = PositionTerm(dim.size, System(*e->context), 0).at(positions);
        }
        break;
      }
      case ExprKind::access: {
        const auto member = members_.find(e->tensor);
        if (member == members_.end()) break;
        Positions inside{.indices = {}, .sizes = positions.sizes};
        const std::vector<DimId>& dims = e->context->tensor(e->tensor).dims;
        bool known = true;
        for (std::size_t j = 0; known && j < dims.size(); ++j) {
          known = values[node.subscripts[j]].has_value();
          if (known)
            inside.indices.emplace_back(Index::slot(static_cast<std::int32_t>(j), dims[j]),
                                        *values[node.subscripts[j]]);
        }
        if (known) values[k] = member->second.at(inside);
        break;
      }
      case ExprKind::apply: {
        std::int64_t operands[3] = {};
        bool known = e->type != Type::real && e->op->evaluate_integer && !e->operands.empty();
        for (std::size_t j = 0; known && j < e->operands.size(); ++j) {
          bad[k] = bad[k] || bad[node.operands[j]];
          known = e->operands[j]->type != Type::real && values[node.operands[j]].has_value();
          if (known) operands[j] = *values[node.operands[j]];
        }
        if (known) values[k] = exact_integer(*e->op, operands);
        bad[k] = bad[k] || (known && !values[k]);
        break;
      }
      case ExprKind::choose:
        if (const auto condition = values[node.operands[0]]) {
          const std::size_t side = node.operands[*condition ? 1 : 2];
          values[k] = values[side];
          bad[k] = bad[side];
        }
        break;
      case ExprKind::reduce: break;
    }
  }
  if (nodes_.empty()) return std::nullopt;
  if (undefined) *undefined = bad.back();
  return values.back();
}

void collect_run_time_dims(const Context& context, Expr size, std::map<DimId, std::int64_t>& dims) {
  std::vector<Expr> pending{size};
  while (!pending.empty()) {
    const Expr next = pending.back();
    pending.pop_back();
    for (Expr e : reachable_nodes(next)) {
      if (e->kind != ExprKind::size) continue;
      const Dim& dim = context.dim(e->dim);
      if (dim.kind == Dim::Kind::run_time)
        dims.emplace(e->dim, 0);
      else if (dim.size)
        pending.push_back(dim.size);
    }
  }
}

}  // namespace gradc::sema
