// Sums of matrix terms: equal summands become one, and what they share stands outside where that is shorter.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/render/matrix_terms.h"

namespace gradc::matrix {

TermId Terms::sum(const std::vector<TermId>& terms) {
  std::vector<TermId> bodies;
  std::vector<Rational> factors;
  const auto add = [&](TermId body, const Rational& factor) {
    const auto found = std::ranges::find(bodies, body);
    if (found == bodies.end()) {
      bodies.push_back(body);
      factors.push_back(factor);
    } else {
      Rational& known = factors[static_cast<std::size_t>(found - bodies.begin())];
      known = known + factor;
    }
  };
  for (TermId t : terms) {
    Parts p = parts(t);
    const Rational factor = p.number;
    p.number = 1;
    const TermId body = made(std::move(p));
    if (is(body, Kind::sum))
      for (std::size_t k = 0; k < (*this)[body].operands.size(); ++k)
        add((*this)[body].operands[k], factor * (*this)[body].factors[k]);
    else
      add(body, factor);
  }
  for (std::size_t k = bodies.size(); k-- > 0;)
    if (factors[k].is_zero()) {
      bodies.erase(bodies.begin() + static_cast<std::ptrdiff_t>(k));
      factors.erase(factors.begin() + static_cast<std::ptrdiff_t>(k));
    }
  while (bodies.size() > 1 && (join_by_end(bodies, factors, true) || join_by_end(bodies, factors, false))) {
  }
  if (bodies.empty()) return number(0);
  if (bodies.size() == 1) return scaled(factors[0], bodies[0]);
  return made_sum(bodies, factors);
}

// B x + Bᵀ x is (B + Bᵀ) x: the first summands that begin (or end) with the same matrix, and have the same
// number before it but for the sign, become one.
bool Terms::join_by_end(std::vector<TermId>& bodies, std::vector<Rational>& factors, bool left) {
  const auto end = [&](const Parts& p) { return left ? p.chain.front() : p.chain.back(); };
  const auto rest = [&](const Parts& p) {
    std::vector<TermId> chain = p.chain;
    chain.erase(left ? chain.begin() : chain.end() - 1);
    return made({1, {}, std::move(chain)});
  };
  for (std::size_t first = 0; first < bodies.size(); ++first) {
    const Parts p = parts(bodies[first]);
    if (p.chain.size() < 2 || shape(rest(p)).scalar()) continue;
    std::vector<TermId> inner{rest(p)};
    std::vector<std::size_t> others;
    for (std::size_t k = first + 1; k < bodies.size(); ++k) {
      const Parts q = parts(bodies[k]);
      if (q.chain.size() < 2 || q.scalars != p.scalars || end(q) != end(p)) continue;
      if (factors[k] != factors[first] && factors[k] != -factors[first]) continue;
      if (shape(rest(q)) != shape(inner[0])) continue;
      inner.push_back(scaled(factors[k] / factors[first], rest(q)));
      others.push_back(k);
    }
    if (others.empty()) continue;
    std::vector<TermId> row = p.scalars;
    const TermId together = sum(inner);
    row.push_back(left ? end(p) : together);
    row.push_back(left ? together : end(p));
    int apart = length(bodies[first]);
    for (std::size_t k : others) apart += 1 + length(bodies[k]);
    if (length(product(row)) > apart) continue;
    Parts whole = parts(product(row));
    factors[first] = factors[first] * whole.number;
    whole.number = 1;
    bodies[first] = made(std::move(whole));
    for (auto k = others.rbegin(); k != others.rend(); ++k) {
      bodies.erase(bodies.begin() + static_cast<std::ptrdiff_t>(*k));
      factors.erase(factors.begin() + static_cast<std::ptrdiff_t>(*k));
    }
    return true;
  }
  return false;
}

// Bᵀ Xᵀ + Xᵀ Bᵀ is (X B + B X)ᵀ.
TermId Terms::made_sum(const std::vector<TermId>& bodies, const std::vector<Rational>& factors) {
  const auto plain = [&](std::vector<TermId> operands) {
    const Shape shape = joined(operands);
    return intern({.kind = Kind::sum, .shape = shape, .operands = std::move(operands), .factors = factors});
  };
  const bool transposed = std::ranges::all_of(bodies, [&](TermId t) {
    const Parts p = parts(t);
    return p.chain.size() > 1 && std::ranges::all_of(p.chain, [&](TermId f) {
             return is(f, Kind::transpose) && shape(f) == Shape{true, true};
           });
  });
  if (!transposed) return plain(bodies);
  std::vector<TermId> turned;
  for (TermId t : bodies) turned.push_back(transpose(t));
  const TermId inside = plain(std::move(turned));
  return intern({.kind = Kind::transpose, .shape = shape(inside), .operands = {inside}});
}

std::size_t Terms::transposes(TermId a) const {
  // That of an inverse is one sign with it.
  std::size_t count = is(a, Kind::transpose) && !is((*this)[a].operands[0], Kind::inverse) ? 1 : 0;
  for (TermId operand : (*this)[a].operands) count += transposes(operand);
  return count;
}

// (Bᵀ + B) X is Bᵀ X + B X.
TermId Terms::distributed_if_shorter(TermId a) {
  const Parts p = parts(a);
  const auto which = std::ranges::find_if(p.chain, [&](TermId t) { return is(t, Kind::sum); });
  if (which == p.chain.end()) return a;
  const Term inner = (*this)[*which];
  const auto place = static_cast<std::size_t>(which - p.chain.begin());
  std::vector<TermId> summands;
  for (std::size_t k = 0; k < inner.operands.size(); ++k) {
    std::vector<TermId> row = p.scalars;
    row.insert(row.end(), p.chain.begin(), p.chain.end());
    row[p.scalars.size() + place] = inner.operands[k];
    summands.push_back(scaled(p.number * inner.factors[k], product(row)));
  }
  const TermId result = sum(summands);
  return length(result) < length(a) ? result : a;
}

}  // namespace gradc::matrix
