// What lowering decides before it writes: items (one per tensor: how it is computed, and in which loops), and
// the loop nests that items share. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "compiler/equations/call_operator.h"
#include "compiler/equations/context.h"
#include "compiler/kernel/size.h"

namespace gradc::kernel {

// C[…] = Σ A[…]·B[…] as a product of matrices: the indices of each group lie side by side in both tensors
// that have them. Indices in no group are loops around it.
struct Contraction {
  Expr a, b;  // accesses: rows × inner, inner × columns
  std::vector<Index> rows, columns, inner;
};

struct Axis {
  Index index;
  bool binder = false;  // a sum runs over it: the tensor is not complete before the loop has ended
};

struct Item {
  enum class Kind : std::uint8_t {
    assign,      // tensor[slots] = value
    accumulate,  // tensor[place] += value, where the guard holds
    product,     // of matrices, in tiles
    routine,     // of matrices: routines.h
  };
  TensorId tensor;
  Kind kind = Kind::assign;
  std::vector<Axis> axes = {};  // its loops, outermost first: slots, then binders, then slots
  std::size_t unrolled = 0;     // how many of the last of them are written out (unroll.h)
  Expr value = {};
  Expr guard = {};               // accumulate; null: everywhere
  std::vector<Expr> place = {};  // accumulate
  Contraction product = {};
  // routine: what it reads, at the slots and at indices of its own behind them, and all that it makes.
  const CallOperator* routine = nullptr;
  std::vector<Expr> arguments = {};
  std::vector<TensorId> results = {};

  std::size_t first_binder() const {
    std::size_t k = 0;
    while (k < axes.size() && !axes[k].binder) ++k;
    return k;
  }
  // How many loops are outside when it starts from zero: those over leading slots.
  std::size_t zero_depth() const {
    std::size_t depth = 0, highest = 0;
    for (std::size_t k = 0; k < first_binder(); ++k) {
      highest = std::max(highest, static_cast<std::size_t>(axes[k].index.number) + 1);
      if (highest == k + 1) depth = k + 1;
    }
    return depth;
  }
  // The whole sum is one number in the innermost loop: kept in a register.
  bool in_register() const {
    return kind == Kind::accumulate && place.size() == first_binder() && first_binder() + 1 == axes.size();
  }
};

std::vector<TensorId> made_by(const Item& item);
// The expressions that it is made of, and what they read.
std::vector<Expr> roots_of(const Item& item);
std::vector<Expr> accesses_of(const Item& item);

// A loop that several items share; what it does, in order: items that are complete here, and inner loops.
struct Loop {
  SizeId extent = {};
  int lanes = 1;
  bool unrolled = false;
  struct Member;
  std::vector<Member> members;

  // Around a circle of items: iteration k is time k, or extent - 1 - k if it runs down; an item is at the
  // position time - shift then, where its axis has one.
  struct Phase {
    std::int64_t shift = 0;
    SizeId extent = {};
    friend bool operator==(const Phase&, const Phase&) = default;
  };
  bool circle = false, up = true;
  std::map<std::size_t, Phase> phases = {};  // by item
  struct Along {
    std::size_t axis;
    std::int64_t shift;
  };
  std::map<TensorId, Along> along = {};  // which axis of a tensor runs with it
  // The item whose condition says whether there is a next step (Tensor::counted_by); later positions of what
  // the circle makes are read by nobody.
  std::optional<std::size_t> while_item = {};
};
struct Loop::Member {
  std::size_t item = 0;  // if there is no loop
  std::unique_ptr<Loop> loop;
};

}  // namespace gradc::kernel
