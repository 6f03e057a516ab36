// One kernel of the loop IR as one LLVM function. Loops over lanes become explicit vectors, with one masked
// step for what is left over; no LLVM pass is asked to vectorise, and no fast-math flag is set.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "compiler/kernel/program.h"

namespace gradc::codegen {

// What a kernel's function takes: pointers to the buffers that it touches (one for those that share a slot),
// the sizes (ptr to i64), the status (ptr to i32), then the pool (null: none), or, of one that is cut into
// blocks, its first iteration and the one behind the last. Where the buffers are many, in the place of their
// pointers: the caller's arrays (ptr to ptr), the workspace, and the places of its slots in it (ptr to i64),
// as the machine passes few arguments well.
struct KernelParameters {
  std::vector<kernel::BufferId> buffers;                           // by number; none if they are many
  std::vector<std::pair<kernel::BufferId, std::size_t>> pointers;  // of each buffer touched, which of them
  bool many = false;
};
KernelParameters parameters_of(const kernel::Program& program, const kernel::Kernel& kernel);

// If it is not internal, its caller or its body is in another module.
llvm::Function* declare_kernel(llvm::Module& module, const kernel::Program& program,
                               const kernel::Kernel& kernel, const std::string& symbol, bool internal);

class KernelEmitter {
 public:
  // The body of a function that is declared. `outline`: recipes become functions that are called, since there
  // are many of them.
  KernelEmitter(llvm::Function* function, const kernel::Program& program, const kernel::Kernel& kernel,
                bool outline);
  void run();

 private:
  using V = llvm::Value*;
  // A value where it is the same in all lanes (`scalar`), or where it differs (`vector`). Of an integer that
  // grows by `step` from lane to lane, `scalar` is that of lane 0.
  struct Held {
    V scalar = nullptr;
    V vector = nullptr;
    std::int64_t step = 0;
    bool linear = false;
  };

  llvm::Type* register_type(kernel::Scalar type) const;
  llvm::Type* memory_type(kernel::Scalar type) const;
  llvm::Type* widened(llvm::Type* type) const;

  Held& held(kernel::Value v) { return held_[static_cast<std::size_t>(v.id)]; }
  bool always(kernel::Value mask) {
    const auto* known = llvm::dyn_cast_or_null<llvm::ConstantInt>(held(mask).scalar);
    return known && known->isOne() && !held(mask).vector;
  }
  bool varies(kernel::Value v) { return v.valid() && held(v).vector != nullptr; }
  V scalar(kernel::Value v);  // of a value that is the same in all lanes
  V vector(kernel::Value v);  // in lanes: broadcast if need be
  void hold(kernel::Value v, V value, bool varying);

  void block(const kernel::Block& body);
  void statement(const kernel::Statement& statement);

  // operations.cpp
  void compute(const kernel::Compute& compute);
  V operation(kernel::Op op, kernel::Scalar operand, const V* x);
  V combination(kernel::Combine how, kernel::Scalar type, V a, V b);
  V integer_division(kernel::Op op, llvm::Type* type, V a, V b);
  void call(const kernel::MathCall& call);
  V library(std::string_view function, llvm::ArrayRef<V> x, V mask, V otherwise, bool varying);

  // elementary.cpp
  class RecipeCode;
  void elementary(const kernel::Elementary& elementary);
  V expanded(const Operator& op, kernel::Scalar real, llvm::ArrayRef<V> x, bool varying);
  llvm::Function* outlined(const Operator& op, kernel::Scalar real, std::size_t arity, bool varying);
  V constant(MachineValue value) const;
  V compared_in_lanes(const kernel::Compute& c);
  void linear(const kernel::Compute& compute);

