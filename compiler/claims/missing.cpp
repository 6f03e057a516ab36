// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/claims/missing.h"

#include <algorithm>
#include <functional>

#include "compiler/operators/build.h"

namespace gradc {
namespace {

constexpr std::size_t most_candidates = 200, wanted_samples = 24, most_points_tried = 40;
constexpr std::int64_t largest_denominator = 720, elements_by_number = 4;

// A named quantity, or one of its elements, and its values at the samples.
struct Candidate {
  Expr expr;
  TensorId side;
  std::vector<Precise> values;
};

struct Samples {
  std::vector<Precise> left, right;
  std::vector<Candidate> candidates;
};

// Every way to subscript a tensor by the claim's indices, or by a number where none fits and few are there.
void add_elements(Context& c, const Claim& claim, TensorId t, std::vector<Candidate>& result) {
  const Tensor& tensor = c.tensor(t);
  std::vector<std::vector<Expr>> all{{}};
  for (const DimId dim : tensor.dims) {
    std::vector<Expr> choices;
    for (std::size_t k = 0; k < claim.dims.size(); ++k)
      if (claim.dims[k] == dim) choices.push_back(c.position(Index::slot(static_cast<std::int32_t>(k), dim)));
    const Dim& d = c.dim(dim);
    const auto size = d.size && d.size->is_constant() ? d.size->value->to_int64() : std::nullopt;
    if (choices.empty() && size && *size <= elements_by_number)
      for (std::int64_t i = 0; i < *size; ++i) choices.push_back(c.integer(i));
    std::vector<std::vector<Expr>> longer;
    for (const std::vector<Expr>& subscripts : all)
      for (const Expr choice : choices) {
        longer.push_back(subscripts);
        longer.back().push_back(choice);
      }
    all = std::move(longer);
  }
  for (const std::vector<Expr>& subscripts : all) {
    if (result.size() >= most_candidates) return;
    const Expr element = c.access(t, subscripts);
    result.push_back({tensor.type == Type::real ? element : to_real(element), {}, {}});
  }
}

Samples take_samples(const Model& model, const Claim& claim, std::uint64_t seed) {
  Samples samples;
  ClaimedSystem claimed = claimed_system(model, claim);
  Context& c = claimed.system.context();
  std::vector<TensorId> named = model.equations;
  for (const Declaration& d : model.declarations) named.push_back(d.tensor);
  for (const TensorId t : named)
    if (c.tensor(t).type != Type::boolean) add_elements(c, claim, t, samples.candidates);
  System whole = model.system;
  for (const Definition& d : claimed.system.definitions())
    if (!whole.find(d.tensor)) whole.add(d);
  std::vector<TensorId> outputs{claimed.left, claimed.right};
  for (Candidate& candidate : samples.candidates)
    outputs.push_back(candidate.side = add_side(whole, claim, candidate.expr));
  whole = reachable(whole, outputs);
  const ClaimPoints points(model, whole, seed);
  for (std::size_t k = 0; k < std::min(points.count(), most_points_tried); ++k) {
    if (samples.left.size() >= wanted_samples) break;
    // From the end: the first ones are special.
    const Point<Precise> point = points.draw(points.count() - 1 - k);
    Evaluator<Precise> evaluator(whole, point);
    const auto left = evaluator.tensor(claimed.left), right = evaluator.tensor(claimed.right);
    if (!left || !right) continue;
    std::vector<std::optional<Values<Precise>>> values;
    for (const Candidate& candidate : samples.candidates) values.push_back(evaluator.tensor(candidate.side));
    for (std::size_t i = 0; i < std::min<std::size_t>(left->reals.size(), 4); ++i) {
      const std::size_t at = (i * 7 + k) % left->reals.size();
      if (!isfinite(left->reals[at]) || !isfinite(right->reals[at])) continue;
      samples.left.push_back(left->reals[at]);
      samples.right.push_back(right->reals[at]);
      for (std::size_t n = 0; n < values.size(); ++n)
        samples.candidates[n].values.push_back(values[n] ? values[n]->reals[at] : Precise::nan());
    }
  }
  return samples;
}

// The number that all of them are; none if they differ or it is not a simple one.
std::optional<Rational> one_number(const std::vector<Precise>& numbers) {
  if (numbers.size() < 4) return std::nullopt;
  for (const Precise& x : numbers)
    if (!isfinite(x) || !nearly_equal(x, numbers[0])) return std::nullopt;
  return simple_fraction(numbers[0]);
}

std::vector<Precise> combined(const std::vector<Precise>& a, const std::vector<Precise>& b,
                              const std::function<Precise(const Precise&, const Precise&)>& f) {
  std::vector<Precise> result;
  for (std::size_t i = 0; i < a.size(); ++i) result.push_back(f(a[i], b[i]));
  return result;
}
// Where both are 0 there is nothing to be seen.
std::vector<Precise> quotient(const std::vector<Precise>& a, const std::vector<Precise>& b) {
  std::vector<Precise> result;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!(a[i] == Precise(0) && b[i] == Precise(0))) result.push_back(a[i] / b[i]);
  return result;
}

// v, 1/v, …: as a value and as a term.
struct Shape {
  Precise (*value)(const Precise& v);
  Expr (*term)(const Rational& k, Expr v);
};
Expr times(const Rational& k, Expr e) { return k.is_one() ? e : k == Rational(-1) ? -e : k * e; }
const Shape shapes[] = {
    {[](const Precise& v) { return v; }, [](const Rational& k, Expr v) { return times(k, v); }},
    {[](const Precise& v) { return Precise(1) / v; },
     [](const Rational& k, Expr v) { return v->context->real(k) / v; }},
    {[](const Precise& v) { return v * v; },
     [](const Rational& k, Expr v) { return times(k, pow(v, Rational(2))); }},
    {[](const Precise& v) { return v * (Precise(1) - v); },
     [](const Rational& k, Expr v) { return times(k, v) * (1 - v); }},
    {[](const Precise& v) { return Precise(1) - v * v; },
     [](const Rational& k, Expr v) { return times(k, 1 - pow(v, Rational(2))); }},
    {[](const Precise& v) { return Precise(1) - v; },
     [](const Rational& k, Expr v) { return times(k, 1 - v); }},
};

// An expression with these values: a number, or a number times a candidate in one of the shapes, or times two
// candidates.
Expr expression_for(Context& c, const std::vector<Precise>& wanted,
                    const std::vector<Candidate>& candidates) {
  if (const auto number = one_number(wanted)) return c.real(*number);
  for (const Shape& shape : shapes)
    for (const Candidate& candidate : candidates) {
      std::vector<Precise> values;
      for (const Precise& v : candidate.values) values.push_back(shape.value(v));
      if (one_number(values)) continue;
      // By what is infinite everything divides to 0.
      if (const auto k = one_number(quotient(wanted, values)); k && !k->is_zero())
        return shape.term(*k, candidate.expr);
    }
  const std::size_t n = std::min<std::size_t>(candidates.size(), 40);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j) {
      const auto product = combined(candidates[i].values, candidates[j].values,
                                    [](const Precise& x, const Precise& y) { return x * y; });
      if (const auto k = one_number(quotient(wanted, product)); k && !k->is_zero())
        return times(*k, candidates[i].expr) * candidates[j].expr;
      const auto difference = combined(candidates[i].values, candidates[j].values,
                                       [](const Precise& x, const Precise& y) { return x - y; });
      if (const auto k = one_number(quotient(wanted, difference)); k && k->sign() > 0)
        return times(*k, candidates[i].expr - candidates[j].expr);
      if (const auto k = one_number(quotient(wanted, difference)); k && k->sign() < 0)
        return times(-*k, candidates[j].expr - candidates[i].expr);
    }
  return {};
}

}  // namespace

