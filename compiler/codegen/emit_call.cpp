// The functions of the ABI around the kernels: arguments checked, buffers placed, kernels called one after
// the other. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/blocks.h"
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
  if (!program.size_names.empty()) {
    auto *bad = BasicBlock::Create(context, "bad", function),
         *good = BasicBlock::Create(context, "good", function);
    ir.CreateCondBr(ir.CreateIsNull(function->getArg(0)), bad, good);
    ir.SetInsertPoint(bad);
    ir.CreateRet(ir.getInt64(~std::uint64_t{0}));
    ir.SetInsertPoint(good);
  }
  const Layout layout(ir, program, function->getArg(0), true);
  ir.CreateRet(ir.CreateSelect(layout.bad(), ir.getInt64(~std::uint64_t{0}), layout.total()));
  return function;
}

llvm::Constant* emit_derived_sizes(llvm::Module& module, const kernel::Program& program) {
  llvm::IRBuilder<> ir(module.getContext());
  const std::vector<kernel::SizeId> derived = derived_sizes(program);
  if (derived.empty()) return llvm::ConstantPointerNull::get(ir.getPtrTy());
  auto* function =
      llvm::Function::Create(llvm::FunctionType::get(ir.getVoidTy(), {ir.getPtrTy(), ir.getPtrTy()}, false),
                             llvm::GlobalValue::PrivateLinkage, "derived_sizes", module);
  function->setDoesNotThrow();
  ir.SetInsertPoint(BasicBlock::Create(module.getContext(), "entry", function));
  const Layout layout(ir, program, function->getArg(0), false);
  for (std::size_t k = 0; k < derived.size(); ++k)
    ir.CreateStore(layout.size(derived[k]),
                   ir.CreateConstInBoundsGEP1_64(ir.getInt64Ty(), function->getArg(1), k));
  ir.CreateRetVoid();
  return function;
}

namespace {

class CallEmitter {
 public:
  CallEmitter(llvm::Module& module, const kernel::Program& program, llvm::ArrayRef<llvm::Function*> kernels,
              const std::string& symbol)
      : module_(module), context_(module.getContext()), ir_(context_), program_(program), kernels_(kernels) {
    function_ = llvm::Function::Create(
        llvm::FunctionType::get(ir_.getInt32Ty(), std::vector<llvm::Type*>(5, ir_.getPtrTy()), false),
        llvm::GlobalValue::ExternalLinkage, symbol, module);
    function_->setDoesNotThrow();
  }

  llvm::Function* run() {
    std::vector<KernelParameters> parameters;
    for (const kernel::Kernel& kernel : program_.kernels) {
      parameters.push_back(parameters_of(program_, kernel));
      tables_ = tables_ || parameters.back().many;
    }
    ir_.SetInsertPoint(BasicBlock::Create(context_, "entry", function_));
    if (!program_.size_names.empty()) fail_where(ir_.CreateIsNull(function_->getArg(0)));
    if (!program_.arrays.empty()) fail_where(ir_.CreateIsNull(function_->getArg(1)));
    Layout layout(ir_, program_, function_->getArg(0), false);
    check(layout);
    divert(layout);
    place(layout, parameters);
    for (std::size_t k = 0; k < kernels_.size(); ++k) {
      if (const auto& blocks = program_.kernels[k].blocks) {
        BlockedKernel(module_, *blocks, parameters[k], kernels_[k])
            .call(ir_, {pointers_, [&](kernel::SizeId id) { return layout.size(id); }, sizes_, status_,
                        function_->getArg(4)});
        continue;
      }
      std::vector<Value*> arguments;
      if (parameters[k].many) arguments = {function_->getArg(1), function_->getArg(3), slots_};
      for (kernel::BufferId id : parameters[k].buffers)
        arguments.push_back(pointers_[static_cast<std::size_t>(id.value)]);
      arguments.push_back(sizes_);
      arguments.push_back(status_);
      arguments.push_back(function_->getArg(4));
      ir_.CreateCall(kernels_[k], arguments);
    }
    ir_.CreateRet(ir_.CreateLoad(ir_.getInt32Ty(), status_));
    return function_;
  }

 private:
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
    fail_where(layout.bad());
    Value* null = llvm::ConstantPointerNull::get(ir_.getPtrTy());
    Value* wrong = ir_.getFalse();
    for (std::size_t k = 0; k < program_.arrays.size(); ++k) {
      given_.push_back(element(function_->getArg(1), k));
      Value* missing =
          ir_.CreateAnd(ir_.CreateICmpEQ(given_[k], null), ir_.CreateICmpNE(layout.elements(k), integer(0)));
      wrong = ir_.CreateOr(wrong, missing);
    }
    copied_ = integer(0);
    for (std::size_t k = 0; k < program_.arrays.size(); ++k)
      if (!program_.buffer(program_.arrays[k].buffer).extents.empty())
        copied_ = ir_.CreateOr(copied_, layout.elements(k));
    Value* no_workspace = ir_.CreateICmpEQ(function_->getArg(3), null);
    Value* needed = ir_.CreateICmpNE(ir_.CreateOr(layout.total(), copied_), integer(0));
    wrong = ir_.CreateOr(wrong, ir_.CreateAnd(no_workspace, needed));
    fail_where(wrong);
  }

