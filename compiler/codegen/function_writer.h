// What functions that are the same for every model are written with: counted loops and branches in LLVM IR.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>

#include <vector>

namespace gradc::codegen {

class FunctionWriter {
 protected:
  using Value = llvm::Value;
  using Values = std::vector<Value*>;

  explicit FunctionWriter(llvm::Module& module)
      : module_(module), ir_(module.getContext()), pointer_(ir_.getPtrTy()), integer_(ir_.getInt64Ty()) {}

  // From here on, this function's body is written.
  void begin(llvm::Function* function) {
    function_ = function;
    function_->addFnAttr(llvm::Attribute::NoInline);
    function_->setDoesNotThrow();
    ir_.SetInsertPoint(block("entry"));
  }
  void begin(const char* name, llvm::Type* result, llvm::ArrayRef<llvm::Type*> parameters) {
    begin(llvm::Function::Create(llvm::FunctionType::get(result, parameters, false),
                                 llvm::GlobalValue::InternalLinkage, name, module_));
  }

  Value* number(std::uint64_t n) { return ir_.getInt64(n); }
  Value* argument(unsigned k) { return function_->getArg(k); }
  Value* load(llvm::Type* type, Value* base, Value* index) {
    return ir_.CreateLoad(type, ir_.CreateGEP(type, base, index));
  }
  Value* bytes(Value* base, Value* offset) { return ir_.CreateGEP(ir_.getInt8Ty(), base, offset); }
  Value* smaller(Value* a, Value* b) { return ir_.CreateBinaryIntrinsic(llvm::Intrinsic::smin, a, b); }
  llvm::BasicBlock* block(const char* label) {
    return llvm::BasicBlock::Create(module_.getContext(), label, function_);
  }

  // i = from, from + step, … below `end`; `body` takes i and the carried values, gives the next ones.
  Values each(Value* from, Value* end, std::uint64_t step, const Values& carried,
              llvm::function_ref<Values(Value*, const Values&)> body) {
    llvm::BasicBlock* before = ir_.GetInsertBlock();
    llvm::BasicBlock *head = block("head"), *inside = block("body"), *after = block("done");
    ir_.CreateBr(head);
    ir_.SetInsertPoint(head);
    llvm::PHINode* i = ir_.CreatePHI(integer_, 2);
    i->addIncoming(from, before);
    Values now;
    for (Value* initial : carried) {
      llvm::PHINode* phi = ir_.CreatePHI(initial->getType(), 2);
      phi->addIncoming(initial, before);
      now.push_back(phi);
    }
    ir_.CreateCondBr(ir_.CreateICmpSLT(i, end), inside, after);
    ir_.SetInsertPoint(inside);
    const Values values = body(i, now);
    for (std::size_t k = 0; k < now.size(); ++k)
      llvm::cast<llvm::PHINode>(now[k])->addIncoming(values[k], ir_.GetInsertBlock());
    i->addIncoming(ir_.CreateAdd(i, number(step)), ir_.GetInsertBlock());
    ir_.CreateBr(head);
    ir_.SetInsertPoint(after);
    return now;
  }

  // The same with i from 0 to count - 1, or down from there.
  Values count(Value* count, bool down, const Values& carried,
               llvm::function_ref<Values(Value*, const Values&)> body) {
    return each(number(0), count, 1, carried, [&](Value* done, const Values& now) {
      return body(down ? ir_.CreateSub(ir_.CreateSub(count, number(1)), done) : done, now);
    });
  }

  void where(Value* condition, llvm::function_ref<void()> body, llvm::function_ref<void()> otherwise = {}) {
    llvm::BasicBlock *inside = block("where"), *other = otherwise ? block("else") : nullptr,
                     *after = block("after");
    ir_.CreateCondBr(condition, inside, other ? other : after);
    ir_.SetInsertPoint(inside);
    body();
    ir_.CreateBr(after);
    if (other) {
      ir_.SetInsertPoint(other);
      otherwise();
      ir_.CreateBr(after);
    }
    ir_.SetInsertPoint(after);
  }

  llvm::Module& module_;
  llvm::IRBuilder<> ir_;
  llvm::PointerType* pointer_;
  llvm::IntegerType* integer_;
  llvm::Function* function_ = nullptr;
};

}  // namespace gradc::codegen