std::optional<Rational> simple_fraction(const Precise& x) {
  for (std::int64_t q = 1; q <= largest_denominator; ++q) {
    const Precise scaled = x * Precise(q), whole = rint(scaled);
    if (fabs(whole) > Precise(1e9)) return std::nullopt;
    if (nearly_equal(scaled, whole)) return Rational(static_cast<std::int64_t>(whole.to_double()), q);
  }
  // A decimal number of a few digits.
  for (std::int64_t power = 1000; power <= 1'000'000'000'000'000; power *= 10) {
    const Precise scaled = x * Precise(power), whole = rint(scaled);
    if (fabs(whole) > Precise(1e6)) return std::nullopt;
    if (nearly_equal(scaled, whole)) return Rational(static_cast<std::int64_t>(whole.to_double()), power);
  }
  return std::nullopt;
}

std::optional<Missing> missing(const Model& model, const Claim& claim, std::uint64_t seed) {
  const Samples samples = take_samples(model, claim, seed);
  if (samples.left.size() < 6) return std::nullopt;
  Context& c = *claim.left->context;
  // Points where both sides are 0 say nothing of a factor; where only one is, there is none.
  std::vector<std::size_t> kept;
  bool is_factor = true;
  const Precise zero(0);
  for (std::size_t i = 0; i < samples.left.size(); ++i) {
    const bool left = samples.left[i] == zero, right = samples.right[i] == zero;
    is_factor = is_factor && (left || !right);
    if (!left && !right) kept.push_back(i);
  }
  if (is_factor && kept.size() >= 6) {
    Samples some;
    some.candidates = samples.candidates;
    for (Candidate& candidate : some.candidates) candidate.values.clear();
    for (const std::size_t i : kept) {
      some.left.push_back(samples.left[i]);
      some.right.push_back(samples.right[i]);
      for (std::size_t n = 0; n < some.candidates.size(); ++n)
        some.candidates[n].values.push_back(samples.candidates[n].values[i]);
    }
    const Expr what = expression_for(c, quotient(some.left, some.right), some.candidates);
    if (what && what->is_constant(1)) return std::nullopt;  // they differ at single points only
    if (what) return Missing{true, what};
  }
  const auto difference =
      combined(samples.left, samples.right, [](const Precise& x, const Precise& y) { return x - y; });
  const Expr what = expression_for(c, difference, samples.candidates);
  if (!what || what->is_constant(0)) return std::nullopt;
  return Missing{false, what};
}

}  // namespace gradc
