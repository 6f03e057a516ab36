// The iterations of a loop over lanes in which every condition on its position is known: of a stencil, all
// but those near its two ends. There, reads need no masks and choices are made. (Index set splitting: Griebl,
// Feautrier, Lengauer, Index Set Splitting, Int. J. Parallel Programming 28, 2000.) The others share their
// code with what is left over at the end. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <llvm/IR/Constants.h>
#include <llvm/IR/Intrinsics.h>

#include "compiler/codegen/kernel_emitter.h"
#include "compiler/kernel/operand.h"

namespace gradc::codegen {

using kernel::Op;

namespace {

constexpr unsigned fewest_steps = 4;  // of W iterations: otherwise most are at an end

}  // namespace

// Empty if nothing in the body depends on where it is, beside what it reads.
std::optional<KernelEmitter::Interior> KernelEmitter::interior(const kernel::For& f, V lower, V upper,
                                                               V count) {
  const auto* known_count = llvm::dyn_cast<llvm::ConstantInt>(count);
  if (known_count && known_count->getZExtValue() < fewest_steps * static_cast<unsigned>(f.lanes))
    return std::nullopt;
  Interior result{lower, upper, {}, {}};
  std::set<kernel::Value> inside;        // what the body defines
  std::map<kernel::Value, V> positions;  // index + this
  positions[f.index] = ir_.getInt64(0);
  inside.insert(f.index);
  const auto from_outside = [&](kernel::Value v) { return v.valid() && !inside.contains(v); };
  const auto mask = [&](kernel::Value v) {
    if (from_outside(v) && kernel_.type(v) == kernel::Scalar::boolean && !always(v)) result.masks.insert(v);
  };
  const auto difference = [&](V a, V b) {
    return ir_.CreateBinaryIntrinsic(llvm::Intrinsic::ssub_sat, a, b);
  };
  const auto at_least = [&](V begin) {
    result.begin = ir_.CreateBinaryIntrinsic(llvm::Intrinsic::smax, result.begin, begin);
  };
  const auto below = [&](V end) {
    result.end = ir_.CreateBinaryIntrinsic(llvm::Intrinsic::smin, result.end, end);
  };
  const auto never = [&](kernel::Value v) {
    const auto known = result.known.find(v);
    return known != result.known.end() && !known->second;
  };
  const auto behind = [&](V position) {
    return ir_.CreateBinaryIntrinsic(llvm::Intrinsic::sadd_sat, position, ir_.getInt64(1));
  };
  const auto compared = [&](const kernel::Compute& c) {
    const kernel::Value a = c.arguments[0], b = c.arguments[1];
    const auto left = positions.find(a), right = positions.find(b);
    const bool is_left = left != positions.end() && from_outside(b);
    if (!is_left && !(right != positions.end() && from_outside(a))) return;
    // index + offset against `other`: that is index against this
    V bound = is_left ? difference(scalar(b), left->second) : difference(scalar(a), right->second);
    bool holds = true;
    switch (c.op) {
      case Op::less: is_left ? below(bound) : at_least(behind(bound)); break;
      case Op::less_equal: is_left ? below(behind(bound)) : at_least(bound); break;
      case Op::equal:
      case Op::not_equal: {  // on the longer side of it
        V is_near_begin = ir_.CreateICmpSLT(difference(bound, lower), difference(upper, bound));
        V begin = result.begin, end = result.end;
        at_least(behind(bound));
        below(bound);
        result.begin = ir_.CreateSelect(is_near_begin, result.begin, begin);
        result.end = ir_.CreateSelect(is_near_begin, end, result.end);
        holds = c.op == Op::not_equal;
        break;
      }
      default: return;
    }
    result.known.emplace(c.result, holds);
  };
  for (const kernel::Statement& s : f.body) {
    if (const auto* c = std::get_if<kernel::Compute>(&s.node)) {
      const kernel::Value a = c->arguments[0], b = c->arguments[1];
      if (c->op == Op::bit_and && !never(a) && !never(b)) mask(a), mask(b);
      if (operand_count(c->op) == 2 && kernel_.type(b) == kernel::Scalar::i64) compared(*c);
      const auto left = positions.find(a), right = positions.find(b);
      if (c->op == Op::add && left != positions.end() && from_outside(b))
        positions[c->result] = ir_.CreateAdd(left->second, scalar(b));
      else if (c->op == Op::add && right != positions.end() && from_outside(a))
        positions[c->result] = ir_.CreateAdd(right->second, scalar(a));
      else if (c->op == Op::sub && left != positions.end() && from_outside(b))
        positions[c->result] = ir_.CreateSub(left->second, scalar(b));
    } else if (const auto* l = std::get_if<kernel::Load>(&s.node)) {
      mask(l->mask);
    } else if (const auto* w = std::get_if<kernel::Store>(&s.node)) {
      mask(w->mask);
    } else if (const auto* w = std::get_if<kernel::Accumulate>(&s.node)) {
      mask(w->mask);
    }
    kernel::each_definition(s, [&](kernel::Value v) { inside.insert(v); });
  }
  if (result.known.empty()) return std::nullopt;
  for (kernel::Value v : result.masks) result.end = ir_.CreateSelect(scalar(v), result.end, lower);
  return result;
}

void KernelEmitter::interior_and_edges(const kernel::For& f, const Interior& interior, V lower, V upper,
                                       std::vector<V>& partial) {
  steps(lower, upper, f.lanes, partial, [&](V index) {
    llvm::BasicBlock* sides[] = {llvm::BasicBlock::Create(context_, "interior", function_),
                                 llvm::BasicBlock::Create(context_, "edge", function_)};
    auto* after = llvm::BasicBlock::Create(context_, "next", function_);
    V width = ir_.getInt64(static_cast<std::uint64_t>(f.lanes));
    V is_inside =
        ir_.CreateAnd(ir_.CreateICmpSLE(interior.begin, index),
                      ir_.CreateICmpSLE(ir_.CreateAdd(index, width, "", false, true), interior.end));
    ir_.CreateCondBr(is_inside, sides[0], sides[1]);
    ir_.SetInsertPoint(sides[0]);
    std::map<kernel::Value, Held> outside;
    for (kernel::Value v : interior.masks) {
      outside.emplace(v, held(v));
      hold(v, ir_.getTrue(), false);
    }
    known_ = interior.known;
    const std::vector<V> inner = step(f, index, nullptr, partial);
    known_.clear();
    for (const auto& [v, value] : outside) held(v) = value;
    sides[0] = ir_.GetInsertBlock();
    ir_.CreateBr(after);
    ir_.SetInsertPoint(sides[1]);
    V left = ir_.CreateBinaryIntrinsic(llvm::Intrinsic::smin, ir_.CreateSub(upper, index), width);
    at_edge_ = true;
    const std::vector<V> outer = step(f, index, lanes_before(left), partial);
    at_edge_ = false;
    sides[1] = ir_.GetInsertBlock();
    ir_.CreateBr(after);
    ir_.SetInsertPoint(after);
    std::vector<V> next;
    for (std::size_t k = 0; k < partial.size(); ++k) {
      llvm::PHINode* phi = ir_.CreatePHI(partial[k]->getType(), 2);
      phi->addIncoming(inner[k], sides[0]);
      phi->addIncoming(outer[k], sides[1]);
      next.push_back(phi);
    }
    return next;
  });
}

}  // namespace gradc::codegen
