// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/seeds.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>

#include "compiler/equations/walk.h"
#include "compiler/kernel/fits.h"
#include "compiler/kernel/items.h"
#include "compiler/operators/affine.h"
#include "compiler/operators/build.h"

namespace gradc::kernel {

namespace {

class Seeds {
 public:
  explicit Seeds(const System& system)
      : system_(system), c_(system.context()), result_(c_), circles_(in_circles(system)) {}

  System run() {
    for (const Definition& d : system_.definitions()) {
      Definition changed = d;
      if (const Define* define = d.define(); define && !circles_.contains(d.tensor))
        changed.rule = Define{rewrite(
            define->value,
            [&](Expr e) {
              return e->kind == ExprKind::reduce ? without_filter(e) : e->is(op_div) ? share(e) : e;
            },
            rewritten_)};
      result_.add(std::move(changed));
    }
    result_.set_outputs(system_.outputs());
    return named_.empty() ? system_ : reachable(result_);
  }

 private:
  static bool asks_reals(Expr condition) {
    return std::ranges::any_of(reachable_nodes(condition), [](Expr e) {
      return e->type == Type::real && (e->kind == ExprKind::access || e->kind == ExprKind::reduce);
    });
  }

  Expr without_filter(Expr sum) {
    OpenedReduction o = open(sum);
    if (o.op != &reduce_sum || o.guard->is_constant(1)) return sum;
    std::vector<Expr> stay, asked;
    for (Expr part : conjuncts(o.guard)) (asks_reals(part) ? asked : stay).push_back(part);
    if (asked.empty()) return sum;
    std::vector<Expr> parts = factors(o.body);
    for (Expr& seed : parts) {
      if (!is_seed(seed)) continue;
      if (!std::ranges::all_of(parts, [&](Expr e) { return e == seed || is_total(e); })) continue;
      std::vector<Expr> moved, left = stay;
      for (Expr condition : asked) {
        const Expr at_slots = of_slots(condition, seed);
        at_slots ? moved.push_back(at_slots) : left.push_back(condition);
      }
      if (moved.empty()) continue;
      const Expr value = choose(conjunction(c_, moved), c_.access_by_slots(seed->tensor), c_.real(0));
      seed = c_.access(named(seed->tensor, value), seed->arguments());
      o.guard = conjunction(c_, left);
      o.body = parts[0];
      for (std::size_t k = 1; k < parts.size(); ++k) o.body = o.body * parts[k];
      return close(c_, o);
    }
    return sum;
  }

  // What flows back from a pooled window, divided among the elements that are the greatest, once for each
  // window: d[floor(i/2)]/(sum(a if y[2*floor(i/2) + a] == p[floor(i/2)]) 1).
  Expr share(Expr quotient) {
    const Expr seed = quotient->operands[0];
    if (!is_seed(seed) || quotient->operands[1]->kind != ExprKind::reduce) return quotient;
    if (std::ranges::none_of(seed->arguments(), [](Expr s) { return s->is(op_floor_div); })) return quotient;
    const Expr value = of_slots(quotient, seed);
    return value ? c_.access(named(seed->tensor, value), seed->arguments()) : quotient;
  }

  bool is_seed(Expr e) const {
    return e->kind == ExprKind::access && c_.tensor(e->tensor).role == Role::adjoint &&
           !circles_.contains(e->tensor);
  }

