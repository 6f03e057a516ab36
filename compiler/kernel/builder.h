// Writes a kernel statement by statement. Operations are interned and put as far out of the loops as their
// operands allow, so that what does not change in a loop is computed before it, and nothing twice.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <map>
#include <span>
#include <tuple>
#include <unordered_map>

#include "compiler/kernel/program.h"

namespace gradc::kernel {

class Builder {
 public:
  explicit Builder(Kernel& kernel);
  ~Builder();
  Builder(const Builder&) = delete;
  Builder& operator=(const Builder&) = delete;

  // ---- values
  Value real(double value, Scalar type);  // rounded to the type
  Value integer(std::int64_t value, Scalar type = Scalar::i64);
  Value boolean(bool value);
  Value size(SizeId size);
  Value compute(Op op, std::span<const Value> arguments);
  Value compute(Op op, std::initializer_list<Value> arguments) {
    return compute(op, std::span<const Value>(arguments.begin(), arguments.size()));
  }
  Value elementary(const Operator& op, std::span<const Value> arguments, Scalar real);
  Value convert(Value x,
                Scalar type);  // x itself if it has the type; between reals, and from integer to real
  Value call(std::string_view function, std::span<const Value> arguments, Value mask = {},
             Value otherwise = {});
  Value identity(Combine how, Scalar type);
  Value both(Value a, Value b);  // either may be invalid: true
  // Not before depth `earliest`: where the buffer's content is there.
  Value load(BufferId buffer, Scalar element, std::vector<Value> subscripts, Value mask,
             std::size_t earliest);
  // Here and now, since what is there changes.
  Value read(BufferId buffer, Scalar element, std::vector<Value> subscripts);

  // ---- statements, in the innermost block
  void store(BufferId buffer, std::vector<Value> subscripts, Value value, Value mask = {});
  void accumulate(BufferId buffer, std::vector<Value> subscripts, Value value, Value mask = {},
                  Value factor = {});
  void zero(BufferId buffer, std::vector<Value> leading = {});
  void check(Value failed, std::int32_t status);
  void multiply(Gemm gemm);

  // ---- loops and branches: what is written between begin and end is the body
  Value begin_for(Value lower, Value upper, int lanes);  // the index
  Value carry(Value initial);  // a value carried by the innermost loop, as seen inside
  void next(Value inside, Value next);
  Value reduce(Combine how, Value initial, Value term, Value mask = {},
               Value factor = {});           // the result, visible after the loop
  Value carried_result(Value inside) const;  // likewise
  void stop(Value holds);                    // the innermost loop ends with an iteration in which this holds
  void end_for();
  void begin_if(Value condition);  // what is computed inside stays inside
  void begin_else();
  Value merge(Value then,
              Value otherwise);  // visible after the branch; call between the else block and end_if
  void end_if();

  std::size_t depth() const { return scopes_.size() - 1; }
  std::size_t depth(Value v) const { return depths_[static_cast<std::size_t>(v.id)]; }
  Scalar type(Value v) const { return kernel_.type(v); }
  const Constant* constant(Value v) const;  // null if it is none
  std::size_t statements() const { return statements_; }

 private:
  // What it is, of which type, a number, and up to four values.
  using Key = std::tuple<int, int, std::int64_t, std::array<std::int32_t, 4>>;
  struct Scope {
    Block block;
    std::map<Key, Value> known;
    For loop;   // of a loop's scope
    If branch;  // of a branch's
    bool is_branch = false;
    bool has_else = false;
  };
  Value fresh(Scalar type, std::size_t depth);
  std::size_t floor() const;  // the innermost branch: nothing moves out of it
  Value find(const Key& key) const;
  template <class Node>
  void append(std::size_t depth, Node node);
  Value intern(const Key& key, Scalar type, std::size_t depth, auto make);
  Value constant(std::uint64_t bits, Scalar type);

  Kernel& kernel_;
  std::vector<Scope> scopes_;
  std::vector<std::size_t> depths_;
  std::unordered_map<std::int32_t, Constant> constants_;
  std::unordered_map<std::int32_t, Value> negated_;  // of -x: x
  std::map<std::pair<std::int64_t, std::int32_t>, std::int64_t> subscript_lists_;
  std::map<std::string_view, std::int64_t> functions_;
  std::size_t statements_ = 0;
};

}  // namespace gradc::kernel
