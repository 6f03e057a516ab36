// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/scattered.h"

#include <llvm/Analysis/TargetTransformInfo.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>

#include <map>
#include <vector>

namespace gradc::codegen {

namespace {

using llvm::Value;

bool is_all(const Value* mask) {
  const auto* known = llvm::dyn_cast<llvm::Constant>(mask);
  return known && known->isAllOnesValue();
}

class Expander {
 public:
  Expander(llvm::Function& function, const llvm::TargetTransformInfo& has)
      : function_(function), has_(has), ir_(function.getContext()) {}

  void run() {
    std::vector<llvm::IntrinsicInst*> found;
    for (llvm::Instruction& i : llvm::instructions(function_))
      if (auto* call = llvm::dyn_cast<llvm::IntrinsicInst>(&i))
        if (call->getIntrinsicID() == llvm::Intrinsic::masked_gather ||
            call->getIntrinsicID() == llvm::Intrinsic::masked_scatter)
          found.push_back(call);
    for (llvm::IntrinsicInst* call : found) {
      ir_.SetInsertPoint(call);
      if (call->getIntrinsicID() == llvm::Intrinsic::masked_gather)
        gather(*call);
      else
        scatter(*call);
    }
  }

 private:
  static llvm::Align align_of(const llvm::IntrinsicInst& call, unsigned operand) {
    return llvm::cast<llvm::ConstantInt>(call.getArgOperand(operand))->getAlignValue();
  }

  // (pointers, align, mask, otherwise): all of ours have 0 otherwise.
  void gather(llvm::IntrinsicInst& call) {
    auto* type = llvm::cast<llvm::FixedVectorType>(call.getType());
    const llvm::Align align = align_of(call, 1);
    if (has_.isLegalMaskedGather(type, align) && !has_.forceScalarizeMaskedGather(type, align)) return;
    const auto from = pointers(call.getArgOperand(0), call.getArgOperand(2), zero_, *type);
    Value* result = llvm::PoisonValue::get(type);
    for (unsigned lane = 0; lane < from.size(); ++lane)
      result = ir_.CreateInsertElement(
          result, ir_.CreateAlignedLoad(type->getElementType(), from[lane], align), lane);
    call.replaceAllUsesWith(result);
    call.eraseFromParent();
  }

  // (values, pointers, align, mask)
  void scatter(llvm::IntrinsicInst& call) {
    Value* values = call.getArgOperand(0);
    auto* type = llvm::cast<llvm::FixedVectorType>(values->getType());
    const llvm::Align align = align_of(call, 2);
    if (has_.isLegalMaskedScatter(type, align) && !has_.forceScalarizeMaskedScatter(type, align)) return;
    const auto to = pointers(call.getArgOperand(1), call.getArgOperand(3), spare_, *type);
    for (unsigned lane = 0; lane < to.size(); ++lane)
      ir_.CreateAlignedStore(ir_.CreateExtractElement(values, lane), to[lane], align);
    call.eraseFromParent();
  }

  // Of each lane.
  std::vector<Value*> pointers(Value* wanted, Value* mask, std::map<llvm::Type*, Value*>& otherwise,
                               llvm::FixedVectorType& type) {
    std::vector<Value*> result;
    const auto* gep = llvm::dyn_cast<llvm::GetElementPtrInst>(wanted);
    if (is_all(mask) && gep && gep->getNumIndices() == 1 && !gep->getPointerOperandType()->isVectorTy()) {
      // Offsets of lanes fit into addresses, and are often constants.
      for (unsigned lane = 0; lane < type.getNumElements(); ++lane)
        result.push_back(ir_.CreateGEP(gep->getSourceElementType(), gep->getOperand(0),
                                       ir_.CreateExtractElement(gep->getOperand(1), lane)));
      return result;
    }
    if (!is_all(mask)) {
      Value*& own = otherwise[type.getElementType()];
      if (!own) {
        llvm::IRBuilder<> top(&function_.getEntryBlock(), function_.getEntryBlock().begin());
        own = top.CreateAlloca(type.getElementType());
        top.CreateStore(llvm::Constant::getNullValue(type.getElementType()), own);
      }
      wanted = ir_.CreateSelect(mask, wanted, ir_.CreateVectorSplat(type.getNumElements(), own));
    }
    for (unsigned lane = 0; lane < type.getNumElements(); ++lane)
      result.push_back(ir_.CreateExtractElement(wanted, lane));
    return result;
  }

  llvm::Function& function_;
  const llvm::TargetTransformInfo& has_;
  llvm::IRBuilder<> ir_;
  std::map<llvm::Type*, Value*> zero_, spare_;  // by type: read, and written, in the place of what is not
};

}  // namespace

void expand_scattered(llvm::Module& module, llvm::TargetMachine& machine) {
  for (llvm::Function& function : module)
    if (!function.isDeclaration()) Expander(function, machine.getTargetTransformInfo(function)).run();
}

}  // namespace gradc::codegen