  // The value as one of each element of the seed's tensor, for the seed's subscripts; none if it depends on
  // more than these, or has a value only where something else holds.
  Expr of_slots(Expr value, Expr seed) const {
    IndexMap map;
    std::unordered_map<Expr, Expr> quotients;  // subscripts that are floor(…), by themselves
    std::set<Index> solved;
    for (std::size_t k = 0; k < seed->arguments().size(); ++k) {
      const Expr subscript = seed->arguments()[k];
      const Index slot = Index::slot(static_cast<std::int32_t>(k), c_.tensor(seed->tensor).dims[k]);
      if (subscript->is(op_floor_div)) {
        quotients.emplace(subscript, c_.position(slot));
        continue;
      }
      const std::optional<Affine> at = affine_form(subscript);
      if (!at) return Expr();
      const auto own = std::ranges::find_if(at->indices, [&](const auto& term) { return term.second == 1; });
      if (own == at->indices.end()) return Expr();
      for (const auto& [index, coefficient] : at->indices)
        if (solved.contains(index)) return Expr();
      solved.insert(own->first);
      map.emplace_back(own->first, (Affine{{{slot, 1}}, {}, 0} + -1 * at->without(own->first)).to_expr(c_));
    }
    if (!quotients.empty())
      value = rewrite(value, [&](Expr e) {
        const auto slot = quotients.find(e);
        return slot == quotients.end() ? e : slot->second;
      });
    // Slots of the equation at hand are not those of the seed: of d[n] = sum(i if g[n] < g[i]) ē[i]*…, the
    // filter is no part of ē.
    for (Index index : value->free)
      if (index.kind == Index::Kind::slot && !solved.contains(index)) return Expr();
    value = rewrite(substitute(value, map), [&](Expr e) {
      if (e->type != Type::integer || e->kind != ExprKind::apply) return e;
      const std::optional<Affine> form = affine_form(e);
      return form ? form->to_expr(c_) : e;
    });
    const std::vector<DimId>& dims = c_.tensor(seed->tensor).dims;
    for (Index index : value->free)
      if (index.kind != Index::Kind::slot || static_cast<std::size_t>(index.number) >= dims.size() ||
          index.dim != dims[static_cast<std::size_t>(index.number)])
        return Expr();
    return reads_in_range(value, Ranges()) ? value : Expr();
  }

  // For all elements.
  bool reads_in_range(Expr value, const Ranges& ranges) const {
    return std::ranges::all_of(nodes_outside_reductions(value), [&](Expr e) {
      if (e->kind == ExprKind::access) {
        for (std::size_t k = 0; k < e->arguments().size(); ++k)
          if (!ranges.fits(e->arguments()[k], c_.tensor(e->tensor).dims[k])) return false;
        return !circles_.contains(e->tensor);
      }
      if (e->kind != ExprKind::reduce) return true;
      const OpenedReduction o = open(e);
      Ranges inner = ranges;
      for (const Binder& b : o.binders) inner.add(b);
      return reads_in_range(o.guard, inner) && reads_in_range(o.body, inner);
    });
  }

  // `value`, with slots, as a tensor of the shape of another.
  TensorId named(TensorId of, Expr value) {
    TensorId& tensor = named_[value];
    if (tensor.valid()) return tensor;
    Tensor t = c_.tensor(of);
    t.name = c_.unused_name(t.name + "_seed");
    tensor = c_.add_tensor(std::move(t));
    result_.add({tensor, Define{value}, {{}, "seed"}, {}});
    return tensor;
  }

  // Whether it is a finite number wherever what is given is, but for what is too large for any.
  bool is_total(Expr value) {
    if (total_.empty())
      for (const Definition& d : system_.definitions())  // each after what it reads
        total_.emplace(d.tensor, d.define() && has_total_parts(d.define()->value));
    return has_total_parts(value);
  }

  bool has_total_parts(Expr value) const {
    return std::ranges::all_of(reachable_nodes(value), [&](Expr e) {
      if (e->type != Type::real) return true;
      if (e->kind == ExprKind::access) {
        const auto defined = total_.find(e->tensor);
        return defined == total_.end() ? !system_.find(e->tensor) : defined->second;
      }
      if (e->kind == ExprKind::apply) {
        static constexpr std::string_view total[] = {"add",  "sub",     "mul", "neg",  "to_real",
                                                     "tanh", "sigmoid", "abs", "relu", "leaky_relu",
                                                     "max",  "min",     "sin", "cos",  "erf"};
        if (e->is(op_div)) return e->operands[1]->is_constant() && !e->operands[1]->value->is_zero();
        return std::ranges::find(total, std::string_view(e->op->id)) != std::end(total);
      }
      if (e->kind != ExprKind::reduce || e->is(reduce_sum)) return true;
      bool some = (e->is(reduce_max) || e->is(reduce_min)) && e->guard()->is_constant(1);
      for (std::size_t k = 0; some && k < e->binders.size(); ++k)
        some = e->lower(k)->is_constant() && e->upper(k)->is_constant() &&
               *e->lower(k)->value < *e->upper(k)->value;
      return some;
    });
  }

  const System& system_;
  Context& c_;
  System result_;
  std::unordered_set<TensorId> circles_;
  RewriteMemo rewritten_;
  std::unordered_map<Expr, TensorId> named_;  // by value
  std::unordered_map<TensorId, bool> total_;
};

}  // namespace

System with_seeds(const System& system) { return Seeds(system).run(); }

}  // namespace gradc::kernel
