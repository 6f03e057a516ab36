// The reference evaluator: what a System means, element by element, on demand. Choices evaluate one side,
// through any number of definitions. Slow, plain, and shared by nothing else: the judge of every other back
// end. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/equations/system.h"
#include "compiler/operators/precise.h"

namespace gradc {

// A tensor of numbers, row-major. Integers and conditions are in `integers`, reals in `reals`.
template <class Real>
struct Values {
  std::vector<std::int64_t> extents;
  std::vector<Real> reals;
  std::vector<std::int64_t> integers;
};

// Sizes of run-time dims, and given tensors.
template <class Real>
struct Point {
  std::map<DimId, std::int64_t> sizes;
  std::map<TensorId, Values<Real>> tensors;
};

// The size of a dim at a point: fixed, given, or computed; none if it is not given.
template <class Real>
std::optional<std::int64_t> size_of(const Context& context, DimId dim, const Point<Real>& point);

// Evaluates with double, or with Precise for high-precision differences.
template <class Real>
class Evaluator {
 public:
  Evaluator(const System& system, const Point<Real>& point)
      : system_(system), point_(point), c_(system.context()) {}

  // All elements of a tensor of the system; none if one of them reads out of range (see error()).
  std::optional<Values<Real>> tensor(TensorId id);
  const std::string& error() const { return error_; }
  // Whether every `iterate` that was run so far has met its condition.
  bool converged() const { return converged_; }

 private:
  struct Number {
    Real real{};
    std::int64_t integer = 0;
  };
  struct Frame;
  Values<Real>& storage(TensorId id);
  bool element(TensorId id, std::size_t offset, Number& result);
  bool element_first_needed(TensorId id, std::size_t offset);
  bool evaluate(Expr e, Frame& frame, Number& result);
  bool reduce(Expr e, Frame& frame, Number& result);
  bool apply(Expr e, const std::vector<Number>& arguments, Number& result);
  bool run(const Call& call, std::size_t offset);
  bool ended(Expr reduce, Frame& frame);
  bool fail(std::string message);

  const System& system_;
  const Point<Real>& point_;
  Context& c_;
  enum class State : std::uint8_t { unknown, running, known };
  // Tensors of more elements than this are steps in steps, of which few are reached: kept by element.
  static constexpr std::size_t largest_dense = std::size_t{1} << 22;
  struct Sparse {
    std::unordered_map<std::size_t, Number> known;
    std::set<std::size_t> running;
  };
  std::unordered_map<TensorId, Sparse> sparse_;
  std::unordered_map<TensorId, Values<Real>> values_;
  std::unordered_map<TensorId, std::vector<State>> states_;
  std::string error_;
  bool converged_ = true;
  // Chains of elements, as in recurrences, may be long: what is further in than this is computed first.
  static constexpr int deepest = 50;
  int depth_ = 0;
  std::optional<std::pair<TensorId, std::size_t>> too_deep_;
};

extern template class Evaluator<double>;
extern template class Evaluator<Precise>;

}  // namespace gradc
