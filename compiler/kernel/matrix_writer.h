// The routines of matrices as loops, each sum's order written out as everywhere.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <functional>

#include "compiler/kernel/builder.h"
#include "compiler/kernel/lower.h"

namespace gradc::kernel {

// A matrix, a vector or columns inside a buffer: behind its leading positions.
struct Block2 {
  BufferId buffer;
  std::vector<Value> lead;
  std::vector<SizeId> extents;  // rows, columns …
};

class MatrixWriter {
 public:
  MatrixWriter(Builder& builder, const Program& program, const LowerOptions& options, int width)
      : b_(builder), program_(program), options_(options), width_(width) {}

  void run(const CallOperator& routine, std::span<const Block2> arguments, std::span<const Block2> results);

 private:
  using At = std::vector<Value>;
  void lu(const Block2& a, const Block2& factors, const Block2& rows);
  void lu_solve(const Block2& factors, const Block2& rows, const Block2& b, const Block2& x, bool transposed);
  void triangle(const Block2& a, const Block2& x, bool lower, bool unit, bool transposed);
  void triangle_of_vector(const Block2& a, const Block2& x, bool lower, bool unit, bool transposed);
  void copy_unless_singular(const Block2& a, const Block2& b, const Block2& x);
  void exchange(const Block2& x, Value i, Value j);
  void cholesky(const Block2& a, const Block2& l);
  void diagonal(const Block2& a, std::span<const Block2> results);

  // ---- blocks: what is done with most elements is a product of matrices
  static constexpr std::int64_t block = 64;
  bool is_one_block(const Block2& m) const;
  void each_block(const Block2& m, bool forwards, const std::function<void(Value begin, Value end)>& body);
  void each_block(Value from, Value to, bool forwards,
                  const std::function<void(Value begin, Value end)>& body);
  Value row_length(const Block2& m);  // elements behind the first axis
  Gemm::Operand operand(const Block2& m, Value row, Value column);
  void subtract_product(Value m, Value n, Value k, const Gemm::Operand& a, const Gemm::Operand& b,
                        const Gemm::Operand& c, const std::function<void()>& negate_b);
  void negate(const Block2& m, At at);

  // ---- what they are written in
  Value load(const Block2& m, At at);
  void store(const Block2& m, At at, Value value);
  void each(Value lower, Value upper, int lanes, const std::function<void(Value)>& body);
  // Over the axes behind the first, the last one in lanes.
  void each_column(const Block2& m, const std::function<void(const At&)>& body);
  Value minus_product(Value from, Value a, Value b);  // from - a·b
  Value quotient(Value a, Value divisor);             // 0 where the divisor is
  Value size(const Block2& m) { return b_.size(m.extents[0]); }
  Scalar real(const Block2& m) const { return program_.buffer(m.buffer).element; }
  Value smaller(Value a, Value b);
  Value number(double value, const Block2& like) { return b_.real(value, real(like)); }
  Value add(Value a, Value b) { return b_.compute(Op::add, {a, b}); }
  Value sub(Value a, Value b) { return b_.compute(Op::sub, {a, b}); }

  Builder& b_;
  const Program& program_;
  const LowerOptions& options_;
  int width_;
};

}  // namespace gradc::kernel
