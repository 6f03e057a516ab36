// The machine operations of the loop IR in LLVM's terms; scalars and vectors alike.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <llvm/IR/Intrinsics.h>

#include "compiler/codegen/kernel_emitter.h"
#include "compiler/codegen/lane_calls.h"
#include "compiler/support/check.h"

namespace gradc::codegen {

using kernel::Op;
using kernel::Scalar;

llvm::Value* KernelEmitter::constant(MachineValue value) const {
  llvm::Type* type = register_type(value.type);
  if (type->isDoubleTy()) return llvm::ConstantFP::get(context_, llvm::APFloat(value.as_f64()));
  if (type->isFloatTy()) return llvm::ConstantFP::get(context_, llvm::APFloat(value.as_f32()));
  return llvm::ConstantInt::get(type, value.bits);
}

void KernelEmitter::compute(const kernel::Compute& c) {
  if (const auto known = known_.find(c.result); known != known_.end())
    return hold(c.result, ir_.getInt1(known->second), false);
  bool varying = false;
  for (kernel::Value v : c.arguments) varying = varying || varies(v);
  const auto count = static_cast<std::size_t>(operand_count(c.op));
  if (varying)
    if (V lanes = compared_in_lanes(c)) return hold(c.result, lanes, true);
  V x[3] = {};
  for (std::size_t k = 0; k < count; ++k) x[k] = varying ? vector(c.arguments[k]) : scalar(c.arguments[k]);
  hold(c.result, operation(c.op, kernel_.type(c.arguments[count - 1]), x), varying);
  if (varying) linear(c);
}

// Keeps lane 0 and the step of integers that are linear in the lane, so that addresses stay scalars.
void KernelEmitter::linear(const kernel::Compute& c) {
  if (kernel_.type(c.result) != Scalar::i64 || (c.op != Op::add && c.op != Op::sub && c.op != Op::mul))
    return;
  const Held &a = held(c.arguments[0]), &b = held(c.arguments[1]);
  if ((a.vector && !a.linear) || (b.vector && !b.linear)) return;
  std::int64_t step = 0;
  if (c.op == Op::mul) {
    const auto* factor = llvm::dyn_cast<llvm::ConstantInt>(a.vector ? b.scalar : a.scalar);
    if ((a.vector && b.vector) || !factor) return;
    if (__builtin_mul_overflow(a.vector ? a.step : b.step, factor->getSExtValue(), &step)) return;
  } else if (c.op == Op::add ? __builtin_add_overflow(a.step, b.step, &step)
                             : __builtin_sub_overflow(a.step, b.step, &step)) {
    return;
  }
  const V x[] = {a.scalar, b.scalar};
  V first = operation(c.op, Scalar::i64, x);
  Held& result = held(c.result);
  result.scalar = first;
  result.step = step;
  result.linear = true;
}

// Positions that are linear in the lane, compared by their difference in 32 bits: a vector of 64-bit numbers
// takes twice the registers of what the comparison masks. Beyond 2^30 it does not matter how far, since no
// step is large; positions themselves are far from 2^63. Null if it is something else.
llvm::Value* KernelEmitter::compared_in_lanes(const kernel::Compute& c) {
  constexpr std::int64_t most_step = 1 << 20, far = 1 << 30;
  const bool compares =
      c.op == Op::equal || c.op == Op::not_equal || c.op == Op::less || c.op == Op::less_equal;
  if (!compares || kernel_.type(c.arguments[0]) != Scalar::i64) return nullptr;
  const Held &a = held(c.arguments[0]), &b = held(c.arguments[1]);
  if ((a.vector && !a.linear) || (b.vector && !b.linear)) return nullptr;
  const std::int64_t step = (a.vector ? a.step : 0) - (b.vector ? b.step : 0);
  if (step > most_step || step < -most_step) return nullptr;
  const auto lane_0 = [&](kernel::Value v) { return varies(v) ? held(v).scalar : scalar(v); };
  V first =
      ir_.CreateBinaryIntrinsic(llvm::Intrinsic::ssub_sat, lane_0(c.arguments[0]), lane_0(c.arguments[1]));
  first = ir_.CreateBinaryIntrinsic(llvm::Intrinsic::smin, first, ir_.getInt64(far));
  first =
      ir_.CreateBinaryIntrinsic(llvm::Intrinsic::smax, first, ir_.getInt64(static_cast<std::uint64_t>(-far)));
  V x[] = {ir_.CreateAdd(ir_.CreateVectorSplat(lanes_, ir_.CreateTrunc(first, ir_.getInt32Ty())),
                         lane_numbers(ir_.getInt32Ty(), step)),
           llvm::Constant::getNullValue(widened(ir_.getInt32Ty()))};
  return operation(c.op, Scalar::i64, x);
}

// `operand` is the type of the last operand; one lane or all of them, as the operands are.
llvm::Value* KernelEmitter::operation(Op op, Scalar operand, const V* x) {
  const bool real = is_float(operand);
  llvm::Type* type = register_type(result_type(op, operand));
  if (x[0]->getType()->isVectorTy())
    type = llvm::VectorType::get(type, llvm::cast<llvm::VectorType>(x[0]->getType())->getElementCount());
  const auto unary = [&](llvm::Intrinsic::ID id) -> V { return ir_.CreateUnaryIntrinsic(id, x[0]); };
  switch (op) {
    case Op::add: return real ? ir_.CreateFAdd(x[0], x[1]) : ir_.CreateAdd(x[0], x[1]);
    case Op::sub: return real ? ir_.CreateFSub(x[0], x[1]) : ir_.CreateSub(x[0], x[1]);
    case Op::mul: return real ? ir_.CreateFMul(x[0], x[1]) : ir_.CreateMul(x[0], x[1]);
    case Op::neg: return real ? ir_.CreateFNeg(x[0]) : ir_.CreateNeg(x[0]);
    case Op::abs:
      return real ? unary(llvm::Intrinsic::fabs)
                  : ir_.CreateBinaryIntrinsic(llvm::Intrinsic::abs, x[0], ir_.getFalse());
    case Op::div: return ir_.CreateFDiv(x[0], x[1]);
    case Op::fma: return ir_.CreateIntrinsic(llvm::Intrinsic::fma, {type}, {x[0], x[1], x[2]});
    case Op::sqrt: return unary(llvm::Intrinsic::sqrt);
    case Op::floor: return unary(llvm::Intrinsic::floor);
    case Op::ceil: return unary(llvm::Intrinsic::ceil);
    case Op::trunc: return unary(llvm::Intrinsic::trunc);
    case Op::rint: return unary(llvm::Intrinsic::roundeven);
    case Op::copysign: return ir_.CreateBinaryIntrinsic(llvm::Intrinsic::copysign, x[0], x[1]);
    case Op::equal: return real ? ir_.CreateFCmpOEQ(x[0], x[1]) : ir_.CreateICmpEQ(x[0], x[1]);
    case Op::not_equal: return real ? ir_.CreateFCmpUNE(x[0], x[1]) : ir_.CreateICmpNE(x[0], x[1]);
    case Op::less: return real ? ir_.CreateFCmpOLT(x[0], x[1]) : ir_.CreateICmpSLT(x[0], x[1]);
    case Op::less_equal: return real ? ir_.CreateFCmpOLE(x[0], x[1]) : ir_.CreateICmpSLE(x[0], x[1]);
    case Op::select: return ir_.CreateSelect(x[0], x[1], x[2]);
    case Op::bit_and: return ir_.CreateAnd(x[0], x[1]);
    case Op::bit_or: return ir_.CreateOr(x[0], x[1]);
    case Op::bit_xor: return ir_.CreateXor(x[0], x[1]);
    case Op::bit_not: return ir_.CreateNot(x[0]);
    case Op::shift_left: return ir_.CreateShl(x[0], x[1]);
    case Op::shift_right: return ir_.CreateLShr(x[0], x[1]);
    case Op::shift_right_signed: return ir_.CreateAShr(x[0], x[1]);
    case Op::floor_div:
    case Op::mod: return integer_division(op, type, x[0], x[1]);
    case Op::bit_cast_to_integer:
    case Op::bit_cast_to_float: return ir_.CreateBitCast(x[0], type);
    case Op::widen:
    case Op::narrow: return ir_.CreateFPCast(x[0], type);
    case Op::integer_to_f32:
    case Op::integer_to_f64: return ir_.CreateSIToFP(x[0], type);
  }
  GRADC_UNREACHABLE("a machine operation of unknown kind");
}

// llvm.maximum and minimum keep a NaN and order the zeros, as loop.h says.
llvm::Value* KernelEmitter::combination(kernel::Combine how, Scalar type, V a, V b) {
  const V x[] = {a, b};
  const bool real = is_float(type);
  switch (how) {
    case kernel::Combine::add: return operation(Op::add, type, x);
    case kernel::Combine::mul: return operation(Op::mul, type, x);
    case kernel::Combine::any: return operation(Op::bit_or, type, x);
    case kernel::Combine::all: return operation(Op::bit_and, type, x);
    case kernel::Combine::max:
      return ir_.CreateBinaryIntrinsic(real ? llvm::Intrinsic::maximum : llvm::Intrinsic::smax, a, b);
    case kernel::Combine::min:
      return ir_.CreateBinaryIntrinsic(real ? llvm::Intrinsic::minimum : llvm::Intrinsic::smin, a, b);
  }
  GRADC_UNREACHABLE("a combination of unknown kind");
}

// Rounds down; by 0 gives 0. The divisors that would trap or overflow are replaced first.
llvm::Value* KernelEmitter::integer_division(Op op, llvm::Type* type, V a, V b) {
  V zero = llvm::Constant::getNullValue(type), one = llvm::ConstantInt::get(type, 1);
  V minus_one = llvm::Constant::getAllOnesValue(type);
  V by_zero = ir_.CreateICmpEQ(b, zero), by_minus_one = ir_.CreateICmpEQ(b, minus_one);
  V divisor = ir_.CreateSelect(ir_.CreateOr(by_zero, by_minus_one), one, b);
  V quotient = ir_.CreateSDiv(a, divisor), rest = ir_.CreateSRem(a, divisor);
  V down = ir_.CreateAnd(ir_.CreateICmpNE(rest, zero), ir_.CreateICmpSLT(ir_.CreateXor(rest, divisor), zero));
  V floored = ir_.CreateSelect(down, ir_.CreateSub(quotient, one), quotient);
  floored = ir_.CreateSelect(by_minus_one, ir_.CreateNeg(a), floored);
  floored = ir_.CreateSelect(by_zero, zero, floored);
  if (op == Op::floor_div) return floored;
  return ir_.CreateSelect(by_zero, zero, ir_.CreateSub(a, ir_.CreateMul(b, floored)));
}

// In lanes, a function of the module calls for each lane that asks (lane_calls.h).
void KernelEmitter::call(const kernel::MathCall& c) {
  const std::size_t arity = c.arguments[1].valid() ? 2 : 1;
  bool varying = varies(c.mask) || varies(c.otherwise);
  for (kernel::Value v : c.arguments) varying = varying || varies(v);
  const auto get = [&](kernel::Value v) -> V {
    return !v.valid() ? nullptr : varying ? vector(v) : scalar(v);
  };
  std::vector<V> x;
  for (std::size_t k = 0; k < arity; ++k) x.push_back(get(c.arguments[k]));
  V mask = varying ? lanes_that_count(c.mask) : get(c.mask);
  hold(c.result, library(c.function, x, mask, get(c.otherwise), varying), varying);
}

// function(x…) where the mask holds (null: everywhere), else `otherwise`.
llvm::Value* KernelEmitter::library(std::string_view function, llvm::ArrayRef<V> x, V mask, V otherwise,
                                    bool varying) {
  if (!mask && !varying) return call_library(ir_, function, x);
  llvm::Type* type = varying ? widened(ir_.getDoubleTy()) : ir_.getDoubleTy();
  if (!otherwise) otherwise = llvm::Constant::getNullValue(type);
  if (!mask) mask = llvm::Constant::getAllOnesValue(widened(ir_.getInt1Ty()));
  llvm::BasicBlock *before = ir_.GetInsertBlock(), *inside = nullptr;
  V result = nullptr;
  guarded(varying ? any_lane(mask) : mask, [&] {
    result = varying ? call_in_lanes(ir_, function, x, otherwise, mask) : call_library(ir_, function, x);
    inside = ir_.GetInsertBlock();
  });
  llvm::PHINode* phi = ir_.CreatePHI(type, 2);
  phi->addIncoming(result, inside);
  phi->addIncoming(otherwise, before);
  return phi;
}

// Runs `body` where the condition holds.
void KernelEmitter::guarded(V condition, llvm::function_ref<void()> body) {
  auto* inside = llvm::BasicBlock::Create(context_, "guarded", function_);
  auto* after = llvm::BasicBlock::Create(context_, "after", function_);
  ir_.CreateCondBr(condition, inside, after);
  ir_.SetInsertPoint(inside);
  body();
  ir_.CreateBr(after);
  ir_.SetInsertPoint(after);
}

}  // namespace gradc::codegen
