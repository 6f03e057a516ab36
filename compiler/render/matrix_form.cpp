// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/matrix_form.h"

#include <algorithm>

#include "compiler/equations/definition.h"
#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/render/arrange.h"

namespace gradc::matrix {
namespace {

constexpr int deepest = 200;  // nobody reads a formula of that many brackets

bool is_whole(const Binder& b) {
  return b.index.dim.valid() && b.lower->is_constant(0) && b.upper->kind == ExprKind::size &&
         b.upper->dim == b.index.dim;
}

void add_dims(Expr e, std::unordered_set<DimId>& dims) {
  for (Index index : e->free)
    if (index.dim.valid()) dims.insert(index.dim);
}

}  // namespace

std::unordered_set<DimId> label_dims(const System& system) {
  const Context& c = system.context();
  std::unordered_set<DimId> labels;
  std::vector<Expr> roots;
  std::unordered_set<TensorId> tensors;
  for (const Definition& d : system.definitions()) {
    for (Expr e : expressions(d)) roots.push_back(e);
    for (TensorId t : tensors_defined_by(d)) tensors.insert(t);
    for (TensorId t : reads(d)) tensors.insert(t);
  }
  for (Expr root : roots)
    for (Expr e : reachable_nodes(root)) {
      const bool compares = e->is(op_less) || e->is(op_less_equal) || e->is(op_not_equal);
      if (e->is(op_to_real) || (compares && e->operands[0]->type == Type::integer)) add_dims(e, labels);
      const bool places = e->kind == ExprKind::access || e->is(op_equal);
      if (places)
        for (Expr s : e->operands)
          if (s->kind != ExprKind::position && s->type == Type::integer) add_dims(s, labels);
    }
  for (bool more = true; more;) {
    more = false;
    for (TensorId t : tensors) {
      const Tensor& tensor = c.tensor(t);
      if (tensor.of.valid()) continue;  // its axes are those of others
      const auto is_axis = [&](DimId dim) { return !labels.contains(dim); };
      if (std::ranges::count_if(tensor.dims, is_axis) <= 2) continue;
      labels.insert(*std::ranges::find_if(tensor.dims, is_axis));
      more = true;
    }
  }
  return labels;
}

std::optional<TermId> MatrixForm::of(Expr value, const std::vector<Index>& axes) {
  if (value->type != Type::real) return std::nullopt;
  const std::optional<Shaped> s = convert(value, 0);
  return s ? oriented(*s, axes, false) : std::nullopt;
}

std::optional<TermId> MatrixForm::of(const Call& call) {
  const Context& c = system_.context();
  if (leading_axes(c, call) > 0) return std::nullopt;
  std::vector<TermId> arguments;
  for (TensorId t : call.arguments) {
    const std::optional<TermId> argument = whole(t);
    if (!argument) return std::nullopt;
    arguments.push_back(*argument);
  }
  const std::string_view id = call.op->id;
  if (id == "inverse") return t_.inverse(arguments[0]);
  if (!call.op->right) return t_.call(*call.op, arguments);
  // A triangle is all of its matrix if that is a Cholesky factor.
  const Definition* behind = system_.find(call.arguments[0]);
  const Call* factor = behind ? std::get_if<Call>(&behind->rule) : nullptr;
  const bool lower = factor && factor->op->id == "cholesky";
  if (id == "solve" || (id == "solve_lower" && lower))
    return t_.product({t_.inverse(arguments[0]), arguments[1]});
  if (id == "solve_transposed" || (id == "solve_lower_transposed" && lower))
    return t_.product({t_.transpose(t_.inverse(arguments[0])), arguments[1]});
  return std::nullopt;
}

// What the file does not name is written out.
std::optional<TermId> MatrixForm::whole(TensorId t) {
  const Context& c = system_.context();
  const Definition* d = c.tensor(t).auxiliary ? system_.find(t) : nullptr;
  if (const Call* call = d ? std::get_if<Call>(&d->rule) : nullptr)
    if (const std::optional<TermId> made = of(*call)) return made;
  std::vector<Index> axes;
  for (std::size_t k = 0; k < c.tensor(t).rank(); ++k)
    axes.push_back(Index::slot(static_cast<std::int32_t>(k), c.tensor(t).dims[k]));
  for (Index i : axes)
    if (is_label(i)) return std::nullopt;
  if (d && d->define())
    if (const std::optional<TermId> made = of(d->define()->value, axes)) return made;
  return of(system_.context().access_by_slots(t), axes);
}

// With the axes in this order. What depends on fewer of them is the same along the others: a product with
// ones there, but a scalar in a sum may stand as it is (1 - a).
std::optional<TermId> MatrixForm::oriented(const Shaped& s, const std::vector<Index>& axes,
                                           bool scalars_spread) {
  for (Index k : s.axes)
    if (std::ranges::find(axes, k) == axes.end()) return std::nullopt;
  if (s.axes.size() == axes.size())
    return axes.size() == 2 && s.axes[0] != axes[0] ? t_.transpose(s.term) : s.term;
  if (s.axes.empty()) {
    if (scalars_spread) return s.term;
    const TermId ones = t_.ones(axes[0].dim);
    return t_.product(axes.size() == 1 ? std::vector{s.term, ones}
                                       : std::vector{s.term, ones, t_.transpose(t_.ones(axes[1].dim))});
  }
  if (s.axes[0] == axes[0]) return t_.product({s.term, t_.transpose(t_.ones(axes[1].dim))});
  return t_.product({t_.ones(axes[0].dim), t_.transpose(s.term)});
}

std::optional<Shaped> MatrixForm::convert(Expr e, int depth) {
  if (depth > deepest) return std::nullopt;
  e = without_conversion(e);
  switch (e->kind) {
    case ExprKind::constant: return Shaped{t_.number(*e->value), {}};
    case ExprKind::size: return Shaped{t_.scalar(e), {}};
    case ExprKind::position:
      if (!is_label(e->index)) return std::nullopt;
      return Shaped{t_.scalar(e), {}};
    case ExprKind::access: return convert_access(e);
    case ExprKind::reduce:
      if (e->reduction != &reduce_sum) return convert_reduction(e, depth);
      break;
    case ExprKind::choose: break;
    case ExprKind::apply:
      if (e->is(op_add) || e->is(op_sub)) return convert_sum(e, depth);
      if (e->type == Type::integer) {  // a count of labels and sizes
        for (Index index : e->free)
          if (!is_label(index)) return std::nullopt;
        return Shaped{t_.scalar(e), {}};
      }
      const bool product = e->is(op_mul) || e->is(op_div) || e->is(op_neg) || e->is(op_pow);
      if (!product) return convert_function(e, depth);
      break;
  }
  Monomial m;
  if (!flatten(e, false, m, depth)) return std::nullopt;
  return contract(t_, std::move(m));
}

// One name with its axes; other subscripts stay as labels.
std::optional<Shaped> MatrixForm::convert_access(Expr e) {
  if (e->type != Type::real) return std::nullopt;
  std::vector<Index> axes;
  for (Expr s : e->operands) {
    if (s->kind == ExprKind::position && !is_label(s->index)) {
      axes.push_back(s->index);
      continue;
    }
    for (Index index : s->free)
      if (!is_label(index)) return std::nullopt;
  }
  if (axes.size() > 2) return std::nullopt;
  if (const Definition* d = system_.find(e->tensor); d && axes.size() == e->operands.size())
    if (const Call* call = std::get_if<Call>(&d->rule); call && system_.context().tensor(e->tensor).auxiliary)
      if (const std::optional<TermId> made = of(*call)) return Shaped{*made, axes};
  // The node that stands for the whole: its axes by slots before the first, so that A[i, j] and A[k, l] are
  // one.
  std::vector<Expr> subscripts;
  std::int32_t axis = 0;
  for (Expr s : e->operands)
    subscripts.push_back(s->kind == ExprKind::position && !is_label(s->index)
                             ? t_.context().position(Index::slot(--axis, s->index.dim))
                             : s);
  const Shape shape{!axes.empty(), axes.size() == 2};
  return Shaped{t_.name(t_.context().access(e->tensor, subscripts), shape), axes};
}

// All parts over the same axes; `terms` in the order of the parts.
std::optional<Shaped> MatrixForm::spread(const std::vector<Shaped>& parts, std::vector<TermId>& terms) {
  std::vector<Index> axes;
  const auto whole = std::ranges::find_if(parts, [](const Shaped& p) { return p.axes.size() == 2; });
  if (whole != parts.end()) axes = whole->axes;
  for (const Shaped& p : parts)
    for (Index k : p.axes)
      if (std::ranges::find(axes, k) == axes.end()) axes.push_back(k);
  if (axes.size() > 2) return std::nullopt;
  for (const Shaped& p : parts) {
    const std::optional<TermId> term = oriented(p, axes, true);
    if (!term) return std::nullopt;
    terms.push_back(*term);
  }
  return Shaped{{}, axes};
}

std::optional<Shaped> MatrixForm::convert_sum(Expr root, int depth) {
  std::vector<Shaped> parts;
  std::vector<bool> negative;
  std::vector<std::pair<Expr, bool>> pending{{root, false}};
  while (!pending.empty()) {
    const auto [term, minus] = pending.back();
    pending.pop_back();
    const Expr e = without_conversion(term);
    if (e->is(op_add) || e->is(op_sub)) {
      pending.emplace_back(e->operands[1], e->is(op_sub) != minus);
      pending.emplace_back(e->operands[0], minus);
      continue;
    }
    const std::optional<Shaped> part = convert(e, depth + 1);
    if (!part) return std::nullopt;
    parts.push_back(*part);
    negative.push_back(minus);
  }
  std::vector<TermId> terms;
  std::optional<Shaped> result = spread(parts, terms);
  if (!result) return std::nullopt;
  for (std::size_t k = 0; k < terms.size(); ++k)
    if (negative[k]) terms[k] = t_.negative(terms[k]);
  result->term = t_.sum(terms);
  return result;
}

std::optional<Shaped> MatrixForm::convert_function(Expr e, int depth) {
  if (e->type != Type::real) return std::nullopt;
  std::vector<Shaped> parts;
  for (Expr argument : e->operands) {
    const std::optional<Shaped> part = convert(argument, depth + 1);
    if (!part) return std::nullopt;
    parts.push_back(*part);
  }
  std::vector<TermId> terms;
  std::optional<Shaped> result = spread(parts, terms);
  if (!result) return std::nullopt;
  if (e->op->id == "exp_difference") {  // e^{x - y}
    result->term = t_.function(op_exp, {t_.difference(terms[0], terms[1])});
    return result;
  }
  if (e->is(op_sqrt) || e->op->id == "root") {
    const Term& inside = t_[terms[0]];
    if (inside.kind == Kind::power && t_.is(inside.operands[0], Kind::norm) && inside.value == Rational(2)) {
      result->term = inside.operands[0];
      return result;
    }
    if (inside.kind == Kind::product && inside.value.is_one() && inside.operands.size() == 2 &&
        t_.transpose(inside.operands[0]) == inside.operands[1]) {
      result->term = t_.norm(inside.operands[1]);
      return result;
    }
  }
  result->term = t_.function(*e->op, terms);
  return result;
}

// log Σ e^z is written out; a greatest or least number is not a formula of matrices.
std::optional<Shaped> MatrixForm::convert_reduction(Expr e, int depth) {
  if (e->reduction != &reduce_logsumexp || !e->guard()->is_constant(1)) return std::nullopt;
  const OpenedReduction o = open(e);
  const std::optional<Shaped> body = convert(o.body, depth + 1);
  if (!body) return std::nullopt;
  Monomial m;
  for (const Binder& b : o.binders) {
    if (!is_whole(b) || is_label(b.index)) return std::nullopt;
    m.bound.push_back(b.index);
  }
  m.factors.push_back({t_.function(op_exp, {body->term}), body->axes});
  std::optional<Shaped> result = contract(t_, std::move(m));
  if (result) result->term = t_.function(op_log, {result->term});
  return result;
}

// [i == j] is the identity, [k == label] a unit vector, [z > 0] a matrix of zeros and ones.
bool MatrixForm::indicator(Expr condition, Monomial& m, int depth) {
  for (Expr part : conjuncts(condition)) {
    if ((part->is(op_less) || part->is(op_less_equal)) && part->operands[0]->type == Type::real) {
      const std::optional<Shaped> a = convert(part->operands[0], depth + 1),
                                  b = convert(part->operands[1], depth + 1);
      std::vector<TermId> sides;
      const std::optional<Shaped> both = a && b ? spread({*a, *b}, sides) : std::nullopt;
      if (!both || both->axes.empty()) return false;
      m.factors.push_back({t_.function(*part->op, sides), both->axes});
      continue;
    }
    if (!part->is(op_equal)) return false;
    const auto is_axis = [&](Expr s) { return s->kind == ExprKind::position && !is_label(s->index); };
    const Expr a = part->operands[0], b = part->operands[1];
    if (is_axis(a) && is_axis(b)) {
      m.factors.push_back({t_.identity(a->index.dim), {a->index, b->index}});
      continue;
    }
    if (is_axis(a) == is_axis(b)) return false;
    const Expr axis = is_axis(a) ? a : b, which = is_axis(a) ? b : a;
    for (Index index : which->free)
      if (!is_label(index)) return false;
    m.factors.push_back({t_.unit(which, axis->index.dim), {axis->index}});
  }
  return true;
}

// ‖x‖ = 0, where the derivative is 0 by a convention that a footnote tells.
bool MatrixForm::is_norm_at_zero(Expr condition) const {
  if (!condition->is(op_equal)) return false;
  for (const std::size_t side : {0, 1}) {
    if (!condition->operands[1 - side]->is_constant(0)) continue;
    Expr e = condition->operands[side];
    if (e->kind == ExprKind::access)
      if (const Definition* d = system_.find(e->tensor); d && d->define()) e = d->define()->value;
    if (e->kind == ExprKind::apply && e->op->id == "root") return true;
  }
  return false;
}

bool MatrixForm::flatten_reduction(Expr e, Monomial& m, int depth) {
  const OpenedReduction o = open(e);
  std::vector<Binder> labels;
  for (const Binder& b : o.binders) {
    if (is_label(b.index))
      labels.push_back(b);
    else if (is_whole(b))
      m.bound.push_back(b.index);
    else
      return false;
  }
  if (labels.empty()) {
    if (!o.guard->is_constant(1) && !indicator(o.guard, m, depth)) return false;
    return flatten(o.body, false, m, depth + 1);
  }
  if (labels.size() != 1 || o.binders.size() != 1 || !o.guard->is_constant(1) || !is_whole(labels[0]))
    return false;
  const std::optional<Shaped> body = convert(o.body, depth + 1);
  if (!body) return false;
  const TermId sum = t_.label_sum(t_.context().position(labels[0].index), body->term);
  if (body->axes.empty())
    m.over.push_back(sum);
  else
    m.factors.push_back({sum, body->axes});
  return true;
}

bool MatrixForm::flatten(Expr e, bool under, Monomial& m, int depth) {
  if (depth > deepest) return false;
  e = without_conversion(e);
  if (e->is_constant() && !(under && e->value->is_zero())) {
    m.number = under ? m.number / *e->value : m.number * *e->value;
    return true;
  }
  if (e->is(op_neg)) {
    m.number = -m.number;
    return flatten(e->operands[0], under, m, depth + 1);
  }
  if (e->is(op_mul) || e->is(op_div))
    return flatten(e->operands[0], under, m, depth + 1) &&
           flatten(e->operands[1], e->is(op_div) != under, m, depth + 1);
  if (e->is(reduce_sum) && !under) return flatten_reduction(e, m, depth);
  if (e->kind == ExprKind::choose && e->on_false()->is_constant(0) && !under) {
    Monomial attempt = m;
    if (indicator(e->condition(), attempt, depth) && flatten(e->on_true(), false, attempt, depth + 1)) {
      m = std::move(attempt);
      return true;
    }
  }
  if (e->kind == ExprKind::choose && e->on_true()->is_constant(0) && is_norm_at_zero(e->condition()))
    return flatten(e->on_false(), under, m, depth + 1);
  std::optional<Rational> exponent = e->is(op_pow) ? literal(e->operands[1]) : std::nullopt;
  if (exponent && exponent->sign() < 0) {
    under = !under;
    exponent = -*exponent;
  }
  std::optional<Shaped> s;
  if (exponent) {
    s = convert(e->operands[0], depth + 1);
    if (!s) return false;
    const bool twice = *exponent == Rational(2) && !s->axes.empty();
    if (twice && !under) m.factors.push_back(*s);
    if (!twice || under) s->term = t_.power(s->term, *exponent);
  } else if (e->is(op_pow)) {
    s = convert_function(e, depth);
  } else if (e->kind == ExprKind::choose) {
    for (Index index : e->condition()->free)
      if (!is_label(index)) return false;
    const std::optional<Shaped> a = convert(e->on_true(), depth + 1), b = convert(e->on_false(), depth + 1);
    std::vector<TermId> sides;
    if (!a || !b || !(s = spread({*a, *b}, sides))) return false;
    s->term = t_.choice(e->condition(), sides[0], sides[1]);
  } else {
    s = convert(e, depth + 1);
  }
  if (!s) return false;
  if (s->axes.empty())
    (under ? m.under : m.over).push_back(s->term);
  else
    m.factors.push_back({under ? t_.quotient(t_.number(1), s->term) : s->term, s->axes});
  return true;
}

}  // namespace gradc::matrix
