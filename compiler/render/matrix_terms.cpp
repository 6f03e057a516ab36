// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/matrix_terms.h"

#include <algorithm>

#include "compiler/equations/operator.h"
#include "compiler/support/check.h"

namespace gradc::matrix {

TermId Terms::intern(Term term) {
  std::string key = std::to_string(static_cast<int>(term.kind)) + (term.shape.rows ? "r" : "") +
                    (term.shape.columns ? "c" : "") + term.value.to_string();
  if (term.expr) key += " e" + std::to_string(term.expr->id);
  if (term.dim.valid()) key += " d" + std::to_string(term.dim.value);
  if (term.call) key += " " + std::string(term.call->id);
  if (term.op) key += " " + std::string(term.op->id);
  for (TermId operand : term.operands) key += " " + std::to_string(operand.value);
  for (const Rational& factor : term.factors) key += " *" + factor.to_string();
  const auto [entry, is_new] = known_.try_emplace(std::move(key));
  if (is_new) {
    entry->second = {static_cast<std::int32_t>(terms_.size())};
    terms_.push_back(std::move(term));
  }
  return entry->second;
}

// Scalars spread: 1 - a is a vector.
Shape Terms::joined(const std::vector<TermId>& terms) const {
  Shape shape;
  for (TermId t : terms) {
    shape.rows = shape.rows || (*this)[t].shape.rows;
    shape.columns = shape.columns || (*this)[t].shape.columns;
  }
  return shape;
}

bool Terms::is_number(TermId id, std::int64_t value) const {
  return is(id, Kind::number) && (*this)[id].value == Rational(value);
}

TermId Terms::number(Rational value) { return intern({.kind = Kind::number, .value = std::move(value)}); }
TermId Terms::scalar(Expr e) { return intern({.kind = Kind::scalar, .expr = e}); }
TermId Terms::name(Expr access, Shape shape) {
  return intern({.kind = Kind::name, .shape = shape, .expr = access});
}
TermId Terms::ones(DimId dim) { return intern({.kind = Kind::ones, .shape = {true, false}, .dim = dim}); }
TermId Terms::identity(DimId dim) {
  return intern({.kind = Kind::identity, .shape = {true, true}, .dim = dim});
}
TermId Terms::unit(Expr which, DimId dim) {
  return intern({.kind = Kind::unit, .shape = {true, false}, .expr = which, .dim = dim});
}

TermId Terms::scaled(Rational factor, TermId a) {
  Parts p = parts(a);
  p.number = p.number * factor;
  return made(std::move(p));
}

// ---- products

Terms::Parts Terms::parts(TermId a) const {
  Parts result;
  const Term& t = (*this)[a];
  if (t.kind == Kind::number) {
    result.number = t.value;
  } else if (t.kind == Kind::product) {
    result.number = t.value;
    for (TermId operand : t.operands)
      (shape(operand).scalar() && result.chain.empty() ? result.scalars : result.chain).push_back(operand);
  } else {
    (t.shape.scalar() ? result.scalars : result.chain).push_back(a);
  }
  return result;
}

// A chain that is a number by itself (wᵀx) is one scalar factor among others, in its own brackets.
void Terms::add_to(Parts& p, TermId factor) {
  Parts more = parts(factor);
  p.number = p.number * more.number;
  p.scalars.insert(p.scalars.end(), more.scalars.begin(), more.scalars.end());
  if (more.chain.empty()) return;
  if (shape(factor).scalar()) {
    p.scalars.push_back(made({1, {}, std::move(more.chain)}));
    return;
  }
  for (TermId t : more.chain)
    if (!(is(t, Kind::identity) && (more.chain.size() > 1 || !p.chain.empty()))) p.chain.push_back(t);
}

TermId Terms::made(Parts p) {
  if (p.number.is_zero() || (p.scalars.empty() && p.chain.empty())) return number(p.number);
  if (p.number.is_one() && p.scalars.size() + p.chain.size() == 1)
    return p.scalars.empty() ? p.chain[0] : p.scalars[0];
  Term term{.kind = Kind::product, .value = p.number};
  if (!p.chain.empty()) term.shape = {shape(p.chain.front()).rows, shape(p.chain.back()).columns};
  term.operands = std::move(p.scalars);
  term.operands.insert(term.operands.end(), p.chain.begin(), p.chain.end());
  return intern(std::move(term));
}

TermId Terms::product(const std::vector<TermId>& factors) {
  Parts p;
  for (TermId f : factors) add_to(p, f);
  for (std::size_t k = 0; k + 1 < p.chain.size(); ++k)  // diag(v)·1 is v
    if (is(p.chain[k], Kind::diagonal) && is(p.chain[k + 1], Kind::ones)) {
      p.chain[k] = (*this)[p.chain[k]].operands[0];
      p.chain.erase(p.chain.begin() + static_cast<std::ptrdiff_t>(k) + 1);
    }
  if (p.chain.size() > 1) {  // A·I
    std::vector<TermId> chain;
    for (TermId t : p.chain)
      if (!is(t, Kind::identity)) chain.push_back(t);
    if (!chain.empty()) p.chain = std::move(chain);
  }
  return made(std::move(p));
}

TermId Terms::hadamard(const std::vector<TermId>& factors) {
  Parts outside;
  std::vector<TermId> inside;
  for (TermId f : factors) {
    Parts p = parts(f);
    outside.number = outside.number * p.number;
    outside.scalars.insert(outside.scalars.end(), p.scalars.begin(), p.scalars.end());
    if (p.chain.empty()) continue;
    if (shape(f).scalar()) {
      outside.scalars.push_back(made({1, {}, p.chain}));
      continue;
    }
    const TermId rest = made({1, {}, p.chain});
    if (is(rest, Kind::hadamard))
      inside.insert(inside.end(), (*this)[rest].operands.begin(), (*this)[rest].operands.end());
    else
      inside.push_back(rest);
  }
  // Ones by element change nothing.
  if (inside.size() > 1) std::erase_if(inside, [&](TermId t) { return is(t, Kind::ones); });
  if (!inside.empty())
    outside.chain.push_back(
        inside.size() == 1 ? inside[0]
                           : intern({.kind = Kind::hadamard, .shape = joined(inside), .operands = inside}));
  return made(std::move(outside));
}

// The number stands outside: 2·(a/b), and a sign too.
TermId Terms::quotient(TermId over, TermId under) {
  if (is(under, Kind::number) && !(*this)[under].value.is_zero())
    return scaled(Rational(1) / (*this)[under].value, over);
  Parts p = parts(over);
  const Rational factor = p.number;
  p.number = 1;
  const TermId rest = made(std::move(p));
  return scaled(factor,
                intern({.kind = Kind::quotient, .shape = joined({rest, under}), .operands = {rest, under}}));
}

TermId Terms::transpose(TermId a) {
  const Term& t = (*this)[a];
  if (t.shape.scalar() || t.kind == Kind::identity || t.kind == Kind::diagonal) return a;
  if (t.kind == Kind::transpose) return t.operands[0];
  if (t.kind == Kind::product) {
    Parts p = parts(a);
    std::ranges::reverse(p.chain);
    for (TermId& factor : p.chain) factor = transpose(factor);
    return distributed_if_shorter(made(std::move(p)));
  }
  if (t.kind == Kind::sum) {  // (B + Bᵀ)ᵀ is Bᵀ + B
    std::vector<TermId> turned;
    for (std::size_t k = 0; k < t.operands.size(); ++k)
      turned.push_back(scaled(t.factors[k], transpose(t.operands[k])));
    const TermId inside = sum(turned);
    if (transposes(inside) <= transposes(a)) return inside;
  }
  // Of a symmetric matrix: (AᵀA)⁻¹.
  if (t.kind == Kind::inverse && transpose(t.operands[0]) == t.operands[0]) return a;
  return intern({.kind = Kind::transpose, .shape = {t.shape.columns, t.shape.rows}, .operands = {a}});
}

bool Terms::is_signed_name(TermId a) const {
  const Term& t = (*this)[a];
  if (t.kind == Kind::product)
    return t.value == Rational(-1) && t.operands.size() == 1 && is(t.operands[0], Kind::name);
  return t.kind == Kind::name;
}

TermId Terms::inverse(TermId a) {
  if (is(a, Kind::transpose)) return transpose(inverse((*this)[a].operands[0]));
  if (is(a, Kind::identity)) return a;
  if (is(a, Kind::inverse)) return (*this)[a].operands[0];
  return intern({.kind = Kind::inverse, .shape = {true, true}, .operands = {a}});
}

// ---- functions of matrices

TermId Terms::diagonal(TermId vector) {
  if (is(vector, Kind::ones)) return identity((*this)[vector].dim);
  if (shape(vector).scalar()) return vector;
  Parts p = parts(vector);
  const TermId inside = made({1, {}, p.chain});
  const Term term{.kind = Kind::diagonal, .shape = {true, true}, .operands = {inside}};
  p.chain = {intern(term)};
  return made(std::move(p));
}

TermId Terms::diagonal_of(TermId matrix) {
  if (is(matrix, Kind::diagonal)) return (*this)[matrix].operands[0];
  return intern({.kind = Kind::diagonal_of, .shape = {true, false}, .operands = {matrix}});
}

TermId Terms::trace(TermId a) {
  Parts p = parts(a);
  const Term term{.kind = Kind::trace, .operands = {made({1, {}, p.chain})}};
  p.chain.clear();
  p.scalars.push_back(intern(term));
  return made(std::move(p));
}

TermId Terms::norm(TermId a) { return intern({.kind = Kind::norm, .operands = {a}}); }

TermId Terms::function(const Operator& op, std::vector<TermId> operands) {
  const Shape shape = joined(operands);
  return intern({.kind = Kind::function, .shape = shape, .op = &op, .operands = std::move(operands)});
}

TermId Terms::call(const CallOperator& op, std::vector<TermId> operands) {
  const bool square = op.value == CallOperator::Value::square;
  return intern(
      {.kind = Kind::call, .shape = {square, square}, .call = &op, .operands = std::move(operands)});
}

TermId Terms::power(TermId base, Rational exponent) {
  if (exponent.is_one()) return base;
  return intern({.kind = Kind::power, .shape = shape(base), .value = exponent, .operands = {base}});
}

TermId Terms::choice(Expr condition, TermId on_true, TermId on_false) {
  return intern({.kind = Kind::choice,
                 .shape = joined({on_true, on_false}),
                 .expr = condition,
                 .operands = {on_true, on_false}});
}

TermId Terms::label_sum(Expr binder, TermId body) {
  return intern({.kind = Kind::label_sum, .shape = shape(body), .expr = binder, .operands = {body}});
}

}  // namespace gradc::matrix
