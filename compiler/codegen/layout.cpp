// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/layout.h"

#include <llvm/IR/Intrinsics.h>
#include <llvm/IR/Module.h>

#include <algorithm>
#include <set>

#include "compiler/support/check.h"
#include "runtime/abi.h"

namespace gradc::codegen {

std::vector<std::optional<std::int64_t>> known_slots(const kernel::Program& program) {
  constexpr std::int64_t mask = GRADC_WORKSPACE_ALIGNMENT - 1;
  std::vector<std::optional<std::int64_t>> result;
  std::optional<std::int64_t> here = 0;
  for (const kernel::SizeId id : program.slots) {
    result.push_back(here);
    const auto bytes = program.sizes.known(id);
    std::int64_t end = 0;
    if (!here || !bytes || __builtin_add_overflow(*here, *bytes, &end) ||
        __builtin_add_overflow(end, mask, &end)) {
      here.reset();
    } else {
      here = end & ~mask;
    }
  }
  return result;
}

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
  constexpr std::ptrdiff_t most = 32;
  const auto known = known_slots(program);
  if (std::count(known.begin(), known.end(), std::nullopt) > most) {
    place_many(program);
  } else {
    for (kernel::SizeId bytes : program.slots) slots_.push_back(reserve(size(bytes)));
  }
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
  if (const auto* x = llvm::dyn_cast<llvm::ConstantInt>(a), *y = llvm::dyn_cast<llvm::ConstantInt>(b);
      x && y) {
    const std::int64_t l = x->getSExtValue(), r = y->getSExtValue();
    std::int64_t result = 0;
    const bool wrong = id == llvm::Intrinsic::smul_with_overflow   ? __builtin_mul_overflow(l, r, &result)
                       : id == llvm::Intrinsic::sadd_with_overflow ? __builtin_add_overflow(l, r, &result)
                                                                   : __builtin_sub_overflow(l, r, &result);
    if (!wrong) return ir_.getInt64(static_cast<std::uint64_t>(result));
  }
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

llvm::Value* Layout::slot(std::size_t k) {
  if (!table_) return slots_[k];
  return ir_.CreateLoad(ir_.getInt64Ty(), ir_.CreateConstInBoundsGEP1_64(ir_.getInt64Ty(), table_, k));
}

namespace {

// i64 (ptr which, i64 count, ptr sizes, ptr table): puts blocks of sizes[which[k]] bytes behind one another,
// and the places into the table. Gives the place behind them, or -1 if that overflows.
llvm::Function* place_function(llvm::Module& module) {
  if (llvm::Function* there = module.getFunction("gradc.place")) return there;
  llvm::LLVMContext& context = module.getContext();
  llvm::IRBuilder<> ir(context);
  llvm::Type *integer = ir.getInt64Ty(), *pointer = ir.getPtrTy();
  auto* function =
      llvm::Function::Create(llvm::FunctionType::get(integer, {pointer, integer, pointer, pointer}, false),
                             llvm::GlobalValue::InternalLinkage, "gradc.place", module);
  function->addFnAttr(llvm::Attribute::NoInline);
  function->setDoesNotThrow();
  const auto block = [&](const char* label) { return llvm::BasicBlock::Create(context, label, function); };
  llvm::BasicBlock *entry = block("entry"), *head = block("head"), *body = block("body"),
                   *after = block("done");
  ir.SetInsertPoint(entry);
  ir.CreateBr(head);
  ir.SetInsertPoint(head);
  llvm::PHINode *k = ir.CreatePHI(integer, 2), *here = ir.CreatePHI(integer, 2),
                *wrong = ir.CreatePHI(ir.getInt1Ty(), 2);
  k->addIncoming(ir.getInt64(0), entry);
  here->addIncoming(ir.getInt64(0), entry);
  wrong->addIncoming(ir.getFalse(), entry);
  ir.CreateCondBr(ir.CreateICmpSLT(k, function->getArg(1)), body, after);
  ir.SetInsertPoint(body);
  llvm::Value* which = ir.CreateLoad(integer, ir.CreateGEP(integer, function->getArg(0), k));
  llvm::Value* bytes = ir.CreateLoad(integer, ir.CreateGEP(integer, function->getArg(2), which));
  ir.CreateStore(here, ir.CreateGEP(integer, function->getArg(3), k));
  llvm::Value* end = ir.CreateBinaryIntrinsic(llvm::Intrinsic::sadd_with_overflow, here, bytes);
  llvm::Value* aligned =
      ir.CreateBinaryIntrinsic(llvm::Intrinsic::sadd_with_overflow, ir.CreateExtractValue(end, 0),
                               ir.getInt64(GRADC_WORKSPACE_ALIGNMENT - 1));
  llvm::Value* next = ir.CreateAnd(ir.CreateExtractValue(aligned, 0),
                                   ir.getInt64(~std::uint64_t{GRADC_WORKSPACE_ALIGNMENT - 1}));
  wrong->addIncoming(
      ir.CreateOr(wrong, ir.CreateOr(ir.CreateExtractValue(end, 1), ir.CreateExtractValue(aligned, 1))),
      body);
  here->addIncoming(next, body);
  k->addIncoming(ir.CreateAdd(k, ir.getInt64(1)), body);
  ir.CreateBr(head);
  ir.SetInsertPoint(after);
  ir.CreateRet(ir.CreateSelect(wrong, ir.getInt64(~std::uint64_t{0}), here));
  return function;
}

}  // namespace

// In a loop: in a chain of thousands of equations the slots would be thousands of instructions.
void Layout::place_many(const kernel::Program& program) {
  llvm::Module& module = *ir_.GetInsertBlock()->getModule();
  llvm::Type* integer = ir_.getInt64Ty();
  std::vector<std::uint64_t> which;
  std::set<kernel::SizeId> used;
  for (kernel::SizeId bytes : program.slots) {
    which.push_back(static_cast<std::uint64_t>(bytes.value));
    used.insert(bytes);
  }
  llvm::Value* sizes = ir_.CreateAlloca(integer, ir_.getInt64(program.sizes.count()));
  for (kernel::SizeId id : used)
    ir_.CreateStore(size(id),
                    ir_.CreateConstInBoundsGEP1_64(integer, sizes, static_cast<std::uint64_t>(id.value)));
  table_ = ir_.CreateAlloca(integer, ir_.getInt64(which.size()));
  llvm::Constant* numbers = llvm::ConstantDataArray::get(ir_.getContext(), which);
  auto* constant = new llvm::GlobalVariable(module, numbers->getType(), true,
                                            llvm::GlobalValue::PrivateLinkage, numbers, "");
  total_ = ir_.CreateCall(place_function(module), {constant, ir_.getInt64(which.size()), sizes, table_});
  note(ir_.CreateICmpSLT(total_, ir_.getInt64(0)));
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
    case Kind::min: return ir_.CreateBinaryIntrinsic(llvm::Intrinsic::smin, a, b);
  }
  GRADC_UNREACHABLE("a size of unknown kind");
}

}  // namespace gradc::codegen
