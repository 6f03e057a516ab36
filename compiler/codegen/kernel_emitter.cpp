// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/kernel_emitter.h"

#include <map>
#include <set>

#include "compiler/codegen/layout.h"
#include "compiler/kernel/operand.h"
#include "compiler/support/check.h"

namespace gradc::codegen {

using kernel::BufferId;
using kernel::Scalar;

namespace {

void collect(const kernel::Block& body, std::set<BufferId>& buffers) {
  each_statement(body, [&](const kernel::Statement& s) {
    std::visit(overloaded{[&](const kernel::Load& l) { buffers.insert(l.buffer); },
                          [&](const kernel::Store& l) { buffers.insert(l.buffer); },
                          [&](const kernel::Accumulate& l) { buffers.insert(l.buffer); },
                          [&](const kernel::Zero& z) { buffers.insert(z.buffer); },
                          [&](const kernel::Gemm& g) {
                            buffers.insert({g.a.buffer, g.b.buffer, g.c.buffer});
                          },
                          [&](const auto&) {}},
               s.node);
  });
}

}  // namespace

KernelParameters parameters_of(const kernel::Program& program, const kernel::Kernel& kernel) {
  constexpr std::size_t most = 32;
  std::set<BufferId> used;
  collect(kernel.body, used);
  KernelParameters result;
  // One pointer for all buffers of a slot: two to the same memory would break the promise of `noalias`.
  std::map<std::int32_t, std::size_t> of_slot;
  for (BufferId id : used) {
    const kernel::Buffer& buffer = program.buffer(id);
    if (buffer.place == kernel::Buffer::Place::local) continue;
    std::size_t which = result.buffers.size();
    if (buffer.slot >= 0) which = of_slot.try_emplace(buffer.slot, which).first->second;
    if (which == result.buffers.size()) result.buffers.push_back(id);
    result.pointers.emplace_back(id, which);
  }
  result.many = result.buffers.size() > most && !kernel.blocks;
  if (result.many) result.buffers.clear(), result.pointers.clear();
  return result;
}

llvm::Function* declare_kernel(llvm::Module& module, const kernel::Program& program,
                               const kernel::Kernel& kernel, const std::string& symbol, bool internal) {
  const KernelParameters parameters = parameters_of(program, kernel);
  llvm::IRBuilder<> ir(module.getContext());
  std::vector<llvm::Type*> types((parameters.many ? 3 : parameters.buffers.size()) + 3, ir.getPtrTy());
  if (kernel.blocks) {
    types.back() = ir.getInt64Ty();
    types.push_back(ir.getInt64Ty());
  }
  auto* function = llvm::Function::Create(
      llvm::FunctionType::get(ir.getVoidTy(), types, false),
      internal ? llvm::GlobalValue::InternalLinkage : llvm::GlobalValue::ExternalLinkage, symbol, module);
  if (!internal) function->setVisibility(llvm::GlobalValue::HiddenVisibility);
  function->setDoesNotThrow();
  for (unsigned k = 0; k < types.size(); ++k)
    if (types[k]->isPointerTy()) function->addParamAttr(k, llvm::Attribute::NoAlias);
  return function;
}

KernelEmitter::KernelEmitter(llvm::Function* function, const kernel::Program& program,
                             const kernel::Kernel& kernel, bool outline)
    : module_(*function->getParent()),
      context_(module_.getContext()),
      ir_(context_),
      program_(program),
      kernel_(kernel),
      outline_(outline),
      function_(function),
      held_(kernel.types.size()),
      base_(program.buffers.size()),
      sizes_(program.sizes.count()),
      strides_(program.buffers.size()) {}

void KernelEmitter::run() {
  const KernelParameters parameters = parameters_of(program_, kernel_);
  const unsigned pointers = function_->arg_size() - (kernel_.blocks ? 1 : 0);
  sizes_argument_ = function_->getArg(pointers - 3);
  status_argument_ = function_->getArg(pointers - 2);
  if (kernel_.blocks)
    range_ = std::pair(function_->getArg(pointers - 1), function_->getArg(pointers));
  else
    pool_argument_ = function_->getArg(pointers - 1);
  auto* entry = llvm::BasicBlock::Create(context_, "entry", function_);
  auto* start = llvm::BasicBlock::Create(context_, "start", function_);
  ir_.SetInsertPoint(entry);
  for (const auto& [id, which] : parameters.pointers)
    base_[static_cast<std::size_t>(id.value)] = function_->getArg(static_cast<unsigned>(which));
  if (parameters.many) {
    arrays_argument_ = function_->getArg(0);
    workspace_argument_ = function_->getArg(1);
    slots_argument_ = function_->getArg(2);
    known_slots_ = known_slots(program_);
  }
  std::set<BufferId> used;
  collect(kernel_.body, used);
  for (BufferId id : used) {
    const kernel::Buffer& buffer = program_.buffer(id);
    if (buffer.place != kernel::Buffer::Place::local) continue;
    std::int64_t count = 1;
    for (kernel::SizeId extent : buffer.extents) count *= program_.sizes.known(extent).value();
    llvm::AllocaInst* memory = ir_.CreateAlloca(
        llvm::ArrayType::get(memory_type(buffer.element), static_cast<std::uint64_t>(count)));
    memory->setAlignment(llvm::Align(64));
    base_[static_cast<std::size_t>(id.value)] = memory;
  }
  ir_.CreateBr(start);
  ir_.SetInsertPoint(start);
  block(kernel_.body);
  ir_.CreateRetVoid();
}

llvm::Type* KernelEmitter::register_type(Scalar type) const {
  switch (type) {
    case Scalar::f64: return llvm::Type::getDoubleTy(context_);
    case Scalar::f32: return llvm::Type::getFloatTy(context_);
    case Scalar::i64: return llvm::Type::getInt64Ty(context_);
    case Scalar::i32: return llvm::Type::getInt32Ty(context_);
    case Scalar::boolean: return llvm::Type::getInt1Ty(context_);
  }
  GRADC_UNREACHABLE("a scalar of unknown type");
}

llvm::Type* KernelEmitter::memory_type(Scalar type) const {
  return type == Scalar::boolean ? llvm::Type::getInt8Ty(context_) : register_type(type);
}

llvm::Type* KernelEmitter::widened(llvm::Type* type) const {
  return llvm::FixedVectorType::get(type, lanes_);
}

void KernelEmitter::hold(kernel::Value v, V value, bool varying) {
  held(v) = {};
  (varying ? held(v).vector : held(v).scalar) = value;
}

llvm::Value* KernelEmitter::scalar(kernel::Value v) {
  GRADC_CHECK(!held(v).vector && held(v).scalar,
              "v" + std::to_string(v.id) + " differs between lanes, or has no value yet");
  return held(v).scalar;
}

llvm::Value* KernelEmitter::vector(kernel::Value v) {
  const Held& value = held(v);
  return value.vector ? value.vector : ir_.CreateVectorSplat(lanes_, scalar(v));
}

void KernelEmitter::block(const kernel::Block& body) {
  for (const kernel::Statement& s : body) statement(s);
}

void KernelEmitter::statement(const kernel::Statement& s) {
  std::visit(overloaded{[&](const kernel::Constant& c) {
                          hold(c.result, constant(MachineValue{kernel_.type(c.result), c.bits}), false);
                        },
                        [&](const kernel::SizeOf& z) { hold(z.result, size(z.size), false); },
                        [&](const kernel::Compute& c) { compute(c); },
                        [&](const kernel::Elementary& e) { elementary(e); },
                        [&](const kernel::MathCall& c) { call(c); },
                        [&](const kernel::Load& l) {
                          V value = read(l.buffer, l.subscripts, l.mask);
                          hold(l.result, value, value->getType()->isVectorTy());
                        },
                        [&](const kernel::Store& l) {
                          write(l.buffer, l.subscripts, varies(l.value) ? vector(l.value) : scalar(l.value),
                                varies(l.value), l.mask);
                        },
                        [&](const kernel::Accumulate& l) {
                          const Scalar type = kernel_.type(l.value);
                          V before = read(l.buffer, l.subscripts, l.mask);
                          const bool varying = before->getType()->isVectorTy();
                          const auto get = [&](kernel::Value v) { return varying ? vector(v) : scalar(v); };
                          V sum = l.factor.valid()
                                      ? fused(type, get(l.value), get(l.factor), before)
                                      : combination(kernel::Combine::add, type, before, get(l.value));
                          write(l.buffer, l.subscripts, sum, varying, l.mask);
                        },
                        [&](const kernel::Zero& z) { zero(z); }, [&](const kernel::Check& c) { check(c); },
                        [&](const kernel::For& f) { loop(f); }, [&](const kernel::If& i) { branch(i); },
                        [&](const kernel::Gemm& g) { multiply(g); }},
             s.node);
}

}  // namespace gradc::codegen
