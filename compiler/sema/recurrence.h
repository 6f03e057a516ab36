// Equations in several lines, and circles of equations: what is known of them before their right sides are
// built. Their dims are settled first, so that a line may read what the circle is still to define.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "compiler/operators/affine.h"
#include "compiler/sema/names.h"

namespace gradc::sema {

// One subscript of a left side: an axis without index (`h[T, H]`), a position (`0`, `T`), or an index that
// may be shifted (`t + 1`).
struct LeftAxis {
  enum class Kind : std::uint8_t { whole, position, index };
  Kind kind = Kind::whole;
  syntax::ExprId at = {};
  syntax::TextId name = {};                  // index
  std::optional<syntax::Range> stated = {};  // index: its range,
  DimId base = {};                           // or the dim that it was found to range over
  Expr lower = {}, upper = {};               // index: lower <= index < upper
  Expr offset = {};                          // position: which; index: what is added to it
  DimId dim = {};                            // index: of its range, if that is a dim
};

struct Line {
  std::size_t entity = 0, statement = 0, item = 0;
  const syntax::Left* left = nullptr;
  syntax::ExprId value = {};
  const syntax::Tail* tail = nullptr;
  std::vector<LeftAxis> axes = {};
  bool failed = false;
  Expr condition = {};  // over the slots: where the line holds; null: everywhere
  Expr result = {};     // over the slots

  std::size_t rank() const { return axes.size(); }
};

// The lines of one equation, or of several that use each other.
struct Recurrence {
  struct Axis {
    DimId base = {};  // the dim whose positions it has, perhaps with some more
    Expr extent = {};
    DimId dim = {};
  };
  struct Member {
    std::size_t entity = 0;
    std::vector<Axis> axes = {};                     // of the left sides
    std::optional<std::vector<DimId>> further = {};  // dims of the axes behind them, once known
    std::vector<std::size_t> lines = {};
  };
  std::vector<Member> members = {};
  std::vector<Line> lines = {};

  Member* member(const Entity* entity, const std::vector<Entity>& all) {
    for (Member& m : members)
      if (&all[m.entity] == entity) return &m;
    return nullptr;
  }
};

}  // namespace gradc::sema
