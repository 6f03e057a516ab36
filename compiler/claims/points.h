// Points at which claims are tried: simple numbers first, then the special ones (0, ±1, what the equations
// compare with, the ends of members' ranges, all elements equal), then random ones of several magnitudes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/claims/claimed_system.h"
#include "compiler/operators/evaluate.h"

namespace gradc {

class ClaimPoints {
 public:
  ClaimPoints(const Model& model, const System& system, std::uint64_t seed);

  // How many points there are: fewer where each has many numbers.
  std::size_t count() const { return count_; }
  // Sizes that nothing fixes differ from point to point.
  Point<Precise> draw(std::size_t k) const;
  // The same with real numbers moved by a relative 1e-90, each time differently.
  Point<Precise> beside(const Point<Precise>& point, std::uint64_t which) const;

  const std::vector<TensorId>& given() const { return given_; }

 private:
  Values<Precise> values(TensorId t, std::size_t k, const Point<Precise>& so_far) const;
  Precise real(TensorId t, std::size_t k, std::size_t element) const;
  std::int64_t member(TensorId t, std::size_t k, std::size_t element, std::int64_t members) const;
  void add_const(const GivenValue& value, TensorId t, Point<Precise>& point) const;
  double uniform(TensorId t, std::size_t k, std::size_t element) const;

  const Model* model_;
  Context* c_;
  std::uint64_t seed_;
  std::vector<TensorId> given_;
  std::vector<Rational> special_;
  std::size_t count_ = 0;
};

}  // namespace gradc