  void place(Layout& layout, const std::vector<KernelParameters>& parameters) {
    llvm::IRBuilder<> top(&function_->getEntryBlock(), function_->getEntryBlock().begin());
    status_ = top.CreateAlloca(ir_.getInt32Ty());
    sizes_ = top.CreateAlloca(ir_.getInt64Ty(), top.getInt64(program_.sizes.count()));
    ir_.CreateStore(ir_.getInt32(GRADC_OK), status_);
    for (std::int32_t i = 0; i < static_cast<std::int32_t>(program_.sizes.count()); ++i)
      if (!program_.sizes.known({i}))
        ir_.CreateStore(layout.size({i}), ir_.CreateConstInBoundsGEP1_64(ir_.getInt64Ty(), sizes_,
                                                                         static_cast<std::uint64_t>(i)));
    slots_ = layout.slot_table();
    if (tables_ && !slots_) {
      slots_ = top.CreateAlloca(ir_.getInt64Ty(), top.getInt64(program_.slots.size()));
      for (std::size_t k = 0; k < program_.slots.size(); ++k)
        if (!llvm::isa<llvm::ConstantInt>(layout.slot(k)))
          ir_.CreateStore(layout.slot(k), ir_.CreateConstInBoundsGEP1_64(ir_.getInt64Ty(), slots_, k));
    }
    std::vector<bool> passed(program_.buffers.size());  // by its pointer
    for (const KernelParameters& p : parameters)
      for (kernel::BufferId id : p.buffers) passed[static_cast<std::size_t>(id.value)] = true;
    for (const kernel::Kernel& kernel : program_.kernels)
      if (kernel.blocks)
        for (const kernel::Blocks::Sum& sum : kernel.blocks->sums)
          passed[static_cast<std::size_t>(sum.parts.value)] = true;
    for (const Buffer& buffer : program_.buffers) {
      Value* pointer = nullptr;
      if (buffer.array >= 0) pointer = given_[static_cast<std::size_t>(buffer.array)];
      if (buffer.slot >= 0 && passed[pointers_.size()])
        pointer = ir_.CreateGEP(ir_.getInt8Ty(), function_->getArg(3),
                                layout.slot(static_cast<std::size_t>(buffer.slot)));
      pointers_.push_back(pointer);
    }
  }

  // The arguments, and behind them what is derived from them.
  Value* sizes_of_arrays(const Layout& layout) {
    const std::vector<kernel::SizeId> derived = derived_sizes(program_);
    if (derived.empty()) return function_->getArg(0);
    const std::size_t given = program_.size_names.size();
    Value* all = ir_.CreateAlloca(ir_.getInt64Ty(), integer(given + derived.size()));
    const auto store = [&](std::size_t k, Value* size) {
      ir_.CreateStore(size, ir_.CreateConstInBoundsGEP1_64(ir_.getInt64Ty(), all, k));
    };
    for (std::size_t k = 0; k < given; ++k)
      store(k, ir_.CreateLoad(ir_.getInt64Ty(),
                              ir_.CreateConstInBoundsGEP1_64(ir_.getInt64Ty(), function_->getArg(0), k)));
    for (std::size_t k = 0; k < derived.size(); ++k) store(given + k, layout.size(derived[k]));
    return all;
  }

  // Where strides are given, the call is made on copies.
  void divert(const Layout& layout) {
    Value* null = llvm::ConstantPointerNull::get(ir_.getPtrTy());
    Value* given = ir_.CreateICmpNE(function_->getArg(2), null);
    auto* strided = BasicBlock::Create(context_, "strided", function_);
    auto* dense = BasicBlock::Create(context_, "dense", function_);
    ir_.CreateCondBr(ir_.CreateAnd(given, ir_.CreateICmpNE(copied_, integer(0))), strided, dense);
    ir_.SetInsertPoint(strided);
    ir_.CreateRet(
        ir_.CreateCall(strided_function(module_),
                       {describe_arrays(module_, program_), sizes_of_arrays(layout), function_->getArg(1),
                        function_->getArg(2), function_->getArg(3), function_->getArg(4), function_}));
    ir_.SetInsertPoint(dense);
  }

  llvm::Module& module_;
  llvm::LLVMContext& context_;
  llvm::IRBuilder<> ir_;
  const kernel::Program& program_;
  llvm::ArrayRef<llvm::Function*> kernels_;
  llvm::Function* function_ = nullptr;
  bool tables_ = false;  // a kernel takes its buffers out of tables
  Value *sizes_ = nullptr, *status_ = nullptr, *slots_ = nullptr;
  Value* copied_ = nullptr;  // 0 only if no array with axes has elements
  std::vector<Value*> given_, pointers_;
};

}  // namespace

llvm::Function* emit_call(llvm::Module& module, const kernel::Program& program,
                          llvm::ArrayRef<llvm::Function*> kernels, const std::string& symbol) {
  return CallEmitter(module, program, kernels, symbol).run();
}

}  // namespace gradc::codegen
