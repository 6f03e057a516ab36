// The functions of the ABI around the kernels: arguments checked, buffers placed, kernels called one after
// the other. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/kernel_emitter.h"
#include "compiler/codegen/layout.h"
#include "compiler/codegen/module.h"
#include "compiler/codegen/strided.h"

namespace gradc::codegen {

using kernel::Buffer;
using llvm::BasicBlock;
using llvm::Value;

llvm::Function* emit_workspace_bytes(llvm::Module& module, const kernel::Program& program,
                                     const std::string& symbol) {
  llvm::LLVMContext& context = module.getContext();
  llvm::IRBuilder<> ir(context);
  auto* function = llvm::Function::Create(llvm::FunctionType::get(ir.getInt64Ty(), {ir.getPtrTy()}, false),
                                          llvm::GlobalValue::ExternalLinkage, symbol, module);
  function->setDoesNotThrow();
  ir.SetInsertPoint(BasicBlock::Create(context, "entry", function));
  const Layout layout(ir, program, function->getArg(0));
  ir.CreateRet(ir.CreateSelect(layout.bad(), ir.getInt64(~std::uint64_t{0}), layout.total()));
  return function;
}

namespace {

class CallEmitter {
 public:
  CallEmitter(llvm::Module& module, const kernel::Program& program, const std::string& symbol)
      : module_(module), context_(module.getContext()), ir_(context_), program_(program) {
    function_ = llvm::Function::Create(
        llvm::FunctionType::get(ir_.getInt32Ty(),
                                {ir_.getPtrTy(), ir_.getPtrTy(), ir_.getPtrTy(), ir_.getPtrTy()}, false),
        llvm::GlobalValue::ExternalLinkage, symbol, module);
    function_->setDoesNotThrow();
  }

  llvm::Function* run() {
    std::vector<llvm::Function*> kernels;
    for (const kernel::Kernel& kernel : program_.kernels)
      kernels.push_back(KernelEmitter(module_, program_, kernel).run());
    ir_.SetInsertPoint(BasicBlock::Create(context_, "entry", function_));
    const Layout layout(ir_, program_, function_->getArg(0));
    check(layout);
    place(layout);
    for (std::size_t k = 0; k < kernels.size(); ++k) {
      std::vector<Value*> arguments;
      for (kernel::BufferId id : buffers_of(program_, program_.kernels[k]))
        arguments.push_back(pointers_[static_cast<std::size_t>(id.value)]);
      arguments.push_back(sizes_);
      arguments.push_back(status_);
      ir_.CreateCall(kernels[k], arguments);
    }
    for (const Staged& s : staged_) {
      if (program_.buffer(program_.arrays[s.array].buffer).place != Buffer::Place::result) continue;
      copy(s, layout, false);
    }
    ir_.CreateRet(ir_.CreateLoad(ir_.getInt32Ty(), status_));
    return function_;
  }

 private:
  struct Staged {
    std::size_t array;
    Value *given, *strides, *extents, *room, *needed;
  };
  Value* integer(std::uint64_t number) { return ir_.getInt64(number); }
  Value* element(Value* pointers, std::size_t k) {
    return ir_.CreateLoad(ir_.getPtrTy(), ir_.CreateConstInBoundsGEP1_64(ir_.getPtrTy(), pointers, k));
  }

  void fail_where(Value* wrong) {
    auto* bad = BasicBlock::Create(context_, "bad", function_);
    auto* good = BasicBlock::Create(context_, "good", function_);
    ir_.CreateCondBr(wrong, bad, good);
    ir_.SetInsertPoint(bad);
    ir_.CreateRet(ir_.getInt32(GRADC_BAD_ARGUMENT));
    ir_.SetInsertPoint(good);
  }

  void check(const Layout& layout) {
    // A BLAS counts in 32 bits.
    Value* wrong = layout.bad();
    if (multiplies())
      for (std::int32_t i = 0; i < static_cast<std::int32_t>(program_.sizes.count()); ++i)
        if (program_.sizes[{i}].kind == kernel::Size::Kind::argument)
          wrong = ir_.CreateOr(wrong, ir_.CreateICmpSGT(layout.size({i}), integer(0x7fffffff)));
    fail_where(wrong);
    Value* null = llvm::ConstantPointerNull::get(ir_.getPtrTy());
    wrong = ir_.getFalse();
    for (std::size_t k = 0; k < program_.arrays.size(); ++k) {
      given_.push_back(element(function_->getArg(1), k));
      Value* missing =
          ir_.CreateAnd(ir_.CreateICmpEQ(given_[k], null), ir_.CreateICmpNE(layout.elements(k), integer(0)));
      wrong = ir_.CreateOr(wrong, missing);
    }
    Value* no_workspace = ir_.CreateICmpEQ(function_->getArg(3), null);
    wrong = ir_.CreateOr(wrong, ir_.CreateAnd(no_workspace, ir_.CreateICmpNE(layout.total(), integer(0))));
    fail_where(wrong);
  }

  bool multiplies() const {
    for (const kernel::Kernel& kernel : program_.kernels)
      for (const kernel::Statement& s : kernel.body)
        if (std::holds_alternative<kernel::Gemm>(s.node) || std::holds_alternative<kernel::For>(s.node))
          return true;
    return false;
  }

