// Loops and branches. A loop over W lanes runs W iterations at a time; what is left over at its end is one
// more step with a mask, so every iteration computes the same bits wherever it falls.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <llvm/IR/Constants.h>
#include <llvm/IR/Intrinsics.h>

#include <numeric>
#include <utility>

#include "compiler/codegen/kernel_emitter.h"
#include "compiler/kernel/arithmetic.h"

namespace gradc::codegen {

namespace {

// Of W iterations each: behind so many, up to W - 1 single iterations are no time, but half of the code.
constexpr unsigned fewest_steps_before_single_ones = 128;

}  // namespace

void KernelEmitter::loop(const kernel::For& f) {
  if (f.lanes > 1) {
    in_lanes(f);
  } else {
    serial(f);
  }
}

// What a block has of the kernel's only loop, or all.
std::pair<llvm::Value*, llvm::Value*> KernelEmitter::range(const kernel::For& f) {
  return std::exchange(range_, std::nullopt).value_or(std::pair(scalar(f.lower), scalar(f.upper)));
}

// How many iterations each block has at least, as far as is known.
std::uint64_t KernelEmitter::least_of_block() const {
  const auto extent = program_.sizes.known(kernel_.blocks->extent),
             count = program_.sizes.known(kernel_.blocks->count);
  return extent && count && *count > 0 ? static_cast<std::uint64_t>(*extent / *count) : 0;
}

void KernelEmitter::serial(const kernel::For& f) {
  const auto [lower, upper] = range(f);
  llvm::BasicBlock* before = ir_.GetInsertBlock();
  auto* head = llvm::BasicBlock::Create(context_, "head", function_);
  auto* body = llvm::BasicBlock::Create(context_, "body", function_);
  auto* after = llvm::BasicBlock::Create(context_, "done", function_);
  // Carried values differ between lanes as soon as one of their parts does.
  const bool varying = lanes_ != 0;
  std::vector<V> initial;
  for (const auto& c : f.carried) initial.push_back(varying ? vector(c.initial) : scalar(c.initial));
  for (const auto& r : f.reductions) {
    V nothing = constant(kernel::identity(r.combine, kernel_.type(r.result)));
    initial.push_back(varying ? ir_.CreateVectorSplat(lanes_, nothing) : nothing);
  }
  ir_.CreateBr(head);
  ir_.SetInsertPoint(head);
  llvm::PHINode* index = ir_.CreatePHI(ir_.getInt64Ty(), 2, "i");
  index->addIncoming(lower, before);
  std::vector<llvm::PHINode*> carried;  // the reductions behind the carried values
  for (V start : initial) {
    carried.push_back(ir_.CreatePHI(start->getType(), 2));
    carried.back()->addIncoming(start, before);
  }
  for (std::size_t k = 0; k < f.carried.size(); ++k) hold(f.carried[k].inside, carried[k], varying);
  hold(f.index, index, false);
  ir_.CreateCondBr(ir_.CreateICmpSLT(index, upper), body, after);
  ir_.SetInsertPoint(body);
  block(f.body);
  std::vector<V> next;
  for (const auto& c : f.carried) next.push_back(varying ? vector(c.next) : scalar(c.next));
  for (std::size_t k = 0; k < f.reductions.size(); ++k)
    next.push_back(combined(f.reductions[k], carried[f.carried.size() + k]));
  V following = ir_.CreateAdd(index, ir_.getInt64(1), "", false, true);
  if (f.stop.valid()) following = ir_.CreateSelect(scalar(f.stop), upper, following);
  for (std::size_t k = 0; k < carried.size(); ++k) carried[k]->addIncoming(next[k], ir_.GetInsertBlock());
  index->addIncoming(following, ir_.GetInsertBlock());
  ir_.CreateBr(head);
  ir_.SetInsertPoint(after);
  for (std::size_t k = 0; k < f.carried.size(); ++k) hold(f.carried[k].result, carried[k], varying);
  for (std::size_t k = 0; k < f.reductions.size(); ++k) {
    const auto& r = f.reductions[k];
    V sum = carried[f.carried.size() + k];
    hold(r.result,
         combination(r.combine, kernel_.type(r.result), varying ? vector(r.initial) : scalar(r.initial), sum),
         varying);
  }
}

// The body for W iterations from `index` on, of which the `active` ones count (null: all).
void KernelEmitter::lanes_body(const kernel::For& f, V index, V active) {
  lanes_ = static_cast<unsigned>(f.lanes);
  active_ = active;
  Held& i = held(f.index);
  i.scalar = index;
  i.vector = ir_.CreateAdd(ir_.CreateVectorSplat(lanes_, index), lane_numbers(ir_.getInt64Ty()));
  i.step = 1;
  i.linear = true;
  block(f.body);
}

void KernelEmitter::in_lanes(const kernel::For& f) {
  const bool is_of_block = range_.has_value();
  const auto [lower, upper] = range(f);
  V count = ir_.CreateBinaryIntrinsic(llvm::Intrinsic::smax, ir_.CreateSub(upper, lower), ir_.getInt64(0));
  const auto* known = llvm::dyn_cast<llvm::ConstantInt>(count);
  const std::uint64_t least = is_of_block ? least_of_block() : known ? known->getZExtValue() : 0;
  lanes_ = static_cast<unsigned>(f.lanes);
  std::vector<V> partial;
  for (const auto& r : f.reductions) {
    const kernel::Scalar type = kernel_.type(r.result);
    V nothing = constant(kernel::identity(r.combine, type));
    partial.push_back(ir_.CreateVectorSplat(lanes_, nothing));
  }
  if (const auto inside = interior(f, lower, upper, count))
    interior_and_edges(f, *inside, lower, upper, partial);
  else
    whole_steps_and_rest(f, lower, count, least, partial);
  for (std::size_t k = 0; k < partial.size(); ++k) partial[k] = reduced(f.reductions[k], partial[k]);
  lanes_ = 0;
  active_ = nullptr;
  for (std::size_t k = 0; k < partial.size(); ++k) hold(f.reductions[k].result, partial[k], false);
}

// 0, step, 2·step, …
llvm::Value* KernelEmitter::lane_numbers(llvm::Type* type, std::int64_t step) const {
  std::vector<llvm::Constant*> numbers;
  for (unsigned lane = 0; lane < lanes_; ++lane)
    numbers.push_back(llvm::ConstantInt::getSigned(
        type, static_cast<std::int64_t>(static_cast<std::uint64_t>(step) * lane)));
  return llvm::ConstantVector::get(numbers);
}

// The first `count` lanes, of 0 to all.
llvm::Value* KernelEmitter::lanes_before(V count) {
  V all = ir_.CreateVectorSplat(lanes_, ir_.CreateTrunc(count, ir_.getInt32Ty()));
  return ir_.CreateICmpSLT(lane_numbers(ir_.getInt32Ty()), all);
}

// A step, and what the partial results are after it.
std::vector<llvm::Value*> KernelEmitter::step(const kernel::For& f, V index, V active,
                                              const std::vector<V>& partial) {
  lanes_body(f, index, active);
  return with_terms(f, partial);
}

std::vector<llvm::Value*> KernelEmitter::with_terms(const kernel::For& f, const std::vector<V>& partial) {
  std::vector<V> next;
  for (std::size_t k = 0; k < partial.size(); ++k) next.push_back(combined(f.reductions[k], partial[k]));
  return next;
}

// `body` for every `width`-th index from `lower` on, below `end`: it makes the partial results that follow.
void KernelEmitter::steps(V lower, V end, int width, std::vector<V>& partial,
                          llvm::function_ref<std::vector<V>(V index)> body) {
  llvm::BasicBlock* before = ir_.GetInsertBlock();
  auto* head = llvm::BasicBlock::Create(context_, "head", function_);
  auto* inside = llvm::BasicBlock::Create(context_, "lanes", function_);
  auto* after = llvm::BasicBlock::Create(context_, "done", function_);
  ir_.CreateBr(head);
  ir_.SetInsertPoint(head);
  llvm::PHINode* index = ir_.CreatePHI(ir_.getInt64Ty(), 2, "i");
  index->addIncoming(lower, before);
  std::vector<llvm::PHINode*> sums;
  for (V& start : partial) {
    sums.push_back(ir_.CreatePHI(start->getType(), 2));
    sums.back()->addIncoming(start, before);
    start = sums.back();
  }
  ir_.CreateCondBr(ir_.CreateICmpSLT(index, end), inside, after);
  ir_.SetInsertPoint(inside);
  const std::vector<V> next = body(index);
  V following = ir_.CreateAdd(index, ir_.getInt64(static_cast<std::uint64_t>(width)), "", false, true);
  index->addIncoming(following, ir_.GetInsertBlock());
  for (std::size_t k = 0; k < sums.size(); ++k) sums[k]->addIncoming(next[k], ir_.GetInsertBlock());
  ir_.CreateBr(head);
  ir_.SetInsertPoint(after);
}

// One by one, `count` iterations from `from` on: of the same bits as in lanes, and a fraction of their code.
void KernelEmitter::single_iterations(const kernel::For& f, V from, V count, std::vector<V>& partial) {
  const unsigned lanes = lanes_;
  steps(ir_.getInt64(0), count, 1, partial, [&](V lane) {
    lanes_ = 0;
    active_ = nullptr;
    hold(f.index, ir_.CreateAdd(from, lane, "", false, true), false);
    block(f.body);
    lanes_ = lanes;
    if (!partial.empty())
      active_ = ir_.CreateICmpEQ(lane_numbers(ir_.getInt64Ty()), ir_.CreateVectorSplat(lanes_, lane));
    return with_terms(f, partial);
  });
}

void KernelEmitter::whole_steps_and_rest(const kernel::For& f, V lower, V count, std::uint64_t least,
                                         std::vector<V>& partial) {
  const auto width = static_cast<std::uint64_t>(f.lanes);
  V whole = ir_.CreateAnd(count, ir_.getInt64(~(width - 1)));
  V whole_end = ir_.CreateAdd(lower, whole);
  V rest = ir_.CreateSub(count, whole);
  const auto* known = llvm::dyn_cast<llvm::ConstantInt>(count);

  if (!known || known->getZExtValue() >= 2 * width) {
    steps(lower, whole_end, f.lanes, partial, [&](V index) { return step(f, index, nullptr, partial); });
  } else if (known->getZExtValue() >= width) {  // once
    partial = step(f, lower, nullptr, partial);
  }

  if (known && known->getZExtValue() % width == 0) return;
  if (least >= fewest_steps_before_single_ones * width) {
    single_iterations(f, whole_end, rest, partial);
  } else {
    llvm::BasicBlock* before = ir_.GetInsertBlock();
    auto* tail = llvm::BasicBlock::Create(context_, "rest", function_);
    auto* after = llvm::BasicBlock::Create(context_, "done", function_);
    ir_.CreateCondBr(ir_.CreateICmpNE(rest, ir_.getInt64(0)), tail, after);
    ir_.SetInsertPoint(tail);
    const std::vector<V> last = step(f, whole_end, lanes_before(rest), partial);
    llvm::BasicBlock* end = ir_.GetInsertBlock();
    ir_.CreateBr(after);
    ir_.SetInsertPoint(after);
    for (std::size_t k = 0; k < partial.size(); ++k) {
      llvm::PHINode* phi = ir_.CreatePHI(partial[k]->getType(), 2);
      phi->addIncoming(partial[k], before);
      phi->addIncoming(last[k], end);
      partial[k] = phi;
    }
  }
}

// The partial results with one more term each, where it counts.
llvm::Value* KernelEmitter::combined(const kernel::For::Reduction& r, V partial) {
  const kernel::Scalar type = kernel_.type(r.result);
  if (!partial->getType()->isVectorTy()) {
    V with = r.factor.valid() ? fused(type, scalar(r.term), scalar(r.factor), partial)
                              : combination(r.combine, type, partial, scalar(r.term));
    return r.mask.valid() ? ir_.CreateSelect(scalar(r.mask), with, partial) : with;
  }
  V with = r.factor.valid() ? fused(type, vector(r.term), vector(r.factor), partial)
                            : combination(r.combine, type, partial, vector(r.term));
  V lanes = lanes_that_count(r.mask);
  return lanes ? ir_.CreateSelect(lanes, with, partial) : with;
}

llvm::Value* KernelEmitter::fused(kernel::Scalar type, V a, V b, V c) {
  const V x[] = {a, b, c};
  return operation(kernel::Op::fma, type, x);
}

// The tree that loop.h states: halves onto each other until one is left, then onto the initial value.
llvm::Value* KernelEmitter::reduced(const kernel::For::Reduction& r, V partial) {
  const kernel::Scalar type = kernel_.type(r.result);
  for (unsigned step = lanes_ / 2; step; step /= 2) {
    std::vector<int> low(step), high(step);
    std::iota(low.begin(), low.end(), 0);
    std::iota(high.begin(), high.end(), static_cast<int>(step));
    partial = combination(r.combine, type, ir_.CreateShuffleVector(partial, low),
                          ir_.CreateShuffleVector(partial, high));
  }
  return combination(r.combine, type, scalar(r.initial), ir_.CreateExtractElement(partial, std::uint64_t{0}));
}

llvm::Value* KernelEmitter::any_lane(V lanes) { return ir_.CreateOrReduce(lanes); }

void KernelEmitter::branch(const kernel::If& i) {
  auto* then = llvm::BasicBlock::Create(context_, "then", function_);
  auto* otherwise = llvm::BasicBlock::Create(context_, "else", function_);
  auto* after = llvm::BasicBlock::Create(context_, "after", function_);
  const bool varying = lanes_ != 0;
  ir_.CreateCondBr(scalar(i.condition), then, otherwise);
  std::vector<V> values[2];
  llvm::BasicBlock* ends[2];
  for (int side = 0; side < 2; ++side) {
    ir_.SetInsertPoint(side == 0 ? then : otherwise);
    block(side == 0 ? i.then : i.otherwise);
    for (const auto& m : i.merged) {
      const kernel::Value v = side == 0 ? m.then : m.otherwise;
      values[side].push_back(varying ? vector(v) : scalar(v));
    }
    ends[side] = ir_.GetInsertBlock();
    ir_.CreateBr(after);
  }
  ir_.SetInsertPoint(after);
  for (std::size_t k = 0; k < i.merged.size(); ++k) {
    llvm::PHINode* phi = ir_.CreatePHI(values[0][k]->getType(), 2);
    phi->addIncoming(values[0][k], ends[0]);
    phi->addIncoming(values[1][k], ends[1]);
    hold(i.merged[k].result, phi, varying);
  }
}

}  // namespace gradc::codegen
