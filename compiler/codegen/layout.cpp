// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/layout.h"

#include <llvm/IR/Intrinsics.h>

#include "compiler/support/check.h"
#include "runtime/abi.h"

namespace gradc::codegen {

Layout::Layout(llvm::IRBuilder<>& ir, const kernel::Program& program, llvm::Value* arguments, bool copies)
    : ir_(ir), arguments_(arguments) {
  bad_ = ir_.getFalse();
  total_ = ir_.getInt64(0);
  for (std::int32_t i = 0; i < static_cast<std::int32_t>(program.sizes.count()); ++i)
    sizes_.push_back(compute(program.sizes[{i}]));
  for (const kernel::Buffer& buffer : program.buffers)
    for (kernel::SizeId extent : buffer.extents)
      if (program.sizes[extent].kind != kernel::Size::Kind::constant)
        note(ir_.CreateICmpSLT(size(extent), ir_.getInt64(0)));
  for (kernel::SizeId bytes : program.slots) slots_.push_back(reserve(size(bytes)));
  for (const kernel::Array& array : program.arrays) {
    const kernel::Buffer& buffer = program.buffer(array.buffer);
    llvm::Value* count = ir_.getInt64(1);
    for (kernel::SizeId extent : buffer.extents)
      count = checked(llvm::Intrinsic::smul_with_overflow, count, size(extent));
    elements_.push_back(count);
    llvm::Value* bytes =
        checked(llvm::Intrinsic::smul_with_overflow, count, ir_.getInt64(kernel::bytes(buffer.element)));
    if (copies && !buffer.extents.empty()) reserve(bytes);
  }
}

void Layout::note(llvm::Value* wrong) { bad_ = ir_.CreateOr(bad_, wrong); }

llvm::Value* Layout::checked(llvm::Intrinsic::ID id, llvm::Value* a, llvm::Value* b) {
  llvm::Value* both = ir_.CreateBinaryIntrinsic(id, a, b);
  note(ir_.CreateExtractValue(both, 1));
  return ir_.CreateExtractValue(both, 0);
}

// The next place of so many bytes, aligned.
llvm::Value* Layout::reserve(llvm::Value* bytes) {
  constexpr std::uint64_t mask = GRADC_WORKSPACE_ALIGNMENT - 1;
  llvm::Value* here = total_;
  llvm::Value* end = checked(llvm::Intrinsic::sadd_with_overflow,
                             checked(llvm::Intrinsic::sadd_with_overflow, here, bytes), ir_.getInt64(mask));
  total_ = ir_.CreateAnd(end, ir_.getInt64(~mask));
  return here;
}

llvm::Value* Layout::compute(const kernel::Size& s) {
  using Kind = kernel::Size::Kind;
  if (s.kind == Kind::constant) return ir_.getInt64(static_cast<std::uint64_t>(s.number));
  if (s.kind == Kind::argument) {
    llvm::Value* given = ir_.CreateLoad(
        ir_.getInt64Ty(),
        ir_.CreateConstInBoundsGEP1_64(ir_.getInt64Ty(), arguments_, static_cast<std::uint64_t>(s.number)));
    note(ir_.CreateICmpSLT(given, ir_.getInt64(0)));
    return given;
  }
  llvm::Value *a = size(s.left), *b = size(s.right);
  const auto divided = [&](bool quotient) {  // rounds down; the divisor must be positive
    llvm::Value* wrong = ir_.CreateICmpSLE(b, ir_.getInt64(0));
    note(wrong);
    llvm::Value* divisor = ir_.CreateSelect(wrong, ir_.getInt64(1), b);
    llvm::Value* rest = ir_.CreateSRem(a, divisor);
    llvm::Value* below = ir_.CreateICmpSLT(rest, ir_.getInt64(0));
    if (!quotient) return ir_.CreateAdd(rest, ir_.CreateSelect(below, divisor, ir_.getInt64(0)));
    return ir_.CreateSub(ir_.CreateSDiv(a, divisor), ir_.CreateZExt(below, ir_.getInt64Ty()));
  };
  switch (s.kind) {
    case Kind::constant:
    case Kind::argument: break;
    case Kind::add: return checked(llvm::Intrinsic::sadd_with_overflow, a, b);
    case Kind::sub: return checked(llvm::Intrinsic::ssub_with_overflow, a, b);
    case Kind::mul: return checked(llvm::Intrinsic::smul_with_overflow, a, b);
    case Kind::floor_div: return divided(true);
    case Kind::floor_mod: return divided(false);
    case Kind::max: return ir_.CreateBinaryIntrinsic(llvm::Intrinsic::smax, a, b);
  }
  GRADC_UNREACHABLE("a size of unknown kind");
}

}  // namespace gradc::codegen
