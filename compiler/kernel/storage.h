// Where tensors live: the caller's arrays, the arena, or nowhere but in registers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <unordered_map>
#include <unordered_set>

#include "compiler/kernel/extents.h"
#include "compiler/kernel/lower.h"
#include "compiler/kernel/plan.h"

namespace gradc::kernel {

// A tensor that is computed: its leading axes that every reader shares the loops of are not in memory, and if
// those are all, it is in no memory at all.
struct Stored {
  BufferId buffer = {};  // not valid: registers only
  std::size_t dropped = 0;
  std::vector<const Loop*> loops;  // around the item
};

class Storage {
 public:
  Storage(const Context& context, Extents& extents, Program& program, const FunctionSpec& spec,
          const LowerOptions& options);

  // After scheduling: buffers for what items make.
  void place(const std::vector<Item>& items, const std::vector<Loop::Member>& outermost);
  // Made anew in each iteration of the outermost loop around it, and read in that one only.
  bool is_of_iteration(BufferId buffer) const { return of_iteration_.contains(buffer); }
  // As many more of the buffer, side by side, for the outermost loop number `step`.
  BufferId add_copies(BufferId buffer, SizeId count, std::size_t step);
  // Slots for all buffers of the workspace; after writing.
  void share_arena();

  // Null: given by the caller.
  const Stored* computed(TensorId tensor) const;
  BufferId argument(TensorId tensor) const { return arguments_.at(tensor); }
  bool is_result(TensorId tensor) const { return results_.contains(tensor); }
  Scalar element(TensorId tensor) const;

 private:
  BufferId add_buffer(TensorId tensor, std::size_t dropped, Buffer::Place place);
  void walk(const std::vector<Loop::Member>& members, std::vector<const Loop*>& loops, std::size_t outermost);
  Stored store(std::size_t item, TensorId tensor, std::size_t shared, std::size_t last_read);
  bool in_same_iteration(const Loop& circle, std::size_t depth, Expr access, std::size_t reader,
                         std::size_t writer) const;

  const Context& c_;
  Extents& extents_;
  Program& program_;
  const LowerOptions& options_;
  std::unordered_map<TensorId, BufferId> arguments_, results_;
  std::unordered_map<TensorId, std::int32_t> roles_;
  std::unordered_map<TensorId, Stored> computed_;
  const std::vector<Item>* items_ = nullptr;
  std::vector<std::vector<const Loop*>> loops_of_;  // by item
  std::vector<std::size_t> step_of_;                // by item: which member of the outermost level
  std::unordered_map<TensorId, std::size_t> item_of_;
  struct Lifetime {
    std::size_t first, last;
  };
  std::unordered_map<BufferId, Lifetime> lifetimes_;
  std::unordered_set<BufferId> of_iteration_;
};

}  // namespace gradc::kernel
