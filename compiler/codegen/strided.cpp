// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/strided.h"

#include <llvm/IR/IRBuilder.h>

namespace gradc::codegen {

namespace {

using llvm::Value;

llvm::Function* declare(llvm::Module& module, const char* name, llvm::Type* result,
                        llvm::ArrayRef<llvm::Type*> parameters) {
  auto* function = llvm::Function::Create(llvm::FunctionType::get(result, parameters, false),
                                          llvm::GlobalValue::InternalLinkage, name, module);
  function->addFnAttr(llvm::Attribute::NoInline);  // the rare path
  function->setDoesNotThrow();
  return function;
}

// Counts i from `count` - 1 down to 0; `body` takes i and the carried values, and gives the next ones.
// Returns the last.
std::vector<Value*> count_down(llvm::IRBuilder<>& ir, llvm::Function* function, Value* count,
                               std::vector<Value*> carried,
                               llvm::function_ref<std::vector<Value*>(Value*, llvm::ArrayRef<Value*>)> body) {
  llvm::LLVMContext& context = function->getContext();
  llvm::BasicBlock* before = ir.GetInsertBlock();
  auto* head = llvm::BasicBlock::Create(context, "head", function);
  auto* inside = llvm::BasicBlock::Create(context, "body", function);
  auto* after = llvm::BasicBlock::Create(context, "done", function);
  ir.CreateBr(head);
  ir.SetInsertPoint(head);
  llvm::PHINode* left = ir.CreatePHI(ir.getInt64Ty(), 2);
  left->addIncoming(count, before);
  std::vector<llvm::PHINode*> phis;
  std::vector<Value*> now;
  for (Value* initial : carried) {
    phis.push_back(ir.CreatePHI(initial->getType(), 2));
    phis.back()->addIncoming(initial, before);
    now.push_back(phis.back());
  }
  ir.CreateCondBr(ir.CreateICmpSGT(left, ir.getInt64(0)), inside, after);
  ir.SetInsertPoint(inside);
  Value* i = ir.CreateSub(left, ir.getInt64(1));
  const std::vector<Value*> next = body(i, now);
  for (std::size_t k = 0; k < phis.size(); ++k) phis[k]->addIncoming(next[k], ir.GetInsertBlock());
  left->addIncoming(i, ir.GetInsertBlock());
  ir.CreateBr(head);
  ir.SetInsertPoint(after);
  return now;
}

}  // namespace

llvm::Function* contiguous_function(llvm::Module& module) {
  if (llvm::Function* there = module.getFunction("gradc.contiguous")) return there;
  llvm::LLVMContext& context = module.getContext();
  llvm::IRBuilder<> ir(context);
  llvm::Type *pointer = ir.getPtrTy(), *integer = ir.getInt64Ty();
  llvm::Function* function = declare(module, "gradc.contiguous", ir.getInt1Ty(), {pointer, pointer, integer});
  ir.SetInsertPoint(llvm::BasicBlock::Create(context, "entry", function));
  const auto last = count_down(
      ir, function, function->getArg(2), {ir.getTrue(), ir.getInt64(1)},
      [&](Value* axis, llvm::ArrayRef<Value*> x) {
        Value* stride = ir.CreateLoad(integer, ir.CreateGEP(integer, function->getArg(0), axis));
        Value* extent = ir.CreateLoad(integer, ir.CreateGEP(integer, function->getArg(1), axis));
        Value* good = ir.CreateOr(ir.CreateICmpEQ(extent, ir.getInt64(1)), ir.CreateICmpEQ(stride, x[1]));
        return std::vector<Value*>{ir.CreateAnd(x[0], good), ir.CreateMul(x[1], extent)};
      });
  ir.CreateRet(last[0]);
  return function;
}

llvm::Function* copy_function(llvm::Module& module) {
  if (llvm::Function* there = module.getFunction("gradc.copy")) return there;
  llvm::LLVMContext& context = module.getContext();
  llvm::IRBuilder<> ir(context);
  llvm::Type *pointer = ir.getPtrTy(), *integer = ir.getInt64Ty(), *byte = ir.getInt8Ty();
  llvm::Function* function =
      declare(module, "gradc.copy", ir.getVoidTy(),
              {pointer, pointer, pointer, pointer, integer, integer, integer, ir.getInt1Ty()});
  Value *dense = function->getArg(0), *strided = function->getArg(1), *strides = function->getArg(2),
        *extents = function->getArg(3), *rank = function->getArg(4), *width = function->getArg(6),
        *to_dense = function->getArg(7);
  ir.SetInsertPoint(llvm::BasicBlock::Create(context, "entry", function));
  count_down(ir, function, function->getArg(5), {}, [&](Value* element, llvm::ArrayRef<Value*>) {
    // The element's subscripts, last axis first, are the digits of its number.
    const auto place =
        count_down(ir, function, rank, {element, ir.getInt64(0)}, [&](Value* axis, llvm::ArrayRef<Value*> x) {
          Value* stride = ir.CreateLoad(integer, ir.CreateGEP(integer, strides, axis));
          Value* extent = ir.CreateLoad(integer, ir.CreateGEP(integer, extents, axis));
          Value* offset = ir.CreateAdd(x[1], ir.CreateMul(ir.CreateURem(x[0], extent), stride));
          return std::vector<Value*>{ir.CreateUDiv(x[0], extent), offset};
        });
    Value* here = ir.CreateGEP(byte, dense, ir.CreateMul(element, width));
    Value* there = ir.CreateGEP(byte, strided, ir.CreateMul(place[1], width));
    ir.CreateMemCpy(ir.CreateSelect(to_dense, here, there), llvm::MaybeAlign(1),
                    ir.CreateSelect(to_dense, there, here), llvm::MaybeAlign(1), width);
    return std::vector<Value*>{};
  });
  ir.CreateRetVoid();
  return function;
}

}  // namespace gradc::codegen
