// An integer or condition that depends on positions and sizes alone, evaluated exactly where both are given.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "compiler/equations/system.h"

namespace gradc::sema {

struct Positions {
  std::vector<std::pair<Index, std::int64_t>> indices = {};
  std::map<DimId, std::int64_t> sizes = {};  // of run-time dims
};

class PositionTerm {
 public:
  PositionTerm() = default;
  // Members that the system computes are seen through, as deep as `depth`.
  PositionTerm(Expr term, const System& system, int depth = 4);

  // Nothing if it depends on data, or if it is undefined: a division does not come out whole, or a number
  // is beyond 2^63.
  std::optional<std::int64_t> at(const Positions& positions, bool* undefined = nullptr) const;
  Expr expr() const { return term_; }
  bool is_known() const { return !nodes_.empty(); }  // small enough to be looked at

 private:
  struct Node {
    Expr expr;
    std::array<std::size_t, 3> operands = {};  // apply, choose
    std::vector<std::size_t> subscripts = {};  // access
  };
  Expr term_ = {};
  std::vector<Node> nodes_ = {};  // children before parents
  std::unordered_map<TensorId, PositionTerm> members_ = {};
};

// The run-time dims on which a size expression depends, through computed ones.
void collect_run_time_dims(const Context& context, Expr size, std::map<DimId, std::int64_t>& dims);

}  // namespace gradc::sema
