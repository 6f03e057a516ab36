// The table: rules that are exact, and how it is put together.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/stated.h"
#include "compiler/simplify/rule.h"
#include "compiler/support/check.h"

namespace gradc {

RuleTable::RuleTable() {
  auto hole_of = [&](std::string_view name, Type type) {
    return patterns_.access(
        patterns_.add_tensor({.name = std::string(name), .role = Role::input, .type = type, .dims = {}}));
  };
  a_ = hole_of("a", Type::real);
  b_ = hole_of("b", Type::real);
  d_ = hole_of("d", Type::real);
  p_ = hole_of("p", Type::boolean);
  q_ = hole_of("q", Type::boolean);
  add_exact_rules();
  add_algebra();
  add_sums();
  add_machine_rules();
  for (const Rule& rule : rules_) {
    if (rule.procedure) continue;
    by_root_[{rule.reader, rule.left->op}].push_back(&rule);
    if (rule.reader == Reader::both && rule.holds == Holds::exactly)
      by_root_[{Reader::machine, rule.left->op}].push_back(&rule);
  }
}

// A literal, a sign or a choice less, the same bits.
void RuleTable::add_exact_rules() {
  Context& c = patterns_;
  const Expr a = a_, b = b_, d = d_, p = p_, q = q_, zero = c.real(0), one = c.real(1);
  rules_.push_back({.name = "times-one", .left = a * one, .right = a});
  rules_.push_back({.name = "over-one", .left = a / one, .right = a});
  rules_.push_back({.name = "to-the-one", .left = pow(a, one), .right = a});
  rules_.push_back(
      {.name = "to-the-zero", .left = pow(a, zero), .right = one, .source = "C17 F.10.4.4: even of NaN"});
  rules_.push_back({.name = "minus-zero", .left = a - zero, .right = a});
  rules_.push_back({.name = "double-negation", .left = -(-a), .right = a});
  rules_.push_back({.name = "minus-negative", .left = a - (-b), .right = a + b});
  rules_.push_back({.name = "plus-negative", .left = a + (-b), .right = a - b});
  rules_.push_back({.name = "negative-times-negative", .left = (-a) * (-b), .right = a * b});
  rules_.push_back({.name = "negative-over-negative", .left = (-a) / (-b), .right = a / b});
  rules_.push_back({.name = "same-sides", .left = choose(p, a, a), .right = a});
  rules_.push_back({.name = "choice-by-not", .left = choose(negate(p), a, b), .right = choose(p, b, a)});
  rules_.push_back(
      {.name = "condition-met", .left = choose(p, choose(p, a, b), d), .right = choose(p, a, d)});
  rules_.push_back(
      {.name = "condition-not-met", .left = choose(p, a, choose(p, b, d)), .right = choose(p, a, d)});
  rules_.push_back({.name = "choices-of-one-value",
                    .left = choose(p, a, choose(q, a, b)),
                    .right = choose(either(p, q), a, b)});
  rules_.push_back({.name = "as-stated", .left = c.apply(op_stated, {a, b, d}), .right = a});
  rules_.push_back({.name = "held", .left = c.apply(op_held, {a, b}), .right = a});
  rules_.push_back({.name = "carried", .left = c.apply(op_carried, {a, b}), .right = zero});
  rules_.push_back({.name = "not-not", .left = negate(negate(p)), .right = p});
}

void RuleTable::add_procedure(std::string_view name, Expr left, Expr right, Holds holds,
                              std::string_view source) {
  rules_.push_back(
      {.name = name, .left = left, .right = right, .holds = holds, .source = source, .procedure = true});
}

const Rule& RuleTable::find(std::string_view name) const {
  for (const Rule& rule : rules_)
    if (rule.name == name) return rule;
  GRADC_UNREACHABLE("no rule of this name: " + std::string(name));
}

std::span<const Rule* const> RuleTable::of_root(Reader reader, const Operator* op) const {
  const auto found = by_root_.find({reader, op});
  return found == by_root_.end() ? std::span<const Rule* const>()
                                 : std::span<const Rule* const>(found->second);
}

const RuleTable& rule_table() {
  static const RuleTable table;
  return table;
}

}  // namespace gradc
