// Integers as the machine has them: 64 bits in arithmetic, 32 in memory. The language's have no end, so what
// may go beyond is computed in real numbers, or refused.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <map>
#include <optional>

#include "compiler/equations/context.h"

namespace gradc {

// The value of an operator of integers; nothing where it is none, or beyond 64 bits.
std::optional<std::int64_t> exact_integer(const Operator& op, const std::int64_t* operands);

bool is_integer_power(Expr e);
// Sums, differences, products and powers: what alone leaves 64 bits, and is right again once it comes back.
bool wraps_around(Expr e);

// How large integer expressions can become. Indices without a dim have the ranges that are added; dims of
// unknown size are taken to have at most 2^30 positions.
class Magnitudes {
 public:
  static constexpr double of_memory = 0x1p31, of_arithmetic = 0x1p63;

  void add(const Binder& binder);

  // An upper bound of |e|; infinity where there is none.
  double of(Expr e);
  // Whether an integer may not fit in the machine's; what has indices of unknown range is taken to fit.
  bool is_wide(Expr integer);
  // The same number by real arithmetic, if it is wide.
  Expr real(Expr integer);
  // The expression with real arithmetic wherever wide integers become real numbers.
  Expr without_overflow(Expr e);

 private:
  double of_index(const Index& index, const Context& c);
  double of_size(DimId dim, const Context& c);
  double of_reduction(const OpenedReduction& o);
  Expr in_reals(Expr e, const std::map<Expr, Expr>& reals);  // of one node, its parts being `reals`

  std::map<Expr, double> known_;
  std::map<Index, std::pair<Expr, Expr>> ranges_;  // lower <= index < upper
};

}  // namespace gradc
