// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/apart.h"

#include <set>

#include "compiler/kernel/operand.h"
#include "compiler/support/overloaded.h"

namespace gradc::kernel {

namespace {

// For W lanes, in instructions: an access apart takes W times 2 (to read, and to put together) where W alone
// take W; what is computed, or lies side by side, W/4, on vectors of four. A recipe has some 30 instructions;
// a function of the C library is called for each lane.
constexpr double apart_in_lanes = 2, together_in_lanes = 0.25, of_recipe = 30, of_division = 4;

class Counter {
 public:
  explicit Counter(Value lane) { varying_.insert(lane), steady_.insert(lane); }

  void add(const Block& block) {
    each_statement(block, [&](const Statement& s) {
      std::visit(
          overloaded{
              [&](const Compute& c) { compute(c); }, [&](const Elementary&) { together_ += of_recipe; },
              [&](const Load& l) { access(l.subscripts); }, [&](const Store& w) { access(w.subscripts); },
              [&](const Accumulate& a) { access(a.subscripts), access(a.subscripts); }, [](const auto&) {}},
          s.node);
      if (varies(s)) each_definition(s, [&](Value v) { varying_.insert(v); });
    });
  }
  bool pays() const { return apart_ + together_ > apart_in_lanes * apart_ + together_in_lanes * together_; }

 private:
  bool varies(const Statement& s) const {
    bool result = false;
    each_use(s, [&](Value v) { result = result || varying_.contains(v); });
    return result;
  }
  void compute(const Compute& c) {
    const auto grows = [&](Value v) { return steady_.contains(v) || !varying_.contains(v); };
    if ((c.op == Op::add || c.op == Op::sub) && grows(c.arguments[0]) && !varying_.contains(c.arguments[1]))
      steady_.insert(c.result);
    together_ += c.op == Op::div || c.op == Op::sqrt ? of_division : 1;
  }
  // Only along the last axis do the elements of neighbours lie side by side.
  void access(const std::vector<Value>& subscripts) {
    bool is_apart = false;
    for (std::size_t k = 0; k < subscripts.size(); ++k)
      is_apart = is_apart || (varying_.contains(subscripts[k]) &&
                              (k + 1 < subscripts.size() || !steady_.contains(subscripts[k])));
    (is_apart ? apart_ : together_) += 1;
  }

  std::set<Value> varying_, steady_;  // between lanes; by 1 from lane to lane
  double apart_ = 0, together_ = 0;
};

}  // namespace

bool pays_in_lanes(const For& loop) {
  if (!loop.reductions.empty()) return true;
  Counter counter(loop.index);
  counter.add(loop.body);
  return counter.pays();
}

}  // namespace gradc::kernel
