// Which equations have to be integers: those by which others are indexed, counted or bounded. What is none of
// these, and may grow beyond 32 bits, is computed in real numbers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <optional>

#include "compiler/sema/checker.h"
#include "compiler/sema/children.h"
#include "compiler/support/overloaded.h"

namespace gradc::sema {

using namespace syntax;

namespace {

struct StatementNames {
  std::set<std::string> defined, read, needed;
};

void collect_ends(const std::optional<Range>& range, std::vector<ExprId>& places) {
  if (range && !range->is_dim()) places.insert(places.end(), {range->first, range->last});
}

// What stands where an integer may have to stand: in a subscript, a range, or an argument.
void collect_places(const syntax::Expr& e, std::vector<ExprId>& places) {
  std::visit(overloaded{[&](const Subscript& s) {
                          places.insert(places.end(), s.subscripts.begin(), s.subscripts.end());
                        },
                        [&](const syntax::Call& c) {
                          for (const syntax::Argument& a : c.arguments) places.push_back(a.value);
                        },
                        [&](const Reduction& r) {
                          for (const syntax::Binder& b : r.bound) collect_ends(b.range, places);
                        },
                        [&](const syntax::Iterate& i) { places.push_back(i.at_most); }, [](const auto&) {}},
             e.kind);
}

class Collector {
 public:
  explicit Collector(const Program& program) : program_(program) {}

  StatementNames of(const Statement& statement) {
    StatementNames names;
    std::vector<ExprId> places;
    for (std::int32_t k = statement.first_expr.value; k < statement.end_expr.value; ++k) {
      const syntax::Expr& e = program_[ExprId{k}];
      collect_places(e, places);
      if (const Name* name = std::get_if<Name>(&e.kind)) names.read.insert(program_.texts[name->name]);
      if (const auto* iterate = std::get_if<syntax::Iterate>(&e.kind))
        for (const State& s : iterate->states) names.defined.insert(program_.texts[s.name.text]);
    }
    if (const auto* equation = std::get_if<Equation>(&statement.kind)) {
      lefts(equation->lefts, names, places);
      for (const Local& local : equation->tail.locals) lefts(local.lefts, names, places);
      for (const syntax::Binder& b : equation->tail.ranges) collect_ends(b.range, places);
    }
    while (!places.empty()) {
      const ExprId next = places.back();
      places.pop_back();
      if (!next.valid()) continue;
      if (const Name* name = std::get_if<Name>(&program_[next].kind))
        names.needed.insert(program_.texts[name->name]);
      for_each_child(program_[next], [&](ExprId child) { places.push_back(child); });
    }
    return names;
  }

 private:
  void lefts(const std::vector<Left>& lefts, StatementNames& names, std::vector<ExprId>& places) {
    for (const Left& left : lefts) {
      names.defined.insert(program_.texts[left.name.text]);
      for (const LeftSubscript& s : left.subscripts) {
        places.push_back(s.at);
        collect_ends(s.range, places);
      }
    }
  }
  const Program& program_;
};

}  // namespace

bool Checker::needed_as_integer(const std::string& name) {
  if (!integer_names_) {
    integer_names_.emplace();
    std::vector<StatementNames> statements;
    Collector collector(program_);
    for (const Statement& s : program_.statements) {
      statements.push_back(collector.of(s));
      integer_names_->insert(statements.back().needed.begin(), statements.back().needed.end());
    }
    // An integer is made of integers.
    for (bool more = true; std::exchange(more, false);)
      for (StatementNames& s : statements)
        if (std::ranges::any_of(s.defined,
                                [&](const std::string& n) { return integer_names_->contains(n); })) {
          const std::size_t before = integer_names_->size();
          integer_names_->insert(s.read.begin(), s.read.end());
          more = more || integer_names_->size() != before;
        }
  }
  return integer_names_->contains(name);
}

}  // namespace gradc::sema
