// Items into loop nests: those that run over the same dims, and read of each other only the element of the
// iteration they are in, share their loops.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <map>
#include <tuple>
#include <unordered_map>

#include "compiler/kernel/lanes.h"
#include "compiler/kernel/weight.h"
#include "compiler/operators/circle.h"

namespace gradc::kernel {

class Scheduler {
 public:
  // Items of circles have their loops put in order.
  Scheduler(Context& context, Extents& extents, Program& program, std::vector<Item>& items, int width);

  // The outermost level: loops, and items without loops.
  std::vector<Loop::Member> run();

 private:
  struct Read {
    std::size_t producer;
    std::vector<Expr> accesses;
  };
  std::vector<Loop::Member> level(const std::vector<std::size_t>& items, std::size_t depth);
  void begin_level(const std::vector<std::size_t>& items, std::size_t depth);
  void join_segments(const std::vector<std::size_t>& items,
                     std::vector<std::vector<std::size_t>>& successors) const;
  // circles.cpp
  std::unique_ptr<Loop> loop_around_steps(const std::vector<std::size_t>& circle, std::size_t depth);
  std::unique_ptr<Loop> circle_loop(const std::vector<std::size_t>& circle, std::size_t depth);
  CircleMember member(std::size_t item, std::size_t depth, const std::vector<std::size_t>& circle);
  void settle(std::size_t item, const std::vector<Reference>& left, const std::vector<std::size_t>& circle);
  std::vector<std::size_t> group(const std::vector<std::size_t>& ready, SizeId extent, std::size_t depth,
                                 const std::function<bool(std::size_t)>& admits);
  bool fusable(const Read& read, std::size_t consumer, std::size_t depth) const;
  SizeId extent(std::size_t item, std::size_t depth);
  Innermost wish(std::size_t item, std::size_t depth) const;
  bool is_unrolled(std::size_t item, std::size_t depth) const {
    return depth + items_[item].unrolled >= items_[item].axes.size();
  }
  // The loop in which it is in lanes, and should not meet others that are not.
  bool is_apart(std::size_t item, std::size_t depth) const {
    return apart_[item] && wish(item, depth) == Innermost::lanes;
  }
  void choose_innermost(std::size_t item);

  Context& c_;
  Extents& extents_;
  Program& program_;
  std::vector<Item>& items_;
  int width_;
  std::vector<std::vector<Read>> reads_;
  std::vector<std::vector<std::size_t>> readers_;
  std::vector<std::size_t> cost_;
  std::vector<Innermost> wish_;
  std::vector<bool> apart_;
  Weight weight_;
  // Of the level at hand; an item belongs to one level at a time.
  std::vector<std::size_t> waiting_;  // how many producers of the level are still to come
  std::vector<std::size_t> level_of_;
  std::vector<bool> done_;
  std::size_t levels_ = 0;                           // so far
  std::vector<std::size_t> unit_;                    // by item: the first of its circle, or itself
  std::vector<std::vector<std::size_t>> circle_of_;  // by first item: the circle; empty if it is none
  // Of items in circles: what they read of it, but for what earlier iterations have made.
  std::unordered_map<std::size_t, std::vector<Reference>> references_;
  std::vector<int> phase_;  // items of equal numbers are at work in the same iterations
  std::map<std::tuple<int, std::int64_t, int>, int> phases_;
};

}  // namespace gradc::kernel
