// The axes behind those of the left sides, `h[t + 1] = …` of a vector: guessed from what is known of the
// right sides, and proved when these are checked with the guess in place.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <set>

#include "compiler/sema/builtins.h"
#include "compiler/sema/checker.h"
#include "compiler/sema/children.h"
#include "compiler/sema/guess.h"

namespace gradc::sema {

using namespace syntax;

namespace {

// Of two operands element by element: only scalars spread.
Guess joined(const Guess& a, const Guess& b) {
  if (a.surety >= Surety::likely || b.surety >= Surety::likely) return a.surety >= b.surety ? a : b;
  return a.surety == Surety::scalar && b.surety == Surety::scalar ? a : Guess{};
}

Guess product(const Guess& a, const Guess& b) {
  Guess result;
  if (!a.dims.empty()) result.dims.assign(a.dims.begin(), a.dims.end() - 1);
  if (!b.dims.empty()) result.dims.insert(result.dims.end(), b.dims.begin() + 1, b.dims.end());
  if (a.surety == Surety::sure && b.surety == Surety::sure)
    result.surety = result.dims.empty() ? Surety::scalar : Surety::sure;
  else if (!result.dims.empty())
    result.surety = Surety::likely;  // the other one taken for a vector
  return result;
}

}  // namespace

class Checker::ShapeGuess {
 public:
  using Names = std::function<Guess(TextId)>;
  ShapeGuess(Checker& checker, Recurrence& r, const Statement& statement, Names names, int depth)
      : c_(checker),
        r_(r),
        first_(statement.first_expr.value),
        guesses_(static_cast<std::size_t>(statement.end_expr.value - first_)),
        names_(std::move(names)),
        depth_(depth) {}

  Guess of(ExprId root) {
    for (std::int32_t k = first_within(c_.program_, root).value; k <= root.value; ++k) at({k}) = guess({k});
    return at(root);
  }

  // Of a name of a `where`, the item-th of its local.
  Guess of_local(const Local& local, std::size_t item) {
    const Guess whole = of(local.value);
    const syntax::ExprKind& kind = c_.program_[local.value].kind;
    if (const auto* iterate = std::get_if<syntax::Iterate>(&kind); iterate && local.lefts.size() > 1)
      return item < iterate->states.size() ? at(iterate->states[item].first) : Guess{};
    if (const auto* call = std::get_if<syntax::Call>(&kind); call && local.lefts.size() > 1)
      return call_of(*call, item);
    const std::vector<LeftSubscript>& subscripts = local.lefts[0].subscripts;
    if (subscripts.empty()) return whole;
    std::vector<DimId> dims;
    for (const LeftSubscript& s : subscripts) {
      dims.push_back(axis_of(s, local.value, {}, {}));
      if (!dims.back().valid()) return {};
    }
    if (whole.surety >= Surety::likely) dims.insert(dims.end(), whole.dims.begin(), whole.dims.end());
    return whole.surety == Surety::unknown ? Guess{} : Guess::of(std::move(dims));
  }

 private:
  Guess& at(ExprId id) { return guesses_[static_cast<std::size_t>(id.value - first_)]; }

  Guess guess(ExprId id) {
    return std::visit(
        overloaded{[](const Number&) { return Guess::of({}); }, [&](const Name& n) { return names_(n.name); },
                   [](const Placeholder&) { return Guess{}; },
                   [&](const syntax::Call& call) { return call_of(call); },
                   [&](const Subscript& s) {
                     const Guess& base = at(s.base);
                     if (base.surety < Surety::likely || base.dims.size() < s.subscripts.size())
                       return Guess{};
                     Guess result =
                         Guess::of({base.dims.begin() + static_cast<std::ptrdiff_t>(s.subscripts.size()),
                                    base.dims.end()});
                     if (base.surety == Surety::likely)
                       result.surety = std::min(result.surety, Surety::likely);
                     return result;
                   },
                   [&](const Prime& p) {
                     Guess result = at(p.base);
                     if (p.count % 2) std::ranges::reverse(result.dims);
                     return result;
                   },
                   [&](const Unary& u) { return at(u.operand); },
                   [&](const Binary& b) {
                     return b.op == BinaryOp::matmul ? product(at(b.left), at(b.right))
                                                     : joined(at(b.left), at(b.right));
                   },
                   [](const Compare&) { return Guess::of({}); },
                   [&](const Choice& choice) { return joined(at(choice.taken), at(choice.otherwise)); },
                   [&](const Reduction& reduction) { return at(reduction.body); },
                   [](const Array&) { return Guess{}; },
                   [&](const syntax::Iterate& iterate) { return at(iterate.states[0].first); }},
        c_.program_[id].kind);
  }

