// Sizes as machine code computes them, and where in the workspace what lies: the slots of the arena, and,
// for workspace_bytes, room for a contiguous copy of each array that has axes. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
#pragma once

#include <llvm/IR/IRBuilder.h>

#include <optional>
#include <vector>

#include "compiler/kernel/program.h"

namespace gradc::codegen {

// Where each slot lies, in bytes from the workspace's beginning, as far as that does not depend on sizes that
// are given at run time.
std::vector<std::optional<std::int64_t>> known_slots(const kernel::Program& program);

class Layout {
 public:
  // Emits, at the builder's place, all sizes from the run-time arguments, and the offsets.
  Layout(llvm::IRBuilder<>& ir, const kernel::Program& program, llvm::Value* arguments, bool copies);

  llvm::Value* size(kernel::SizeId id) const { return sizes_[static_cast<std::size_t>(id.value)]; }
  llvm::Value* slot(std::size_t k);  // offset in bytes
  // Of these offsets (ptr to i64); null if they are few.
  llvm::Value* slot_table() const { return table_; }
  llvm::Value* elements(std::size_t array) const { return elements_[array]; }
  llvm::Value* total() const { return total_; }
  llvm::Value* bad() const { return bad_; }  // a size below 0, or an overflow

 private:
  llvm::Value* checked(llvm::Intrinsic::ID id, llvm::Value* a, llvm::Value* b);
  llvm::Value* compute(const kernel::Size& size);
  void note(llvm::Value* wrong);
  llvm::Value* reserve(llvm::Value* bytes);
  void place_many(const kernel::Program& program);

  llvm::IRBuilder<>& ir_;
  llvm::Value* arguments_;
  std::vector<llvm::Value*> sizes_, slots_, elements_;
  llvm::Value* table_ = nullptr;
  llvm::Value* total_ = nullptr;
  llvm::Value* bad_ = nullptr;
};

}  // namespace gradc::codegen
