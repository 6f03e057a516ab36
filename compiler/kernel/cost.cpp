// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/cost.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "compiler/equations/operator.h"
#include "compiler/operators/evaluating_emitter.h"
#include "compiler/operators/machine.h"

namespace gradc::kernel {

namespace {

// A call of the C library, in operations.
constexpr double library_call = 50;

double operations_of(Op op) {
  switch (op) {
    case Op::add:
    case Op::sub:
    case Op::mul:
    case Op::div:
    case Op::sqrt: return 1;
    case Op::fma: return 2;
    default: return 0;
  }
}

// Runs a recipe once, on ones, and counts.
class CountingEmitter : public EvaluatingEmitter {
 public:
  using EvaluatingEmitter::EvaluatingEmitter, Emitter::op;
  EmitValue op(MachineOp which, std::span<const EmitValue> operands) override {
    const EmitValue result = EvaluatingEmitter::op(which, operands);
    if (is_float(type(result))) count += operations_of(which);
    return result;
  }
  double count = 0;
};

class Counter {
 public:
  Counter(const Program& program, const Kernel& kernel, std::span<const std::optional<std::int64_t>> sizes)
      : program_(program), kernel_(kernel), sizes_(sizes) {}

  Cost run() {
    block(kernel_.body, 1);
    for (const auto& [buffer, traffic] : traffic_) {
      double whole = static_cast<double>(bytes(program_.buffers[static_cast<std::size_t>(buffer)].element));
      for (SizeId extent : program_.buffers[static_cast<std::size_t>(buffer)].extents)
        whole *= static_cast<double>(at(extent));
      cost_.loaded += std::min(traffic.loaded, whole);
      cost_.stored += std::min(traffic.stored, whole);
    }
    return cost_;
  }

 private:
  struct Traffic {
    double loaded = 0, stored = 0;
  };

  std::int64_t at(SizeId size) const { return sizes_[static_cast<std::size_t>(size.value)].value_or(0); }
  std::optional<std::int64_t> number(Value v) const {
    const auto found = numbers_.find(v.id);
    return found == numbers_.end() ? std::nullopt : std::optional(found->second);
  }
  void touch(BufferId buffer, double loads, double stores) {
    const Buffer& b = program_.buffer(buffer);
    const auto size = static_cast<double>(bytes(b.element));
    Traffic& t = traffic_[buffer.value];
    t.loaded += loads * size;
    t.stored += stores * size;
    if (stores > 0 && std::ranges::find(cost_.writes, b.name) == cost_.writes.end())
      cost_.writes.push_back(b.name);
  }

  void block(const Block& statements, double times) {
    for (const Statement& s : statements) std::visit([&](const auto& node) { count(node, times); }, s.node);
  }
  void count(const Constant& node, double) {
    if (is_integer(kernel_.type(node.result)))
      numbers_[node.result.id] = static_cast<std::int64_t>(node.bits);
  }
  void count(const SizeOf& node, double) { numbers_[node.result.id] = at(node.size); }
  void count(const Compute& node, double times) {
    if (is_real(kernel_.type(node.result))) cost_.operations += times * operations_of(node.op);
    const auto a = number(node.arguments[0]), b = number(node.arguments[1]);
    if (!a || !b) return;
    if (node.op == Op::add) numbers_[node.result.id] = *a + *b;
    if (node.op == Op::sub) numbers_[node.result.id] = *a - *b;
    if (node.op == Op::mul) numbers_[node.result.id] = *a * *b;
  }
  void count(const Elementary& node, double times) {
    const bool f32 = kernel_.type(node.result) == Scalar::f32;
    CountingEmitter emitter(f32);
    EmitValue x[3];
    for (int i = 0; i < node.op->arity; ++i)
      x[i] = emitter.argument(MachineValue::real(f32 ? Scalar::f32 : Scalar::f64, 1), Rational(1));
    node.op->emit(emitter, x);
    cost_.operations += times * emitter.count;
  }
  void count(const MathCall&, double times) { cost_.operations += times * library_call; }
  void count(const Load& node, double times) { touch(node.buffer, times, 0); }
  void count(const Store& node, double times) { touch(node.buffer, 0, times); }
  void count(const Accumulate& node, double times) {
    touch(node.buffer, times, times);
    cost_.operations += times * (node.factor.valid() ? 2 : 1);
  }
  void count(const Zero& node, double times) {
    double elements = 1;
    const std::vector<SizeId>& extents = program_.buffer(node.buffer).extents;
    for (std::size_t k = node.leading.size(); k < extents.size(); ++k)
      elements *= static_cast<double>(at(extents[k]));
    touch(node.buffer, 0, times * elements);
  }
  void count(const Check&, double) {}
  void count(const For& node, double times) {
    const auto lower = number(node.lower), upper = number(node.upper);
    cost_.at_most = cost_.at_most || node.stop.valid() || !lower || !upper;
    const double turns =
        times * static_cast<double>(std::max<std::int64_t>(0, upper.value_or(1) - lower.value_or(0)));
    block(node.body, turns);
    for (const For::Reduction& r : node.reductions)
      if (r.combine == Combine::add || r.combine == Combine::mul)
        if (is_real(kernel_.type(r.result))) cost_.operations += turns * (r.factor.valid() ? 2 : 1);
  }
  // The dearer side.
  void count(const If& node, double times) {
    cost_.at_most = true;
    const double before = cost_.operations;
    block(node.then, times);
    const double then = cost_.operations - before;
    cost_.operations = before;
    block(node.otherwise, times);
    cost_.operations = before + std::max(then, cost_.operations - before);
  }
  void count(const Gemm& node, double times) {
    const auto m = static_cast<double>(number(node.m).value_or(1)),
               n = static_cast<double>(number(node.n).value_or(1)),
               k = static_cast<double>(number(node.k).value_or(1));
    cost_.operations += times * 2 * m * n * k;
    cost_.in_products += times * 2 * m * n * k;
    touch(node.a.buffer, times * m * k, 0);
    touch(node.b.buffer, times * k * n, 0);
    touch(node.c.buffer, node.accumulate ? times * m * n : 0, times * m * n);
  }

  const Program& program_;
  const Kernel& kernel_;
  std::span<const std::optional<std::int64_t>> sizes_;
  std::unordered_map<std::int32_t, std::int64_t> numbers_;
  std::map<std::int32_t, Traffic> traffic_;
  Cost cost_;
};

}  // namespace

Cost cost(const Program& program, const Kernel& kernel, std::span<const std::optional<std::int64_t>> sizes) {
  return Counter(program, kernel, sizes).run();
}

}  // namespace gradc::kernel
