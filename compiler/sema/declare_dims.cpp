// Sizes: numbers, --dim, or computed from other sizes. All that can be fixed is fixed here.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/operators/integers.h"
#include "compiler/operators/table.h"
#include "compiler/sema/checker.h"
#include "compiler/support/overloaded.h"

namespace gradc::sema {

using namespace syntax;

namespace {

constexpr const char* size_help = "sizes are whole numbers from 0 to 2^40";
constexpr std::int64_t largest_size = std::int64_t{1} << 40;

std::string size_error(std::int64_t value) {
  return value < 0 ? "is negative" : value > largest_size ? "is beyond 2^40" : "";
}

}  // namespace

void Checker::declare_dims() {
  struct Pending {
    DimId dim;
    const DimItem* item;
  };
  std::vector<Pending> pending;
  for (Entity& e : names_.all()) {
    if (e.kind != EntityKind::dim) continue;
    gradc::Dim dim{.name = text(e.name.text), .declared = e.name.range};
    const auto* dims = std::get_if<syntax::Dim>(&program_.statements[e.statement].kind);
    dim.is_sequence = dims == nullptr;
    e.dim = context_.add_dim(dim);
    model_.dims.emplace(dim.name, e.dim);
    const DimItem* item = dims ? &dims->items[e.item] : nullptr;
    if (const auto given = options_.dims.find(dim.name); given != options_.dims.end()) {
      gradc::Dim& made = context_.dim(e.dim);
      made.kind = gradc::Dim::Kind::fixed;
      made.size = context_.integer(given->second);
      if (const std::string wrong = size_error(given->second); !wrong.empty()) {
        reports_.add({DiagnosticCode::E218,
                      "the size of `" + dim.name + "` " + wrong,
                      Label{},
                      {},
                      size_help,
                      "--dim " + dim.name + "=" + std::to_string(given->second)});
        made.kind = gradc::Dim::Kind::run_time;  // what is computed from it could overflow
        made.size = {};
      }
    } else if (item && item->value.valid()) {
      pending.push_back({e.dim, item});
    }
  }
  for (const auto& [name, size] : options_.dims)
    if (!model_.dims.contains(name)) {
      const std::string near = did_you_mean(name, names_.spellings(EntityKind::dim));
      reports_.add({DiagnosticCode::E227,
                    "the file declares no dim `" + name + "`",
                    Label{},
                    {},
                    !near.empty()         ? "did you mean `" + near + "`?"
                    : model_.dims.empty() ? "it declares none"
                                          : "its dims are " + listed(names_.spellings(EntityKind::dim)),
                    "--dim " + name + "=" + std::to_string(size)});
    }
  for (const Pending& p : pending)
    if (const gradc::Expr size = size_expression(p.item->value)) {
      context_.dim(p.dim).kind = gradc::Dim::Kind::computed;
      context_.dim(p.dim).size = size;
    }
  // Each round settles the dims whose sizes are settled; what is left when none is was a circle.
  std::set<DimId> settled;
  for (std::size_t k = 0; k < context_.dim_count(); ++k)
    if (const DimId id{static_cast<std::int32_t>(k)}; context_.dim(id).kind != gradc::Dim::Kind::computed)
      settled.insert(id);
  for (bool progress = true; progress && !pending.empty();) {
    progress = false;
    std::erase_if(pending, [&](const Pending& p) {
      gradc::Dim& dim = context_.dim(p.dim);
      if (dim.kind == gradc::Dim::Kind::computed) {
        for (gradc::Expr node : reachable_nodes(dim.size))
          if (node->kind == gradc::ExprKind::size && !settled.contains(node->dim)) return false;
        const std::vector<gradc::Expr> nodes = reachable_nodes(dim.size);
        const bool fixed = std::ranges::all_of(nodes, [&](gradc::Expr n) {
          return n->kind != gradc::ExprKind::size || context_.dim(n->dim).kind == gradc::Dim::Kind::fixed;
        });
        if (fixed) {
          const auto value = fixed_value(dim.size);
          const std::string wrong = value ? size_error(*value) : "is no whole number, or beyond 2^63";
          if (!wrong.empty()) {
            reports_.add(DiagnosticCode::E218, range(p.item->value),
                         "the size of `" + dim.name + "` " + wrong, "", size_help);
            dim.kind = gradc::Dim::Kind::run_time;
            dim.size = {};
          } else {
            dim.kind = gradc::Dim::Kind::fixed;
            dim.size = context_.integer(*value);
          }
        } else if (!std::ranges::all_of(nodes, [&](gradc::Expr n) { return is_possible_power(n); })) {
          reports_.add(DiagnosticCode::E217, range(p.item->value), "of a power of sizes, one is a number", "",
                       "`2^N` or `N^2`; or give the sizes: `dim N = …`, `--dim N=…`");
          dim.kind = gradc::Dim::Kind::run_time;
          dim.size = {};
        }
      }
      settled.insert(p.dim);
      return progress = true;
    });
  }
  std::map<DimId, const DimItem*> circular;
  for (const Pending& p : pending) circular.emplace(p.dim, p.item);
  report_size_circles(circular);
}

// Each of these sizes reads another of them: walked until one comes again.
void Checker::report_size_circles(std::map<DimId, const DimItem*> circular) {
  const auto next = [&](DimId id) {
    for (gradc::Expr e : reachable_nodes(context_.dim(id).size))
      if (e->kind == gradc::ExprKind::size && circular.contains(e->dim)) return e->dim;
    return DimId{};
  };
  std::set<DimId> seen;
  for (const auto& [start, _] : circular) {
    std::vector<DimId> path;
    DimId at = start;
    for (; at.valid() && seen.insert(at).second; at = next(at)) path.push_back(at);
    const auto first = std::ranges::find(path, at);
    if (first == path.end()) continue;  // it leads into a circle that was told
    std::string names;
    for (auto dim = first; dim != path.end(); ++dim) names += "`" + dim_name(*dim) + "` → ";
    const DimItem& item = *circular.at(at);
    reports_.add(DiagnosticCode::E210, item.name.range,
                 "the size of `" + dim_name(at) + "` depends on itself: " + names + "`" + dim_name(at) + "`",
                 "", "fix one of them, or take it from the data: `dim " + dim_name(at) + "`");
  }
  for (const auto& [id, _] : circular) {
    context_.dim(id).kind = gradc::Dim::Kind::run_time;
    context_.dim(id).size = {};
  }
}

gradc::Expr Checker::size_expression(ExprId root, Frame* frame, bool of_indices) {
  const auto refuse = [&](ExprId id) {
    if (of_indices) return gradc::Expr();
    reports_.add(DiagnosticCode::E217, range(id), "a size is made of whole numbers and other sizes",
                 "this is neither", "`+ - * / ^`, `div(a, b)` and `mod(a, b)` may join them");
    return gradc::Expr();
  };
  std::unordered_map<std::int32_t, gradc::Expr> built;
  std::vector<ExprId> stack{root};
  while (!stack.empty()) {
    const ExprId id = stack.back();
    if (built.contains(id.value)) {
      stack.pop_back();
      continue;
    }
    std::vector<ExprId> children;
    const syntax::ExprKind& kind = program_[id].kind;
    gradc::Expr leaf;
    bool refused = false;
    const Operator* op = nullptr;
    std::visit(overloaded{[&](const Number& n) {
                            const auto value = Rational::parse(text(n.text));
                            if (value && value->to_int64())
                              leaf = context_.integer(*value->to_int64());
                            else
                              refused = true;
                          },
                          [&](const Name& n) {
                            if (of_indices)
                              if (const IndexVariable* v = frame->variable((*frame)[id].scope, n.name)) {
                                if (v->failed)
                                  refused = true;
                                else
                                  leaf = context_.position(v->index);
                                return;
                              }
                            if (frame && frame->local(n.name)) {
                              refused = true;
                              return;
                            }
                            if (frame)
                              if (auto generic = frame->generic_dims.find(n.name);
                                  generic != frame->generic_dims.end()) {
                                leaf = context_.size(generic->second);
                                return;
                              }
                            Entity* e = names_.find(n.name);
                            if (e && e->kind == EntityKind::dim) {
                              e->used = true;
                              leaf = context_.size(e->dim);
                            } else {
                              refused = true;
                            }
                          },
                          [&](const Unary& u) {
                            op = u.op == UnaryOp::negate ? &op_neg : nullptr;
                            children = {u.operand};
                          },
                          [&](const Binary& b) {
                            switch (b.op) {
                              case BinaryOp::add: op = &op_add; break;
                              case BinaryOp::subtract: op = &op_sub; break;
                              case BinaryOp::multiply: op = &op_mul; break;
                              case BinaryOp::divide: op = &op_exact_div; break;
                              case BinaryOp::power: op = find_operator("integer_pow"); break;
                              case BinaryOp::matmul:
                              case BinaryOp::logical_and:
                              case BinaryOp::logical_or: break;
                            }
                            children = {b.left, b.right};
                          },
                          [&](const syntax::Call& c) {
                            const std::string& callee = program_[c.callee];
                            if (c.arguments.size() != 2) return;
                            op = callee == "div"   ? &op_floor_div
                                 : callee == "mod" ? &op_mod
                                 : callee == "max" ? &op_max
                                 : callee == "min" ? &op_min
                                                   : nullptr;
                            for (const syntax::Argument& a : c.arguments) children.push_back(a.value);
                          },
                          [&](const auto&) { refused = true; }},
               kind);
    if (leaf) {
      built.emplace(id.value, leaf);
      stack.pop_back();
      continue;
    }
    if (refused || !op) return refuse(id);
    const std::size_t before = stack.size();
    for (ExprId child : children)
      if (!built.contains(child.value)) stack.push_back(child);
    if (stack.size() != before) continue;
    std::vector<gradc::Expr> operands;
    for (ExprId child : children) operands.push_back(built.at(child.value));
    built.emplace(id.value, context_.apply(*op, operands));
    stack.pop_back();
  }
  return built.at(root.value);
}

// Whether compiled code can compute it, if it is a power, from sizes that the data give.
bool Checker::is_possible_power(gradc::Expr e) const {
  if (e->kind != gradc::ExprKind::apply || e->op->id != "integer_pow") return true;
  const auto base = fixed_value(e->operands[0]), exponent = fixed_value(e->operands[1]);
  return exponent ? base || *exponent >= 0 : base && *base >= 1;
}

std::optional<std::int64_t> Checker::fixed_value(gradc::Expr size) const {
  std::unordered_map<gradc::Expr, std::int64_t> values;
  for (gradc::Expr node : reachable_nodes(size)) {
    if (node->is_constant()) {
      const auto value = node->value->to_int64();
      if (!value) return std::nullopt;
      values[node] = *value;
    } else if (node->kind == gradc::ExprKind::size) {
      const gradc::Dim& dim = context_.dim(node->dim);
      if (dim.kind != gradc::Dim::Kind::fixed) return std::nullopt;
      values[node] = *dim.size->value->to_int64();
    } else if (node->kind == gradc::ExprKind::apply && node->op->evaluate_integer &&
               !node->operands.empty()) {
      std::int64_t operands[3] = {};
      for (std::size_t k = 0; k < node->operands.size(); ++k) operands[k] = values.at(node->operands[k]);
      const auto result = exact_integer(*node->op, operands);
      if (!result) return std::nullopt;
      values[node] = *result;
    } else {
      return std::nullopt;
    }
  }
  return values.at(size);
}

DimId Checker::anonymous_dim(std::string name, gradc::Expr size, SourceRange at) {
  gradc::Dim dim{.name = std::move(name),
                 .kind = gradc::Dim::Kind::computed,
                 .size = size,
                 .declared = at,
                 .anonymous = true};
  if (const auto value = fixed_value(size)) {
    dim.kind = gradc::Dim::Kind::fixed;
    dim.size = context_.integer(std::max<std::int64_t>(*value, 0));
  }
  return context_.add_dim(std::move(dim));
}

}  // namespace gradc::sema
