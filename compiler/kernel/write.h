// Loop nests written out as kernels.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <memory>

#include "compiler/kernel/expression.h"
#include "compiler/kernel/matrix_writer.h"

namespace gradc::kernel {

class KernelWriter {
 public:
  KernelWriter(Context& context, Extents& extents, Storage& storage, const LowerOptions& options,
               Program& program, const std::vector<Item>& items, int width)
      : c_(context),
        extents_(extents),
        storage_(storage),
        options_(options),
        program_(program),
        items_(items),
        width_(width) {}

  void run(const std::vector<Loop::Member>& outermost);

 private:
  struct Pending {  // a sum in a register, complete when its loop ends
    std::size_t item;
    std::vector<Value> at;
    Value sum;
  };
  bool may_be_cut(const Loop& loop);
  void begin_kernel();
  void end_kernel();
  void loop(const Loop& loop);
  Value times_of_steps(const Loop& loop, const std::vector<std::size_t>& inside);
  void clear_steps(const Loop& loop);
  void stop_after_last_step(const Loop& loop);
  void unrolled(const Loop& loop);
  Value common_guard(const std::vector<std::size_t>& inside);
  void body(const Loop& loop);
  void in_phase(const Loop::Member* first, const Loop::Member* end);
  Loop::Phase const* common_phase(const Loop& circle, const Loop::Member* first,
                                  const Loop::Member* end) const;
  void collect(const Loop& loop, std::vector<std::size_t>& items) const;
  void begin_item(const Item& item);
  void item(std::size_t number);
  void assign(const Item& item);
  void accumulate(std::size_t number);
  void product(const Item& item);
  void routine(const Item& item);
  Block2 block(Expr access, const Item& item);
  Gemm::Operand operand(Expr access, std::span<const Index> rows, std::span<const Index> columns);
  Value product_of(std::span<const SizeId> sizes);
  void store(const Item& item, std::vector<Value> at, Value value);
  std::vector<Value> positions(const Item& item, std::size_t count);

  Context& c_;
  Extents& extents_;
  Storage& storage_;
  const LowerOptions& options_;
  Program& program_;
  const std::vector<Item>& items_;
  int width_;
  std::unique_ptr<Kernel> kernel_;
  std::unique_ptr<Builder> builder_;
  std::unique_ptr<ExpressionWriter> expressions_;
  std::vector<const Loop*> loops_;
  std::vector<Value> loop_indices_;  // in a loop around a circle: the time
  std::vector<std::size_t> loop_depths_;
  std::vector<std::size_t> untested_;  // circles' loops: whether an item has a position is still to be asked
  std::vector<Pending> pending_;
  std::vector<Value> held_;  // what is known to be true
};

}  // namespace gradc::kernel
