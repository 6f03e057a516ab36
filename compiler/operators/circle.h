// How a circle of equations is computed: the loop along which no reference goes forwards. Karp, Miller,
// Winograd, The organization of computations for uniform recurrence equations (1967), with references whose
// distances are only bounded. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/equations/graph.h"
#include "compiler/equations/system.h"

namespace gradc {

// Where an expression reads, and what is known there.
struct Reference {
  Expr access;
  std::vector<std::pair<Expr, bool>> conditions = {};  // and whether they hold or not
  std::vector<Binder> binders = {};
};
std::vector<Reference> references(Expr root, const std::function<bool(TensorId)>& wanted);

// One equation of the circle: what its loops run over, and which element of its tensor an iteration makes (or
// adds to).
struct CircleMember {
  TensorId tensor;
  std::vector<Index> loops;
  std::vector<Expr> element;
  Expr guard = {};  // null: everywhere
  std::vector<Reference> reads;
};

// A member of a dim that has to lie before the index it is read at, which only the data can tell.
struct AssumedFall {
  std::size_t member = 0, read = 0;
  Expr later;  // the access to an integer tensor
};

// One loop around all members: iteration `time` makes, of member m, what lies at time - shift[m] on loops[m].
struct CircleLoop {
  bool up = true;
  std::vector<std::size_t> loops;
  std::vector<std::int64_t> shifts;        // the least is 0
  std::vector<std::vector<bool>> settled;  // by member and read: an earlier iteration has made it
  std::vector<AssumedFall> assumed;
};

// Only references among the members count.
std::optional<CircleLoop> find_loop(Context& context, std::span<const CircleMember> members);

// The definitions of a group, each with all its axes as loops, and what they read of each other.
std::vector<CircleMember> circle_members(const System& system, std::span<const std::size_t> group);

// The members that use each other, by references; each group after what it reads.
std::vector<std::vector<std::size_t>> circles_of(std::span<const CircleMember> members);

// Whether the definitions of a group can be computed, one loop in another. If not, the reference that shows
// it.
struct Fall {
  bool falls = true;
  std::size_t member = 0;  // of the group
  Expr access = {};
  struct Check {
    std::size_t member;
    Reference reference;
    Expr later;
  };
  std::vector<Check> checks = {};
};
Fall falls(const System& system, std::span<const std::size_t> group);

}  // namespace gradc