  // memory.cpp
  struct Place {
    V base;               // of the element, or of lane 0's
    V offsets = nullptr;  // gathered: of each lane
    enum class Kind { uniform, contiguous, scattered } kind;
  };
  Place place(kernel::BufferId buffer, const std::vector<kernel::Value>& subscripts);
  V base(kernel::BufferId buffer);  // where it begins
  V size(kernel::SizeId id);
  V stride(kernel::BufferId buffer, std::size_t axis);
  std::optional<std::int64_t> known_stride(kernel::BufferId buffer, std::size_t axis) const;
  V lanes_that_count(kernel::Value mask);  // null: all
  V read(kernel::BufferId buffer, const std::vector<kernel::Value>& subscripts, kernel::Value mask);
  void write(kernel::BufferId buffer, const std::vector<kernel::Value>& subscripts, V value, bool varying,
             kernel::Value mask);
  V from_memory(V value, kernel::Scalar element);
  V to_memory(V value, kernel::Scalar element);
  void zero(const kernel::Zero& zero);
  void multiply(const kernel::Gemm& gemm);
  void guarded(V condition, llvm::function_ref<void()> body);

  // loops.cpp
  void loop(const kernel::For& loop);
  std::pair<V, V> range(const kernel::For& loop);
  void serial(const kernel::For& loop);
  void in_lanes(const kernel::For& loop);
  std::uint64_t least_of_block() const;
  void whole_steps_and_rest(const kernel::For& loop, V lower, V count, std::uint64_t least,
                            std::vector<V>& partial);
  void lanes_body(const kernel::For& loop, V index, V active);
  V lane_numbers(llvm::Type* type, std::int64_t step = 1) const;
  V lanes_before(V count);
  std::vector<V> step(const kernel::For& loop, V index, V active, const std::vector<V>& partial);
  std::vector<V> with_terms(const kernel::For& loop, const std::vector<V>& partial);
  void single_iterations(const kernel::For& loop, V from, V count, std::vector<V>& partial);
  void steps(V lower, V end, int width, std::vector<V>& partial,
             llvm::function_ref<std::vector<V>(V index)> body);
  V combined(const kernel::For::Reduction& reduction, V partial);
  V fused(kernel::Scalar type, V a, V b, V c);
  V reduced(const kernel::For::Reduction& reduction, V partial);
  void branch(const kernel::If& branch);

  // interior.cpp
  struct Interior {
    V begin, end;                         // between them
    std::map<kernel::Value, bool> known;  // these conditions of the body hold, or do not,
    std::set<kernel::Value> masks;        // and these from outside hold
  };
  std::optional<Interior> interior(const kernel::For& loop, V lower, V upper, V count);
  void interior_and_edges(const kernel::For& loop, const Interior& interior, V lower, V upper,
                          std::vector<V>& partial);
  void check(const kernel::Check& check);
  V any_lane(V lanes);

  llvm::Module& module_;
  llvm::LLVMContext& context_;
  llvm::IRBuilder<> ir_;
  const kernel::Program& program_;
  const kernel::Kernel& kernel_;
  bool outline_;
  llvm::Function* function_;
  std::vector<Held> held_;
  std::vector<V> base_;                  // by buffer; null where the parameters are tables
  std::vector<V> sizes_;                 // by size, as loaded
  std::vector<std::vector<V>> strides_;  // by buffer and axis
  V sizes_argument_ = nullptr, status_argument_ = nullptr;
  V pool_argument_ = nullptr;             // of a kernel that is not cut into blocks
  std::optional<std::pair<V, V>> range_;  // of its only loop, if it is
  V arrays_argument_ = nullptr, workspace_argument_ = nullptr, slots_argument_ = nullptr;
  std::vector<std::optional<std::int64_t>> known_slots_;
  unsigned lanes_ = 0;                   // in a loop over lanes: how many
  V active_ = nullptr;                   // the lanes of its last step; null: all
  bool at_edge_ = false;                 // in the iterations that are not an interior
  std::map<kernel::Value, bool> known_;  // conditions on positions that hold, or do not, in all lanes
};

}  // namespace gradc::codegen
