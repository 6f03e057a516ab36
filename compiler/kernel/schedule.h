// Items into loop nests: those that run over the same dims, and read of each other only the element of the
// iteration they are in, share their loops.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <unordered_map>

#include "compiler/kernel/lanes.h"

namespace gradc::kernel {

class Scheduler {
 public:
  Scheduler(Extents& extents, const std::vector<Item>& items, int width);

  // The outermost level: loops, and items without loops.
  std::vector<Loop::Member> run();

 private:
  struct Read {
    std::size_t producer;
    std::vector<Expr> accesses;
  };
  std::vector<Loop::Member> level(const std::vector<std::size_t>& items, std::size_t depth);
  std::vector<std::size_t> group(const std::vector<std::size_t>& ready, SizeId extent, std::size_t depth,
                                 const std::function<bool(std::size_t)>& admits);
  bool fusable(const Read& read, std::size_t consumer, std::size_t depth) const;
  SizeId extent(std::size_t item, std::size_t depth);
  Innermost wish(std::size_t item, std::size_t depth) const;

  Extents& extents_;
  const std::vector<Item>& items_;
  int width_;
  std::vector<std::vector<Read>> reads_;
  std::vector<std::vector<std::size_t>> readers_;
  std::vector<std::size_t> cost_;
  std::vector<Innermost> wish_;
  // Of the level at hand; an item belongs to one level at a time.
  std::vector<std::size_t> waiting_;  // how many producers of the level are still to come
  std::vector<std::size_t> level_of_;
  std::vector<bool> done_;
  std::size_t levels_ = 0;  // so far
};

}  // namespace gradc::kernel
