// The engine: brings expressions to a normal form under the rules of the table, bottom-up, each node once.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <array>
#include <functional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "compiler/equations/walk.h"
#include "compiler/simplify/cost.h"
#include "compiler/simplify/match.h"
#include "compiler/simplify/own_value.h"
#include "compiler/simplify/polynomial.h"
#include "compiler/simplify/ranges.h"
#include "compiler/simplify/reduction.h"
#include "compiler/simplify/rule.h"
#include "compiler/simplify/shape.h"

namespace gradc {

// One use of a rule: what `--steps` prints.
struct Step {
  const Rule* rule;
  Expr before;
  Expr after;
};

class Rewriter {
 public:
  // For the machine, `see` may show the definition behind a name.
  Rewriter(Context& context, Reader reader, LookThrough see = nullptr, const void* state = nullptr);

  // What a person wrote keeps its domain and its value: nodes of these shapes are rewritten by exact rules
  // only.
  void written(Expr e);
  void only_written() { only_written_ = true; }  // everything is
  // Values that have a name are called by it.
  void name_values(OwnValues* names) { names_ = names; }
  // How often nodes are used decides which inner sums and products are taken apart: to be told of all roots
  // first.
  void count_uses(Expr root);
  Expr operator()(Expr root);

  void record(std::vector<Step>* steps) { steps_ = steps; }

 private:
  struct Pending {
    std::vector<Expr> needs;  // must be in normal form first
    std::vector<ProductLeaf> factors;
    std::vector<SumLeaf> terms;
    Rational coefficient = 1;
    OpenedReduction opened;
    std::array<IndexMap, 2> back;  // choice, reduction: what its sides or its body narrowed
    Expr becomes;                  // a rule made this of it: its normal form is wanted
    enum class Form : std::uint8_t { plain, sum, product, reduction } form = Form::plain;
  };

  bool is_made(Expr e);  // by differentiation: field algebra holds
  bool descends(Expr e);
  // The expression as it is where the condition holds (or does not), if that may give a value its name.
  Expr under(Expr e, Expr condition, bool holds, IndexMap& back);
  void prepare(Expr e, Pending& pending);
  Expr cheapest_in_circle(Expr e, Expr next);
  // The node with operands in normal form, and whether it is one itself.
  std::pair<Expr, bool> combine(Expr e, Pending& pending);
  std::pair<Expr, bool> combine_sum(Expr e, const Pending& pending);
  std::pair<Expr, bool> combine_product(Expr e, const Pending& pending);
  std::pair<Expr, bool> combine_reduction(Expr e, Pending& pending);
  Expr apply_rules(Expr e);  // null: none applies
  Expr choices_joined(Sum& sum, Type type);
  Expr note(std::string_view rule, Expr before, Expr after);

  Context& c_;
  Reader reader_;
  LookThrough see_;
  const void* state_;
  Ranges ranges_;
  Shapes shapes_;
  Cost cost_;
  std::unordered_set<std::uint64_t> written_;
  bool only_written_ = false;
  OwnValues* names_ = nullptr;
  std::unordered_map<Expr, std::int32_t> uses_;
  RewriteMemo memo_;
  std::unordered_map<Expr, Pending> pending_;
  std::vector<Step>* steps_ = nullptr;
};

}  // namespace gradc