  void place(const Layout& layout) {
    llvm::IRBuilder<> top(&function_->getEntryBlock(), function_->getEntryBlock().begin());
    status_ = top.CreateAlloca(ir_.getInt32Ty());
    sizes_ = top.CreateAlloca(ir_.getInt64Ty(), top.getInt64(program_.sizes.count()));
    ir_.CreateStore(ir_.getInt32(GRADC_OK), status_);
    for (std::int32_t i = 0; i < static_cast<std::int32_t>(program_.sizes.count()); ++i)
      if (!program_.sizes.known({i}))
        ir_.CreateStore(layout.size({i}), ir_.CreateConstInBoundsGEP1_64(ir_.getInt64Ty(), sizes_,
                                                                         static_cast<std::uint64_t>(i)));
    std::vector<Value*> arrays = given_;
    stage(layout, arrays);
    for (const Buffer& buffer : program_.buffers) {
      Value* pointer = nullptr;
      if (buffer.array >= 0) pointer = arrays[static_cast<std::size_t>(buffer.array)];
      if (buffer.slot >= 0)
        pointer = ir_.CreateGEP(ir_.getInt8Ty(), function_->getArg(3),
                                layout.slot(static_cast<std::size_t>(buffer.slot)));
      pointers_.push_back(pointer);
    }
  }

  // Arrays with strides of their own are worked on in a copy. One branch decides that there are none.
  void stage(const Layout& layout, std::vector<Value*>& arrays) {
    Value* null = llvm::ConstantPointerNull::get(ir_.getPtrTy());
    llvm::IRBuilder<> top(&function_->getEntryBlock(), function_->getEntryBlock().begin());
    auto* look = BasicBlock::Create(context_, "strides", function_);
    auto* after = BasicBlock::Create(context_, "dense", function_);
    BasicBlock* before = ir_.GetInsertBlock();
    ir_.CreateCondBr(ir_.CreateICmpNE(function_->getArg(2), null), look, after);
    ir_.SetInsertPoint(look);
    std::vector<Value*> changed = arrays;
    std::vector<Value*> needed(arrays.size(), ir_.getFalse());
    for (std::size_t k = 0; k < arrays.size(); ++k) {
      if (!layout.staging(k)) continue;
      const Buffer& buffer = program_.buffer(program_.arrays[k].buffer);
      Staged s{k,       arrays[k],
               nullptr, top.CreateAlloca(ir_.getInt64Ty(), top.getInt64(buffer.extents.size())),
               nullptr, nullptr};
      for (std::size_t axis = 0; axis < buffer.extents.size(); ++axis)
        ir_.CreateStore(layout.size(buffer.extents[axis]),
                        ir_.CreateConstInBoundsGEP1_64(ir_.getInt64Ty(), s.extents, axis));
      s.strides = element(function_->getArg(2), k);
      s.room = ir_.CreateGEP(ir_.getInt8Ty(), function_->getArg(3), layout.staging(k));
      // Without strides of its own the array is taken as contiguous, and nothing is read.
      Value* has = ir_.CreateICmpNE(s.strides, null);
      Value* rank = ir_.CreateSelect(has, integer(buffer.extents.size()), integer(0));
      needed[k] = ir_.CreateNot(ir_.CreateCall(contiguous_function(module_), {s.strides, s.extents, rank}));
      s.needed = needed[k];
      changed[k] = ir_.CreateSelect(needed[k], s.room, arrays[k]);
      if (buffer.place == Buffer::Place::argument) copy(s, layout, true);
      staged_.push_back(s);
    }
    BasicBlock* end = ir_.GetInsertBlock();
    ir_.CreateBr(after);
    ir_.SetInsertPoint(after);
    const auto joined = [&](Value* dense, Value* strided) -> Value* {
      llvm::PHINode* phi = ir_.CreatePHI(strided->getType(), 2);
      phi->addIncoming(dense, before);
      phi->addIncoming(strided, end);
      return phi;
    };
    for (std::size_t k = 0; k < arrays.size(); ++k)
      if (layout.staging(k)) arrays[k] = joined(arrays[k], changed[k]);
    for (Staged& s : staged_) {
      s.needed = joined(ir_.getFalse(), s.needed);
      s.strides = joined(null, s.strides);
      s.room = joined(null, s.room);
    }
  }

  void copy(const Staged& s, const Layout& layout, bool to_dense) {
    const Buffer& buffer = program_.buffer(program_.arrays[s.array].buffer);
    auto* inside = BasicBlock::Create(context_, "copy", function_);
    auto* after = BasicBlock::Create(context_, "copied", function_);
    ir_.CreateCondBr(s.needed, inside, after);
    ir_.SetInsertPoint(inside);
    ir_.CreateCall(copy_function(module_),
                   {s.room, s.given, s.strides, s.extents, integer(buffer.extents.size()),
                    layout.elements(s.array), integer(kernel::bytes(buffer.element)), ir_.getInt1(to_dense)});
    ir_.CreateBr(after);
    ir_.SetInsertPoint(after);
  }

  llvm::Module& module_;
  llvm::LLVMContext& context_;
  llvm::IRBuilder<> ir_;
  const kernel::Program& program_;
  llvm::Function* function_ = nullptr;
  Value *sizes_ = nullptr, *status_ = nullptr;
  std::vector<Value*> given_, pointers_;
  std::vector<Staged> staged_;
};

}  // namespace

llvm::Function* emit_call(llvm::Module& module, const kernel::Program& program, const std::string& symbol) {
  return CallEmitter(module, program, symbol).run();
}

}  // namespace gradc::codegen
