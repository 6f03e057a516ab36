// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/lane_calls.h"

#include <llvm/IR/Intrinsics.h>

#include <string>

namespace gradc::codegen {

using llvm::Value;

// `nobuiltin`: LLVM would rewrite pow(x, 2) or fold exp(1), which the interpreter does not.
Value* call_library(llvm::IRBuilder<>& ir, std::string_view function, llvm::ArrayRef<Value*> arguments) {
  llvm::Type* real = ir.getDoubleTy();
  llvm::Module& module = *ir.GetInsertBlock()->getModule();
  llvm::SmallVector<Value*, 2> x(arguments);
  if (function == "jn") x[0] = ir.CreateFPToSI(x[0], ir.getInt32Ty());  // its order is an int
  llvm::SmallVector<llvm::Type*, 2> types;
  for (Value* argument : x) types.push_back(argument->getType());
  llvm::FunctionCallee callee =
      module.getOrInsertFunction(function, llvm::FunctionType::get(real, types, false));
  auto* declared = llvm::cast<llvm::Function>(callee.getCallee());
  declared->setDoesNotThrow();
  declared->setDoesNotAccessMemory();
  llvm::CallInst* made = ir.CreateCall(callee, x);
  made->addFnAttr(llvm::Attribute::NoBuiltin);
  return made;
}

namespace {

// (vector x…, vector otherwise, integer with a bit for each lane that asks) -> vector
llvm::Function* in_lanes(llvm::Module& module, std::string_view function, std::size_t arity,
                         llvm::FixedVectorType* vector) {
  const unsigned width = vector->getNumElements();
  const std::string name = "gradc." + std::string(function) + "." + std::to_string(width);
  if (llvm::Function* there = module.getFunction(name)) return there;
  llvm::LLVMContext& context = module.getContext();
  llvm::IRBuilder<> ir(context);
  llvm::IntegerType* bits = ir.getIntNTy(width);
  llvm::SmallVector<llvm::Type*, 4> parameters(arity + 1, vector);
  parameters.push_back(bits);
  auto* result = llvm::Function::Create(llvm::FunctionType::get(vector, parameters, false),
                                        llvm::GlobalValue::InternalLinkage, name, module);
  result->addFnAttr(llvm::Attribute::NoInline);
  result->setDoesNotThrow();
  result->setDoesNotAccessMemory();  // but what is its own
  const auto block = [&](const char* label) { return llvm::BasicBlock::Create(context, label, result); };
  llvm::BasicBlock *entry = block("entry"), *head = block("head"), *body = block("lane"),
                   *after = block("done");
  ir.SetInsertPoint(entry);
  llvm::SmallVector<Value*, 3> memory;  // the arguments', then the result's
  for (std::size_t k = 0; k <= arity; ++k) {
    memory.push_back(ir.CreateAlloca(vector));
    ir.CreateStore(result->getArg(static_cast<unsigned>(k)), memory.back());
  }
  ir.CreateBr(head);
  ir.SetInsertPoint(head);
  llvm::PHINode* left = ir.CreatePHI(bits, 2);
  left->addIncoming(result->getArg(static_cast<unsigned>(arity + 1)), entry);
  ir.CreateCondBr(ir.CreateICmpNE(left, llvm::ConstantInt::get(bits, 0)), body, after);
  ir.SetInsertPoint(body);
  Value* lane =
      ir.CreateZExt(ir.CreateBinaryIntrinsic(llvm::Intrinsic::cttz, left, ir.getTrue()), ir.getInt64Ty());
  llvm::SmallVector<Value*, 2> x;
  for (std::size_t k = 0; k < arity; ++k)
    x.push_back(ir.CreateLoad(ir.getDoubleTy(), ir.CreateGEP(ir.getDoubleTy(), memory[k], lane)));
  ir.CreateStore(call_library(ir, function, x), ir.CreateGEP(ir.getDoubleTy(), memory[arity], lane));
  left->addIncoming(ir.CreateAnd(left, ir.CreateSub(left, llvm::ConstantInt::get(bits, 1))), body);
  ir.CreateBr(head);
  ir.SetInsertPoint(after);
  ir.CreateRet(ir.CreateLoad(vector, memory[arity]));
  return result;
}

}  // namespace

Value* call_in_lanes(llvm::IRBuilder<>& ir, std::string_view function, llvm::ArrayRef<Value*> arguments,
                     Value* otherwise, Value* lanes) {
  auto* vector = llvm::cast<llvm::FixedVectorType>(otherwise->getType());
  llvm::Function* callee = in_lanes(*ir.GetInsertBlock()->getModule(), function, arguments.size(), vector);
  llvm::SmallVector<Value*, 4> all(arguments);
  all.push_back(otherwise);
  all.push_back(ir.CreateBitCast(lanes, ir.getIntNTy(vector->getNumElements())));
  return ir.CreateCall(callee, all);
}

}  // namespace gradc::codegen