  Guess call_of(const syntax::Call& call, std::size_t result = 0) {
    const std::string& callee = c_.program_[call.callee];
    Entity* function = c_.names_.find(call.callee.text);
    if (function && function->kind == EntityKind::function) return user_call(call, *function, result);
    if (call.arguments.empty()) return {};
    const Guess& first = at(call.arguments[0].value);
    if (language_operator(callee)) {
      Guess all = first;
      for (const syntax::Argument& a : call.arguments) all = joined(all, at(a.value));
      return all;
    }
    const Builtin* builtin = find_builtin(callee);
    if (!builtin || builtin->is_derivative || first.surety < Surety::likely) return {};
    if (builtin->result == BuiltinResult::same) return first;
    if (builtin->result == BuiltinResult::scalar) return Guess::of({});
    if (builtin->result == BuiltinResult::without_last)
      return Guess::of({first.dims.begin(), first.dims.end() - 1});
    return {};
  }

  Guess user_call(const syntax::Call& call, const Entity& function, std::size_t result) {
    const auto& equation = std::get<Equation>(c_.program_.statements[function.statement].kind);
    const Left& left = equation.lefts[function.item];
    if (left.parameters.size() != call.arguments.size() || call.arguments.empty()) return {};
    const bool scalars =
        std::ranges::all_of(left.parameters, [](const syntax::Parameter& p) { return p.axes.empty(); });
    if (scalars) {
      Guess all = at(call.arguments[0].value);
      for (const syntax::Argument& a : call.arguments) all = joined(all, at(a.value));
      return left.subscripts.empty() ? all : Guess{};
    }
    std::map<TextId, Guess> parameters;
    std::map<TextId, DimId> generic;
    for (std::size_t k = 0; k < left.parameters.size(); ++k) {
      const syntax::Parameter& p = left.parameters[k];
      const Guess& argument = at(call.arguments[k].value);
      Guess made = argument;
      std::vector<DimId> dims;
      for (std::size_t j = 0; j < p.axes.size(); ++j) {
        const Name* name = std::get_if<Name>(&c_.program_[p.axes[j]].kind);
        const Entity* dim = name ? c_.names_.find(name->name) : nullptr;
        if (dim && dim->kind == EntityKind::dim)
          dims.push_back(dim->dim);
        else if (name && argument.dims.size() == p.axes.size())
          dims.push_back(generic[name->name] = argument.dims[j]);
        else if (name && generic.contains(name->name))
          dims.push_back(generic[name->name]);
      }
      if (dims.size() == p.axes.size()) {
        made = Guess::of(dims);
        if (argument.surety == Surety::unknown) learn(call.arguments[k].value, dims);
      }
      parameters[p.name.text] = made;
    }
    if (depth_ >= 8) return {};
    const auto names = [&](TextId name) {
      const auto parameter = parameters.find(name);
      return parameter != parameters.end() ? parameter->second : c_.guess_name(r_, name);
    };
    if (result > equation.further.size()) return {};
    Guess body = ShapeGuess(c_, r_, c_.program_.statements[function.statement], names, depth_ + 1)
                     .of(result == 0 ? equation.value : equation.further[result - 1]);
    if (left.subscripts.empty()) return body;
    if (body.surety != Surety::scalar && body.surety != Surety::unknown) return {};
    std::vector<DimId> dims;
    for (const LeftSubscript& s : left.subscripts) {
      const DimId dim = axis_of(s, equation.value, generic, parameters);
      if (!dim.valid()) return {};
      dims.push_back(dim);
    }
    return Guess::of(std::move(dims));
  }

  // The dim of an axis on the left side of a function or local name.
  DimId axis_of(const LeftSubscript& s, ExprId value, const std::map<TextId, DimId>& generic,
                const std::map<TextId, Guess>& parameters) {
    const auto dim_of = [&](ExprId id) {
      const Name* name = std::get_if<Name>(&c_.program_[id].kind);
      if (!name) return DimId{};
      if (auto found = generic.find(name->name); found != generic.end()) return found->second;
      const Entity* dim = c_.names_.find(name->name);
      return dim && dim->kind == EntityKind::dim ? dim->dim : DimId{};
    };
    if (s.range) return s.range->is_dim() ? dim_of(s.range->first) : DimId{};
    if (const DimId dim = dim_of(s.at); dim.valid()) return dim;
    const Name* index = std::get_if<Name>(&c_.program_[s.at].kind);
    if (!index) return {};
    std::vector<ExprId> stack{value};
    while (!stack.empty()) {
      const ExprId id = stack.back();
      stack.pop_back();
      for_each_child(c_.program_[id], [&](ExprId child) { stack.push_back(child); });
      const Subscript* sub = std::get_if<Subscript>(&c_.program_[id].kind);
      const Name* base = sub ? std::get_if<Name>(&c_.program_[sub->base].kind) : nullptr;
      if (!base) continue;
      const auto parameter = parameters.find(base->name);
      const Guess of = parameter != parameters.end() ? parameter->second : c_.guess_name(r_, base->name);
      for (std::size_t k = 0; k < sub->subscripts.size() && k < of.dims.size(); ++k)
        if (const Name* name = std::get_if<Name>(&c_.program_[sub->subscripts[k]].kind);
            name && name->name == index->name)
          return of.dims[k];
    }
    return {};
  }

