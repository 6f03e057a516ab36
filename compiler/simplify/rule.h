// One table of named rewrite rules. A rule's two sides are ordinary expressions with holes, in a Context of
// their own, so that a rule prints itself and tests itself at random points of its condition. What cannot be
// said by one pattern (collecting terms, Kronecker sums) is a procedure, which has an instance of what it
// does in the table. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <map>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/equations/context.h"

namespace gradc {

// Where both sides are equal.
enum class Holds : std::uint8_t {
  exactly,     // in IEEE arithmetic too, bit for bit: allowed everywhere
  over_reals,  // as real numbers, where both are defined: only for terms that differentiation made
  better,      // on the same domain, and the right side is more accurate or finite where the left is not
};

enum class Reader : std::uint8_t { both, machine };

// What the holes of a pattern stand for. Holes are tensors without axes: a, b and d stand for any real
// expression, p and q for any condition.
using Match = std::vector<std::pair<TensorId, Expr>>;

struct Rule {
  std::string_view name;
  Expr left;
  Expr right;
  Holds holds = Holds::exactly;
  Reader reader = Reader::both;
  std::string_view source = "";
  std::string_view condition = "";  // in words; "" = always
  bool procedure = false;           // left and right are an instance, the code bears the rule's name
};

class RuleTable {
 public:
  RuleTable();
  const Context& patterns() const { return patterns_; }
  std::span<const Rule> rules() const { return rules_; }
  const Rule& find(std::string_view name) const;
  // The patterns for this reader whose outermost operator is `op` (null: a choice). The machine's include the
  // exact ones.
  std::span<const Rule* const> of_root(Reader reader, const Operator* op) const;

 private:
  void add_exact_rules();
  void add_algebra();
  void add_sums();
  void add_machine_rules();
  void add_procedure(std::string_view name, Expr left, Expr right, Holds holds, std::string_view source = "");

  Context patterns_;
  Expr a_, b_, d_, p_, q_;  // the holes
  std::vector<Rule> rules_;
  std::map<std::pair<Reader, const Operator*>, std::vector<const Rule*>> by_root_;
};

// Built at first use, never changed.
const RuleTable& rule_table();

}  // namespace gradc
