// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/equations/context.h"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <unordered_set>

#include "compiler/equations/operator.h"
#include "compiler/equations/walk.h"
#include "compiler/support/check.h"

namespace gradc {
namespace {

// Arrays that live as long as the Context, in blocks.
template <class T>
class Arena {
 public:
  std::span<const T> keep(std::span<const T> values) {
    if (values.empty()) return {};
    if (blocks_.empty() || blocks_.back().size() + values.size() > blocks_.back().capacity()) {
      blocks_.emplace_back();
      blocks_.back().reserve(std::max<std::size_t>(values.size(), 4096));
    }
    std::vector<T>& block = blocks_.back();
    const std::size_t begin = block.size();
    block.insert(block.end(), values.begin(), values.end());
    return {block.data() + begin, values.size()};
  }

 private:
  std::deque<std::vector<T>> blocks_;
};

std::size_t mix(std::size_t seed, std::size_t value) {
  seed ^= value + 0x9E3779B97F4A7C15u + (seed << 6) + (seed >> 2);
  return seed * 0xFF51AFD7ED558CCDu;
}
std::size_t mix(std::size_t seed, Index index) {
  seed = mix(seed, static_cast<std::size_t>(index.kind));
  seed = mix(seed, static_cast<std::size_t>(index.number));
  return mix(seed, static_cast<std::size_t>(index.dim.value));
}

// Addresses enter the hash only; no order that anyone can see comes from it.
struct HashNode {
  std::size_t operator()(const Expr::Node* n) const {
    std::size_t h = mix(static_cast<std::size_t>(n->kind), static_cast<std::size_t>(n->type));
    if (n->value) h = mix(h, n->value->hash());
    h = mix(h, n->index);
    h = mix(h, static_cast<std::size_t>(n->dim.value));
    h = mix(h, static_cast<std::size_t>(n->tensor.value));
    h = mix(h, std::hash<const void*>{}(n->op));
    h = mix(h, std::hash<const void*>{}(n->reduction));
    for (Index b : n->binders) h = mix(h, b);
    for (Expr e : n->operands) h = mix(h, static_cast<std::size_t>(e->id));
    return h;
  }
};
struct EqualNode {
  bool operator()(const Expr::Node* a, const Expr::Node* b) const {
    return a->kind == b->kind && a->type == b->type && a->index == b->index && a->dim == b->dim &&
           a->tensor == b->tensor && a->op == b->op && a->reduction == b->reduction &&
           (a->value == b->value || (a->value && b->value && *a->value == *b->value)) &&
           std::ranges::equal(a->binders, b->binders) && std::ranges::equal(a->operands, b->operands);
  }
};

Type result_type(const Operator& op, std::span<const Expr> arguments) {
  auto all = [&](Type type) {
    return std::ranges::all_of(arguments, [type](Expr e) { return e->type == type; });
  };
  const std::string name(op.id);
  GRADC_CHECK(static_cast<int>(arguments.size()) == op.arity, "wrong number of arguments for " + name);
  switch (op.typing) {
    case Typing::real:
      GRADC_CHECK(all(Type::real), "arguments of " + name + " must be real");
      return Type::real;
    case Typing::arithmetic:
      GRADC_CHECK(all(Type::real) || all(Type::integer),
                  "arguments of " + name + " must be all real or all integer");
      return arguments[0]->type;
    case Typing::integer:
      GRADC_CHECK(all(Type::integer), "arguments of " + name + " must be integers");
      return Type::integer;
    case Typing::comparison:
      GRADC_CHECK(all(Type::real) || all(Type::integer),
                  "arguments of " + name + " must be all real or all integer");
      return Type::boolean;
    case Typing::logical:
      GRADC_CHECK(all(Type::boolean), "arguments of " + name + " must be conditions");
      return Type::boolean;
    case Typing::to_real:
      GRADC_CHECK(all(Type::integer), "the argument of " + name + " must be an integer");
      return Type::real;
  }
  GRADC_UNREACHABLE("a Typing");
}

}  // namespace

struct Context::Tables {
  std::deque<Dim> dims;
  std::deque<Tensor> tensors;
  std::unordered_set<std::string> names;
  std::deque<Expr::Node> nodes;
  std::deque<Rational> rationals;
  std::unordered_set<const Expr::Node*, HashNode, EqualNode> interned;
  Arena<Expr> exprs;
  Arena<Index> indices;
  std::int32_t fresh = 0;
  std::unordered_map<std::int32_t, std::string> fresh_hints;
  std::unordered_map<std::int32_t, std::vector<std::string>> reduce_hints;