  // A member of the circle stands as an argument where a parameter of these dims is declared.
  void learn(ExprId argument, const std::vector<DimId>& dims) {
    const Subscript* s = std::get_if<Subscript>(&c_.program_[argument].kind);
    const Name* name = std::get_if<Name>(&c_.program_[s ? s->base : argument].kind);
    Entity* entity = name ? c_.names_.find(name->name) : nullptr;
    Recurrence::Member* m = entity ? r_.member(entity, c_.names_.all()) : nullptr;
    if (!m || m->further) return;
    const std::size_t rank = (s ? s->subscripts.size() : 0) + dims.size();
    if (rank < m->axes.size()) return;
    const std::size_t more = std::min(rank - m->axes.size(), dims.size());
    m->further = std::vector<DimId>(dims.end() - static_cast<std::ptrdiff_t>(more), dims.end());
  }

  Checker& c_;
  Recurrence& r_;
  std::int32_t first_;
  std::vector<Guess> guesses_;
  Names names_;
  int depth_;
};

Guess Checker::guess_name(Recurrence& r, TextId name) {
  Entity* entity = names_.find(name);
  if (!entity) return Guess::of({});  // an index, or a mistake that is told later
  if (const Recurrence::Member* m = r.member(entity, names_.all())) {
    if (!m->further) return {};
    std::vector<DimId> dims;
    for (const Recurrence::Axis& axis : m->axes) dims.push_back(axis.dim);
    dims.insert(dims.end(), m->further->begin(), m->further->end());
    return Guess::of(std::move(dims));
  }
  return entity->kind == EntityKind::function ? Guess{} : Guess::of(entity->shape.dims);
}

void Checker::guess_shapes(Recurrence& r) {
  const auto guess = [&](const Line& line) {
    const Statement& statement = program_.statements[line.statement];
    std::set<const Local*> active;  // one that reads itself is told later
    const ShapeGuess::Names names = [&](TextId name) {
      if (std::ranges::any_of(line.axes, [&](const LeftAxis& axis) { return axis.name == name; }))
        return Guess::of({});
      for (const Local& local : line.tail->locals)
        for (std::size_t item = 0; item < local.lefts.size(); ++item) {
          if (local.lefts[item].name.text != name) continue;
          if (!active.insert(&local).second) return Guess{};
          const Guess made = ShapeGuess(*this, r, statement, names, 0).of_local(local, item);
          active.erase(&local);
          return made;
        }
      return guess_name(r, name);
    };
    return ShapeGuess(*this, r, statement, names, 0).of(line.value);
  };
  for (;;) {
    Recurrence::Member *likely = nullptr, *unknown = nullptr;
    std::vector<DimId> likely_dims;
    bool progress = false;
    for (Recurrence::Member& m : r.members) {
      if (m.further) continue;
      bool all_scalar = true;
      for (std::size_t l : m.lines) {
        const Guess g = guess(r.lines[l]);
        if (m.further) break;  // it was learned on the way
        all_scalar = all_scalar && g.surety == Surety::scalar;
        const std::size_t rank = r.lines[l].rank() + g.dims.size();
        if (g.surety < Surety::likely || rank < m.axes.size()) continue;
        const std::size_t more = rank - m.axes.size();
        const std::vector<DimId> dims(
            g.dims.end() - static_cast<std::ptrdiff_t>(std::min(more, g.dims.size())), g.dims.end());
        if (g.surety == Surety::sure)
          m.further = dims;
        else if (!likely)
          likely = &m, likely_dims = dims;
        if (m.further) break;
      }
      if (!m.further && all_scalar) m.further = std::vector<DimId>{};
      progress = progress || m.further;
      if (!m.further && !unknown) unknown = &m;
    }
    if (progress) continue;
    if (likely)
      likely->further = likely_dims;
    else if (unknown)
      unknown->further = std::vector<DimId>{};
    else
      return;
  }
}

}  // namespace gradc::sema
