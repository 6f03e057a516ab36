// Expressions as values of a kernel: where an element is read, which side of a choice counts, and where
// multiplications and additions are fused. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <map>
#include <unordered_map>
#include <unordered_set>

#include "compiler/kernel/fits.h"
#include "compiler/kernel/recipe_emitter.h"
#include "compiler/kernel/storage.h"
#include "compiler/kernel/weight.h"
#include "compiler/operators/integers.h"

namespace gradc::kernel {

class ExpressionWriter {
 public:
  ExpressionWriter(Context& context, Extents& extents, const Storage& storage, const LowerOptions& options,
                   Builder& builder, int width)
      : c_(context),
        extents_(extents),
        storage_(storage),
        options_(options),
        b_(builder),
        emitter_(builder),
        width_(width) {}

  // Forgets the item before; real numbers are computed in this type from now on.
  void begin_item(Scalar real, std::vector<const Loop*> loops, std::vector<std::size_t> depths,
                  std::vector<Value> times);
  void bind(Index index, Value position) { indices_.insert_or_assign(index, position); }
  // Inside a loop over lanes, with its index; not valid: outside.
  void set_lane(Value index) { lane_ = index; }

  // `path`: where the value is wanted; not valid: everywhere.
  Value evaluate(Expr root, Value path = {});
  // The value as `first`, or as a product first·second that is to be added to something by fma.
  struct Term {
    Value first, second;
  };
  Term term(Expr e, Value path = {});
  Value condition(Expr guard);  // not valid: true
  // Of what is stored as an integer: that it fits.
  void check_stored(Expr integer, Value value, Scalar element);

  // What was computed in the loops that are open, by tensor: read again without memory.
  void keep(TensorId tensor, std::vector<Value> subscripts, Value value);
  std::size_t kept() const { return kept_order_.size(); }
  void forget_kept(std::size_t since);
  Builder& builder() { return b_; }

 private:
  struct Key {
    std::int32_t expr, path;
    friend bool operator==(Key, Key) = default;
  };
  struct Hash {
    std::size_t operator()(Key k) const {
      return static_cast<std::size_t>(k.expr) * 0x9E3779B97F4A7C15ULL + static_cast<std::size_t>(k.path);
    }
  };
  using Memo = std::unordered_map<Key, Value, Hash>;
  using Stack = std::vector<std::pair<Expr, Value>>;

  const Value* known(Expr e, Value path) const;
  void note(Expr root);  // counts uses, and finds what data may carry out of range
  Value path_of(Expr e, Value path) const { return sensitive_.contains(e) ? path : Value{}; }
  bool step(Expr e, Value path, Stack& stack, Value& result);
  bool choice(Expr e, Value path, Stack& stack, Value& result);
  Value branch(Expr e, Value condition, Value path);
  std::optional<bool> fused(Expr e, Value path, Stack& stack, Value& result);
  bool is_single_product(Expr e) const;
  // powers.cpp; answers as `fused` does
  std::optional<bool> whole_power(Expr e, Value path, Stack& stack, Value& result);
  Value constant(Expr e);
  Value size_of(DimId dim);
  Value apply(Expr e, std::span<const Value> arguments);
  Value access(Expr e, std::vector<Value> subscripts, Value path);
  void check_fall(Expr access, const std::vector<Value>& at, Value path);
  bool needs_true_integer(Expr e, std::size_t operand);
  void check_width(Expr integer, Value path);
  void open_range(const Binder& binder);

  // reductions.cpp
  Value reduction(Expr e, Value path);
  Value written_out(const OpenedReduction& o, std::size_t k, Value sum, Value path);
  Value end_of_range(Expr end, Value path);
  Value nest(const OpenedReduction& o, std::size_t k, Combine how, Scalar type, Value path,
             const std::function<Expr(Expr)>& body);
  Value log_sum_exp(Expr e, Value path);
  Value position_of_best(const OpenedReduction& o, bool greatest, Value path);
  Expr common_steps(const OpenedReduction& o) const;
  int lanes_of(const OpenedReduction& o) const;

  Context& c_;
  Extents& extents_;
  const Storage& storage_;
  const LowerOptions& options_;
  Builder& b_;
  RecipeEmitter emitter_;
  Ranges ranges_;
  Magnitudes magnitudes_;
  int width_;
  Scalar real_ = Scalar::f64;
  Value lane_;                       // the index that differs from lane to lane
  std::vector<const Loop*> loops_;   // around the item at hand,
  std::vector<std::size_t> depths_;  // how deep their bodies are,
  std::vector<Value> times_;         // and their indices
  std::map<Index, Value> indices_;
  std::vector<Memo> memos_;  // one per scope inside the item
  std::unordered_map<Expr, int> uses_;
  Weight weight_;
  std::unordered_set<Expr> sensitive_, noted_;
  struct Kept {
    std::vector<Value> subscripts;
    Value value;
  };
  std::unordered_map<TensorId, std::vector<Kept>> kept_;
  std::vector<TensorId> kept_order_;
};

}  // namespace gradc::kernel
