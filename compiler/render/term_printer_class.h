// The printer of terms, one member function per shape; see term_printer.h.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <span>
#include <string>
#include <unordered_set>
#include <variant>
#include <vector>

#include "compiler/render/arrange.h"
#include "compiler/render/term_printer.h"

namespace gradc {

// Where a line may be broken; taken out before anyone sees it.
constexpr char line_break = '\x01';

// Works with a stack of tasks in place of recursion: each step says what it consists of, left to right.
class TermPrinter {
 public:
  explicit TermPrinter(PrintScope& scope) : scope_(scope), latex_(scope.format == Format::latex) {}

  Printed print(Expr root);
  std::string element(TensorId tensor);
  std::string whole(TensorId tensor, std::size_t lead);
  std::string call(const Call& call);

 private:
  struct Term {
    Expr e;
    Precedence hole = Precedence::lowest;
    bool without_sign = false;
  };
  struct Bind {
    Expr reduce;
  };
  struct Leave {
    std::size_t binders;
  };
  using Task = std::variant<std::string, Term, Bind, Leave>;

  // ---- term_printer.cpp: the loop, and terms that get names
  Printed print_one(Expr e);
  std::string run_all(Task first);
  void then(Task task) { batch_.push_back(std::move(task)); }
  void then(std::string_view in_latex, std::string_view in_text) {
    then(std::string(latex_ ? in_latex : in_text));
  }
  void run(std::string& text);
  void run(Leave& leave) { scope_.indices.leave(leave.binders); }
  void run(Term& term);
  void choose_named_terms(Expr root);
  std::string occurrence(Expr e);

  // ---- print_arithmetic.cpp
  Precedence binds(Expr e, bool without_sign) const;
  void factor(const Factor& f, Precedence hole);
  void sum(Expr e);
  void product(const Product& p, bool without_sign);
  void factors(const std::vector<std::string>& numbers, std::span<const Factor> factors, Precedence alone);
  std::string number(const Rational& value) const;
  std::string separator(const Factor* before, const Factor& after) const;
  void power(Expr base, Expr exponent);
  void root(Expr base, const Rational& degree);
  void form(Expr e);
  template <class Argument>
  void fill(const PrintForm& form, std::size_t holes, const Argument& argument);

  // ---- print_binders.cpp
  void choice(Expr e);
  void condition(Expr e, Precedence hole);
  void reduction(Expr e);
  void run(Bind& bind);
  void bind_latex(Expr e);
  void bind_text(Expr e);
  bool guard_names_index(Expr guard, Index index);
  void position(Index index);
  bool is_example(Expr subscript) const;  // the n of x^{(n)}
  void access(TensorId tensor, std::span<const Expr> subscripts);
  std::vector<Expr> leading(TensorId tensor, std::size_t axes);
  void subscripts(const AccessPiece& piece, std::span<const Expr> all);

  struct NamedTerm {
    Expr e;
    IndexNames::Scope indices;
  };

  PrintScope& scope_;
  bool latex_;
  Arranger arranger_;
  std::string out_;
  std::vector<Task> tasks_, batch_;
  Expr whole_;                  // the term being printed, to break at its signs
  std::vector<NamedTerm> met_;  // in order of first occurrence
  std::unordered_set<Expr> seen_;
};

// Whether binder k runs over its whole dim.
bool runs_over_whole_dim(Expr reduce, std::size_t k);
// The last position of a range whose end is excluded, as short as it can be said.
Expr last_of(Expr upper);

}  // namespace gradc