  // The interned node that equals `candidate`, whose spans may be temporary.
  Expr intern(Expr::Node candidate, std::span<const Index> own_free = {}) {
    if (auto found = interned.find(&candidate); found != interned.end()) return Expr(*found);
    candidate.id = static_cast<std::int32_t>(nodes.size());
    if (candidate.value) {
      rationals.push_back(*candidate.value);
      candidate.value = &rationals.back();
    }
    candidate.operands = exprs.keep(candidate.operands);
    candidate.binders = indices.keep(candidate.binders);
    std::vector<Index> free(own_free.begin(), own_free.end());
    for (Expr e : candidate.operands)
      for (Index index : e->free)
        if (std::ranges::find(candidate.binders, index) == candidate.binders.end()) free.push_back(index);
    std::ranges::sort(free);
    free.erase(std::ranges::unique(free).begin(), free.end());
    candidate.free = indices.keep(free);
    nodes.push_back(candidate);
    interned.insert(&nodes.back());
    return Expr(&nodes.back());
  }

  static std::int32_t height_of(std::span<const Expr> operands) {
    std::int32_t height = 0;
    for (Expr e : operands) height = std::max(height, e->height);
    return height;
  }
};

bool Expr::Node::depends_on(Index which) const { return std::ranges::binary_search(free, which); }

Context::Context() : tables_(std::make_unique<Tables>()) {}
Context::~Context() = default;

DimId Context::add_dim(Dim dim) {
  tables_->dims.push_back(std::move(dim));
  return {static_cast<std::int32_t>(tables_->dims.size()) - 1};
}
const Dim& Context::dim(DimId id) const { return tables_->dims[static_cast<std::size_t>(id.value)]; }
Dim& Context::dim(DimId id) { return tables_->dims[static_cast<std::size_t>(id.value)]; }
std::size_t Context::dim_count() const { return tables_->dims.size(); }

TensorId Context::add_tensor(Tensor tensor) {
  tables_->names.insert(tensor.name);
  tables_->tensors.push_back(std::move(tensor));
  return {static_cast<std::int32_t>(tables_->tensors.size()) - 1};
}
const Tensor& Context::tensor(TensorId id) const {
  return tables_->tensors[static_cast<std::size_t>(id.value)];
}
Tensor& Context::tensor(TensorId id) { return tables_->tensors[static_cast<std::size_t>(id.value)]; }
std::size_t Context::tensor_count() const { return tables_->tensors.size(); }

std::string Context::unused_name(std::string_view stem) const {
  std::string name(stem);
  for (int k = 2; tables_->names.contains(name); ++k) name = std::string(stem) + "_" + std::to_string(k);
  return name;
}

Expr Context::constant(Rational value, Type type) {
  GRADC_CHECK(type != Type::integer || value.is_integer(), "an integer constant that is a fraction");
  return tables_->intern(
      {.kind = ExprKind::constant, .type = type, .id = -1, .height = 0, .context = this, .value = &value});
}

Expr Context::position(Index index) {
  return tables_->intern({.kind = ExprKind::position,
                          .type = Type::integer,
                          .id = -1,
                          .height = 0,
                          .context = this,
                          .index = index},
                         std::span<const Index>(&index, 1));
}

Expr Context::size(DimId dim) {
  return tables_->intern(
      {.kind = ExprKind::size, .type = Type::integer, .id = -1, .height = 0, .context = this, .dim = dim});
}

Expr Context::access(TensorId tensor_id, std::span<const Expr> subscripts) {
  const Tensor& t = tensor(tensor_id);
  GRADC_CHECK(subscripts.size() == t.rank(), "wrong number of subscripts for " + t.name);
  for (Expr e : subscripts)
    GRADC_CHECK(e->type == Type::integer, "a subscript of " + t.name + " is not an integer");
  return tables_->intern({.kind = ExprKind::access,
                          .type = t.type,
                          .id = -1,
                          .height = Tables::height_of(subscripts),
                          .context = this,
                          .tensor = tensor_id,
                          .operands = subscripts});
}
Expr Context::access(TensorId tensor, std::initializer_list<Expr> subscripts) {
  return access(tensor, std::span<const Expr>(subscripts.begin(), subscripts.size()));
}

Expr Context::access_by_slots(TensorId id) {
  std::vector<Expr> slots;
  for (DimId dim : tensor(id).dims)
    slots.push_back(position(Index::slot(static_cast<std::int32_t>(slots.size()), dim)));
  return access(id, slots);
}

Expr Context::apply(const Operator& op, std::span<const Expr> arguments) {
  return tables_->intern({.kind = ExprKind::apply,
                          .type = result_type(op, arguments),
                          .id = -1,
                          .height = Tables::height_of(arguments),
                          .context = this,
                          .op = &op,
                          .operands = arguments});
}
Expr Context::apply(const Operator& op, std::initializer_list<Expr> arguments) {
  return apply(op, std::span<const Expr>(arguments.begin(), arguments.size()));
}

Expr Context::choose(Expr condition, Expr on_true, Expr on_false) {
  GRADC_CHECK(condition->type == Type::boolean, "the condition of a choice is not a condition");
  GRADC_CHECK(on_true->type == on_false->type, "the sides of a choice have different types");
  const Expr operands[] = {condition, on_true, on_false};
  return tables_->intern({.kind = ExprKind::choose,
                          .type = on_true->type,
                          .id = -1,
                          .height = Tables::height_of(operands),
                          .context = this,
                          .operands = operands});
}

Expr Context::reduce(const ReductionOperator& op, std::span<const Binder> binders, Expr guard, Expr body) {
  GRADC_CHECK(!binders.empty(), "a reduction without an index");
  GRADC_CHECK(guard->type == Type::boolean, "the guard of a reduction is not a condition");
  GRADC_CHECK(body->type == op.term, "the body of a reduction has the wrong type");
  std::vector<Expr> operands;
  for (const Binder& b : binders) {
    GRADC_CHECK(b.index.kind == Index::Kind::fresh, "a reduction binds fresh indices");
    operands.push_back(b.lower);
    operands.push_back(b.upper);
  }
  operands.push_back(guard);
  operands.push_back(body);
  for (Expr e : operands)
    for (Index index : e->free)
      GRADC_CHECK(index.kind != Index::Kind::bound,
                  "an expression was taken out of its reduction without opening it");

  std::int32_t level = Tables::height_of(operands);
  std::vector<Index> bound;
  IndexMap map;
  for (const Binder& b : binders) {
    bound.push_back({Index::Kind::bound, ++level, b.index.dim});
    map.emplace_back(b.index, position(bound.back()));
  }
  for (Expr& e : operands) e = substitute(e, map);
  const Expr result = tables_->intern({.kind = ExprKind::reduce,
                                       .type = op.result,
                                       .id = -1,
                                       .height = level,
                                       .context = this,
                                       .reduction = &op,
                                       .binders = bound,
                                       .operands = operands});
  if (auto [hints, inserted] = tables_->reduce_hints.try_emplace(result->id); inserted)
    for (const Binder& b : binders) {
      auto hint = tables_->fresh_hints.find(b.index.number);
      hints->second.push_back(hint == tables_->fresh_hints.end() ? "" : hint->second);
    }
  return result;
}

Expr Context::with_same_binders(Expr reduce, std::span<const Expr> operands) {
  GRADC_CHECK(
      Tables::height_of(operands) + static_cast<std::int32_t>(reduce->binders.size()) == reduce->height,
      "with_same_binders: the height of the operands changed");
  const Expr result = tables_->intern({.kind = ExprKind::reduce,
                                       .type = reduce->type,
                                       .id = -1,
                                       .height = reduce->height,
                                       .context = this,
                                       .reduction = reduce->reduction,
                                       .binders = reduce->binders,
                                       .operands = operands});
  if (auto hints = tables_->reduce_hints.find(reduce->id); hints != tables_->reduce_hints.end())
    tables_->reduce_hints.try_emplace(result->id, hints->second);
  return result;
}

Index Context::fresh_index(DimId dim, std::string_view hint) {
  const std::int32_t number = tables_->fresh++;
  if (!hint.empty()) tables_->fresh_hints.emplace(number, hint);
  return {Index::Kind::fresh, number, dim};
}

Binder Context::over(DimId dim, std::string_view hint) {
  return {fresh_index(dim, hint), integer(0), size(dim)};
}

std::string_view Context::binder_hint(Expr reduce, std::size_t k) const {
  auto found = tables_->reduce_hints.find(reduce->id);
  return found == tables_->reduce_hints.end() ? std::string_view() : std::string_view(found->second[k]);
}

std::size_t Context::node_count() const { return tables_->nodes.size(); }

OpenedReduction open(Expr reduce) {
  GRADC_CHECK(reduce->kind == ExprKind::reduce, "open: not a reduction");
  Context& context = *reduce->context;
  OpenedReduction opened{reduce->reduction, {}, {}, {}};
  IndexMap map;
  for (std::size_t k = 0; k < reduce->binders.size(); ++k) {
    const Index fresh = context.fresh_index(reduce->binders[k].dim, context.binder_hint(reduce, k));
    // A range may use the binders before it, and only those.
    opened.binders.push_back({fresh, substitute(reduce->lower(k), map), substitute(reduce->upper(k), map)});
    map.emplace_back(reduce->binders[k], context.position(fresh));
  }
  opened.guard = substitute(reduce->guard(), map);
  opened.body = substitute(reduce->body(), map);
  return opened;
}

Expr close(Context& context, const OpenedReduction& opened) {
  return context.reduce(*opened.op, opened.binders, opened.guard, opened.body);
}

}  // namespace gradc
