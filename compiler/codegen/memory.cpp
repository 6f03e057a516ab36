// Loads and stores: where an element lies, and whether neighbouring lanes lie next to each other.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <llvm/IR/Intrinsics.h>

#include "compiler/codegen/kernel_emitter.h"
#include "compiler/codegen/products.h"
#include "compiler/support/check.h"

namespace gradc::codegen {

using kernel::BufferId;
using kernel::Scalar;

// Out of tables: loaded where it is used, since so many pointers fit into no registers.
llvm::Value* KernelEmitter::base(BufferId id) {
  if (V known = base_[static_cast<std::size_t>(id.value)]) return known;
  const kernel::Buffer& buffer = program_.buffer(id);
  const auto element = [&](llvm::Type* type, V table, std::int32_t k) -> V {
    llvm::LoadInst* load =
        ir_.CreateLoad(type, ir_.CreateConstInBoundsGEP1_64(type, table, static_cast<std::uint64_t>(k)));
    load->setMetadata(llvm::LLVMContext::MD_invariant_load, llvm::MDNode::get(context_, {}));
    return load;
  };
  if (buffer.array >= 0) return element(ir_.getPtrTy(), arrays_argument_, buffer.array);
  const auto known = known_slots_[static_cast<std::size_t>(buffer.slot)];
  V offset = known ? ir_.getInt64(static_cast<std::uint64_t>(*known))
                   : element(ir_.getInt64Ty(), slots_argument_, buffer.slot);
  return ir_.CreateGEP(ir_.getInt8Ty(), workspace_argument_, offset);
}

llvm::Value* KernelEmitter::size(kernel::SizeId id) {
  if (const auto known = program_.sizes.known(id)) return ir_.getInt64(static_cast<std::uint64_t>(*known));
  V& loaded = sizes_[static_cast<std::size_t>(id.value)];
  if (loaded) return loaded;
  // In the entry block, which dominates all others.
  const llvm::IRBuilder<>::InsertPointGuard guard(ir_);
  ir_.SetInsertPoint(function_->getEntryBlock().getTerminator());
  V place =
      ir_.CreateConstInBoundsGEP1_64(ir_.getInt64Ty(), sizes_argument_, static_cast<std::uint64_t>(id.value));
  return loaded = ir_.CreateLoad(ir_.getInt64Ty(), place);
}

std::optional<std::int64_t> KernelEmitter::known_stride(BufferId buffer, std::size_t axis) const {
  const auto& extents = program_.buffer(buffer).extents;
  std::int64_t stride = 1;
  for (std::size_t k = axis + 1; k < extents.size(); ++k) {
    const auto extent = program_.sizes.known(extents[k]);
    if (!extent || __builtin_mul_overflow(stride, *extent, &stride)) return std::nullopt;
  }
  return stride;
}

llvm::Value* KernelEmitter::stride(BufferId buffer, std::size_t axis) {
  if (const auto known = known_stride(buffer, axis)) return ir_.getInt64(static_cast<std::uint64_t>(*known));
  const auto& extents = program_.buffer(buffer).extents;
  auto& strides = strides_[static_cast<std::size_t>(buffer.value)];
  strides.resize(extents.size());
  if (strides[axis]) return strides[axis];
  V inner = stride(buffer, axis + 1), extent = size(extents[axis + 1]);
  const llvm::IRBuilder<>::InsertPointGuard guard(ir_);
  ir_.SetInsertPoint(function_->getEntryBlock().getTerminator());
  return strides[axis] = ir_.CreateMul(inner, extent);
}

KernelEmitter::Place KernelEmitter::place(BufferId buffer, const std::vector<kernel::Value>& subscripts) {
  std::int64_t step = 0;
  bool varying = false, linear = true;
  V first = ir_.getInt64(0);
  for (std::size_t axis = 0; axis < subscripts.size(); ++axis) {
    const Held& subscript = held(subscripts[axis]);
    if (subscript.vector) {
      const auto known = known_stride(buffer, axis);
      std::int64_t part = 0;
      varying = true;
      linear = linear && subscript.linear && known &&
               !__builtin_mul_overflow(subscript.step, *known, &part) &&
               !__builtin_add_overflow(step, part, &step);
    }
    if (linear) first = ir_.CreateAdd(first, ir_.CreateMul(subscript.scalar, stride(buffer, axis)));
  }
  llvm::Type* element = memory_type(program_.buffer(buffer).element);
  V base = this->base(buffer);
  if (!varying || (linear && step == 0))
    return {ir_.CreateGEP(element, base, first), nullptr, Place::Kind::uniform};
  if (linear && step == 1) return {ir_.CreateGEP(element, base, first), nullptr, Place::Kind::contiguous};
  if (linear) {  // the lanes' offsets from the first are constants
    V offsets = lane_numbers(ir_.getInt64Ty(), step);
    return {ir_.CreateGEP(element, ir_.CreateGEP(element, base, first), offsets), offsets,
            Place::Kind::scattered};
  }
  V offsets = llvm::Constant::getNullValue(widened(ir_.getInt64Ty()));
  for (std::size_t axis = 0; axis < subscripts.size(); ++axis)
    offsets = ir_.CreateAdd(offsets, ir_.CreateMul(vector(subscripts[axis]),
                                                   ir_.CreateVectorSplat(lanes_, stride(buffer, axis))));
  return {ir_.CreateGEP(element, base, offsets), offsets, Place::Kind::scattered};
}

llvm::Value* KernelEmitter::lanes_that_count(kernel::Value mask) {
  if (!mask.valid() || always(mask)) return active_;
  return active_ ? ir_.CreateAnd(active_, vector(mask)) : vector(mask);
}

llvm::Value* KernelEmitter::from_memory(V value, Scalar element) {
  if (element == Scalar::i32) {
    llvm::Type* wide = ir_.getInt64Ty();
    return ir_.CreateSExt(value, value->getType()->isVectorTy() ? widened(wide) : wide);
  }
  if (element == Scalar::boolean)
    return ir_.CreateICmpNE(value, llvm::Constant::getNullValue(value->getType()));
  return value;
}

llvm::Value* KernelEmitter::to_memory(V value, Scalar element) {
  llvm::Type* type = memory_type(element);
  if (value->getType()->isVectorTy()) type = widened(type);
  if (element == Scalar::boolean) return ir_.CreateZExt(value, type);
  return element == Scalar::i32 && value->getType() != type ? ir_.CreateTrunc(value, type) : value;
}

llvm::Value* KernelEmitter::read(BufferId buffer, const std::vector<kernel::Value>& subscripts,
                                 kernel::Value mask) {
  const Scalar element = program_.buffer(buffer).element;
  llvm::Type* type = memory_type(element);
  const llvm::Align align(kernel::bytes(element));
  const Place at = place(buffer, subscripts);
  if (at.kind == Place::Kind::uniform) {
    if (!mask.valid() || always(mask))
      return from_memory(ir_.CreateAlignedLoad(type, at.base, align), element);
    V lanes = varies(mask) ? lanes_that_count(mask) : nullptr;
    V wanted = lanes ? any_lane(lanes) : scalar(mask);
    llvm::BasicBlock* before = ir_.GetInsertBlock();
    llvm::BasicBlock* inside = nullptr;
    V loaded = nullptr;
    guarded(wanted, [&] {
      loaded = ir_.CreateAlignedLoad(type, at.base, align);
      inside = ir_.GetInsertBlock();
    });
    llvm::PHINode* phi = ir_.CreatePHI(type, 2);
    phi->addIncoming(loaded, inside);
    phi->addIncoming(llvm::Constant::getNullValue(type), before);
    V value = from_memory(phi, element);
    if (!lanes) return value;
    V all = ir_.CreateVectorSplat(lanes_, value);
    return ir_.CreateSelect(lanes, all, llvm::Constant::getNullValue(all->getType()));
  }
  V lanes = lanes_that_count(mask);
  llvm::Type* wide = widened(type);
  // A machine may take thousands of cycles to find that memory which no lane reads does not exist.
  V from = at.base;
  if (at.kind == Place::Kind::contiguous && lanes && at_edge_)
    from = ir_.CreateSelect(any_lane(lanes), from, base(buffer));
  if (at.kind == Place::Kind::contiguous)
    return from_memory(lanes ? static_cast<V>(ir_.CreateMaskedLoad(wide, from, align, lanes,
                                                                   llvm::Constant::getNullValue(wide)))
                             : ir_.CreateAlignedLoad(wide, at.base, align),
                       element);
  if (!lanes) lanes = llvm::Constant::getAllOnesValue(widened(ir_.getInt1Ty()));
  return from_memory(ir_.CreateMaskedGather(wide, at.base, align, lanes, llvm::Constant::getNullValue(wide)),
                     element);
}

void KernelEmitter::write(BufferId buffer, const std::vector<kernel::Value>& subscripts, V value,
                          bool varying, kernel::Value mask) {
  const Scalar element = program_.buffer(buffer).element;
  const llvm::Align align(kernel::bytes(element));
  const Place at = place(buffer, subscripts);
  value = to_memory(value, element);
  if (at.kind == Place::Kind::uniform) {
    GRADC_CHECK(!varying, "lanes that write one element");
    if (!mask.valid() || always(mask)) {
      ir_.CreateAlignedStore(value, at.base, align);
    } else {
      guarded(scalar(mask), [&] { ir_.CreateAlignedStore(value, at.base, align); });
    }
    return;
  }
  if (!varying) value = ir_.CreateVectorSplat(lanes_, value);
  V lanes = lanes_that_count(mask);
  if (at.kind == Place::Kind::contiguous && !lanes) {
    ir_.CreateAlignedStore(value, at.base, align);
  } else if (at.kind == Place::Kind::contiguous) {
    ir_.CreateMaskedStore(value, at.base, align, lanes);
  } else {
    ir_.CreateMaskedScatter(value, at.base, align, lanes);
  }
}

void KernelEmitter::zero(const kernel::Zero& z) {
  const kernel::Buffer& buffer = program_.buffer(z.buffer);
  V count = ir_.getInt64(kernel::bytes(buffer.element)), offset = ir_.getInt64(0);
  if (!z.leading.empty()) {
    count = ir_.CreateMul(count, stride(z.buffer, z.leading.size() - 1));
  } else if (!buffer.extents.empty()) {
    count = ir_.CreateMul(count, ir_.CreateMul(stride(z.buffer, 0), size(buffer.extents[0])));
  }
  for (std::size_t axis = 0; axis < z.leading.size(); ++axis)
    offset = ir_.CreateAdd(offset, ir_.CreateMul(scalar(z.leading[axis]), stride(z.buffer, axis)));
  V place = ir_.CreateGEP(memory_type(buffer.element), this->base(z.buffer), offset);
  ir_.CreateMemSet(place, ir_.getInt8(0), count, llvm::MaybeAlign(kernel::bytes(buffer.element)));
}

void KernelEmitter::multiply(const kernel::Gemm& g) {
  const Scalar element = program_.buffer(g.c.buffer).element;
  std::vector<V> arguments;
  if (pool_argument_) arguments.push_back(pool_argument_);
  for (const kernel::Gemm::Operand* o : {&g.a, &g.b, &g.c}) {
    arguments.push_back(ir_.CreateGEP(memory_type(element), this->base(o->buffer), scalar(o->offset)));
    arguments.push_back(scalar(o->row_stride));
    if (o != &g.c) arguments.push_back(scalar(o->column_stride));
  }
  for (kernel::Value extent : {g.m, g.n, g.k}) arguments.push_back(scalar(extent));
  arguments.push_back(ir_.getInt1(g.accumulate));
  const ProductKind kind{element == Scalar::f32, g.fma};
  ir_.CreateCall(pool_argument_ ? shared_product_function(module_, kind) : product_function(module_, kind),
                 arguments);
}

void KernelEmitter::check(const kernel::Check& c) {
  V failed = varies(c.failed) ? any_lane(lanes_that_count(c.failed)) : scalar(c.failed);
  guarded(failed,
          [&] { ir_.CreateStore(ir_.getInt32(static_cast<std::uint32_t>(c.status)), status_argument_); });
}

}  // namespace gradc::codegen
