// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/simplify/shape.h"

#include <functional>

#include "compiler/equations/operator.h"
#include "compiler/equations/walk.h"

namespace gradc {
namespace {

std::uint64_t mix(std::uint64_t seed, std::uint64_t value) {
  seed ^= value + 0x9E3779B97F4A7C15u + (seed << 6) + (seed >> 2);
  seed *= 0xFF51AFD7ED558CCDu;
  return seed ^ (seed >> 29);
}

}  // namespace

std::uint64_t Shapes::operator()(Expr root) {
  std::vector<Expr> stack{root};
  while (!stack.empty()) {
    const Expr e = stack.back();
    if (memo_.contains(e)) {
      stack.pop_back();
      continue;
    }
    const bool integer = e->type == Type::integer, leaf = integer || e->kind == ExprKind::access;
    const std::size_t before = stack.size();
    if (!leaf)
      for (Expr operand : e->operands)
        if (!memo_.contains(operand)) stack.push_back(operand);
    if (stack.size() != before) continue;
    stack.pop_back();
    std::uint64_t hash = 17;
    if (!integer) {
      hash = mix(static_cast<std::uint64_t>(e->kind) + 100, static_cast<std::uint64_t>(e->type));
      if (e->value) hash = mix(hash, e->value->hash());
      hash = mix(hash, static_cast<std::uint64_t>(e->tensor.value));
      if (e->op) hash = mix(hash, std::hash<std::string_view>{}(e->op->id));
      if (e->reduction) hash = mix(hash, std::hash<std::string_view>{}(e->reduction->name));
      if (!leaf)
        for (Expr operand : e->operands) hash = mix(hash, memo_.at(operand));
    }
    memo_.emplace(e, hash);
  }
  return memo_.at(root);
}

// Slots are bound where they stand alone (as a subscript or a position); then one substitution decides.
std::optional<std::vector<Expr>> instance_of(Expr value, std::size_t slots, Expr e) {
  std::vector<Expr> subscripts(slots);
  std::vector<std::pair<Expr, Expr>> stack{{value, e}};
  std::size_t steps = 0;
  while (!stack.empty()) {
    const auto [a, b] = stack.back();
    stack.pop_back();
    if (a == b && a->free.empty()) continue;
    if (++steps > 10000) return std::nullopt;  // written out it is larger than anything worth a name
    if (a->type != b->type) return std::nullopt;
    if (a->kind == ExprKind::position && a->index.kind == Index::Kind::slot &&
        static_cast<std::size_t>(a->index.number) < slots) {
      Expr& bound = subscripts[static_cast<std::size_t>(a->index.number)];
      // What the expression has there must not depend on a reduction inside itself.
      for (Index index : b->free)
        if (index.kind == Index::Kind::bound) return std::nullopt;
      if (!bound)
        bound = b;
      else if (bound != b)
        return std::nullopt;
      continue;
    }
    if (a->kind != b->kind || a->op != b->op || a->reduction != b->reduction || a->tensor != b->tensor ||
        a->operands.size() != b->operands.size())
      return std::nullopt;
    for (std::size_t k = 0; k < a->operands.size(); ++k) stack.emplace_back(a->operands[k], b->operands[k]);
  }
  IndexMap map;
  for (std::size_t k = 0; k < slots; ++k)
    for (Index index : value->free)
      if (index == Index::slot(static_cast<std::int32_t>(k), index.dim) && subscripts[k])
        map.emplace_back(index, subscripts[k]);
  if (substitute(value, map) != e) return std::nullopt;
  return subscripts;
}

}  // namespace gradc
