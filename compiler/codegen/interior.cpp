// The iterations of a loop over lanes in which every condition on its position is known: of a stencil, all
// but those near its two ends. There, reads need no masks and choices are made. (Index set splitting: Griebl,
// Feautrier, Lengauer, Index Set Splitting, Int. J. Parallel Programming 28, 2000.) The others share their
// code with what is left over at the end. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <llvm/IR/Constants.h>
#include <llvm/IR/Intrinsics.h>

#include <algorithm>
#include <set>

#include "compiler/codegen/kernel_emitter.h"
#include "compiler/kernel/operand.h"

namespace gradc::codegen {

using kernel::Op;

namespace {

constexpr std::uint64_t fewest_steps = 4;  // of W iterations: otherwise most are at an end

}  // namespace

// Empty if nothing in the body depends on where it is, beside what it reads.
std::optional<KernelEmitter::Interior> KernelEmitter::interior(const kernel::For& f, V lower, V upper) {
  V count = ir_.CreateSub(upper, lower);
  if (const auto* known = llvm::dyn_cast<llvm::ConstantInt>(count);
      known &&
      known->getSExtValue() < static_cast<std::int64_t>(fewest_steps * static_cast<unsigned>(f.lanes)))
    return std::nullopt;
  Interior result{lower, upper, {}};
  std::set<kernel::Value> inside;        // what the body defines
  std::map<kernel::Value, V> positions;  // index + this
  positions[f.index] = ir_.getInt64(0);
  inside.insert(f.index);
  std::set<kernel::Value> outer_masks;
  const auto from_outside = [&](kernel::Value v) { return v.valid() && !inside.contains(v); };
  const auto mask = [&](kernel::Value v) {
    if (from_outside(v) && kernel_.type(v) == kernel::Scalar::boolean && !always(v)) outer_masks.insert(v);
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
    return std::ranges::find(result.known, std::pair(v, false)) != result.known.end();
  };
  V one = ir_.getInt64(1);
  const auto compared = [&](const kernel::Compute& c) {
    const kernel::Value a = c.arguments[0], b = c.arguments[1];
    const auto left = positions.find(a), right = positions.find(b);
    const bool is_left = left != positions.end() && from_outside(b);
    if (!is_left && !(right != positions.end() && from_outside(a))) return;
    // index + offset against `other`: that is index against this
    V bound = is_left ? difference(scalar(b), left->second) : difference(scalar(a), right->second);
    bool holds = true;
    switch (c.op) {
      case Op::less: is_left ? below(bound) : at_least(ir_.CreateAdd(bound, one)); break;
      case Op::less_equal: is_left ? below(ir_.CreateAdd(bound, one)) : at_least(bound); break;
      case Op::equal:
      case Op::not_equal: {  // on the longer side of it
        V behind = ir_.CreateICmpSLT(difference(bound, lower), difference(upper, bound));
        V begin = result.begin, end = result.end;
        at_least(ir_.CreateAdd(bound, one));
        below(bound);
        result.begin = ir_.CreateSelect(behind, result.begin, begin);
        result.end = ir_.CreateSelect(behind, end, result.end);
        holds = c.op == Op::not_equal;
        break;
      }
      default: return;
    }
    result.known.emplace_back(c.result, holds);
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
  for (kernel::Value v : outer_masks) {
    result.end = ir_.CreateSelect(scalar(v), result.end, lower);
    result.known.emplace_back(v, true);
  }
  return result;
}

void KernelEmitter::interior_and_edges(const kernel::For& f, const Interior& interior, V lower, V upper,
                                       std::vector<V>& partial) {
  V width = ir_.getInt64(static_cast<std::uint64_t>(f.lanes));
  llvm::BasicBlock* before = ir_.GetInsertBlock();
  auto* head = llvm::BasicBlock::Create(context_, "head", function_);
  auto* where = llvm::BasicBlock::Create(context_, "where", function_);
  llvm::BasicBlock* sides[] = {llvm::BasicBlock::Create(context_, "interior", function_),
                               llvm::BasicBlock::Create(context_, "edge", function_)};
  auto* latch = llvm::BasicBlock::Create(context_, "next", function_);
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
  ir_.CreateCondBr(ir_.CreateICmpSLT(index, upper), where, after);
  ir_.SetInsertPoint(where);
  V following = ir_.CreateAdd(index, width, "", false, true);
  V is_inside =
      ir_.CreateAnd(ir_.CreateICmpSLE(interior.begin, index), ir_.CreateICmpSLE(following, interior.end));
  ir_.CreateCondBr(is_inside, sides[0], sides[1]);
  std::vector<V> next[2];
  llvm::BasicBlock* ends[2];
  for (const int side : {0, 1}) {
    ir_.SetInsertPoint(sides[side]);
    std::vector<Held> before_it;
    for (const auto& [v, holds] : interior.known) {
      before_it.push_back(held(v));
      if (side != 0) continue;
      known_[v] = holds;
      hold(v, ir_.getInt1(holds), false);
    }
    V left = ir_.CreateBinaryIntrinsic(llvm::Intrinsic::smin, ir_.CreateSub(upper, index), width);
    at_edge_ = side == 1;
    next[side] = step(f, index, side == 0 ? nullptr : lanes_before(left), partial);
    for (std::size_t k = 0; k < before_it.size(); ++k) {
      known_.erase(interior.known[k].first);
      held(interior.known[k].first) = before_it[k];
    }
    at_edge_ = false;
    ends[side] = ir_.GetInsertBlock();
    ir_.CreateBr(latch);
  }
  ir_.SetInsertPoint(latch);
  for (std::size_t k = 0; k < sums.size(); ++k) {
    llvm::PHINode* phi = ir_.CreatePHI(partial[k]->getType(), 2);
    for (const int side : {0, 1}) phi->addIncoming(next[side][k], ends[side]);
    sums[k]->addIncoming(phi, latch);
  }
  index->addIncoming(following, latch);
  ir_.CreateBr(head);
  ir_.SetInsertPoint(after);
}

}  // namespace gradc::codegen
