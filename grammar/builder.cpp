// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "grammar/builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <span>
#include <unordered_set>

#include "grammar/syntax_error.h"
#include "grammar/token_stream.h"

namespace gradc::grammar {

using namespace syntax;

void Builder::syntax_error(SourceRange at, std::string_view found,
                           const std::vector<std::string_view>& expected) {
  if (std::optional<Diagnostic> error = describe_syntax_error(tokens_, at, found, expected))
    reports_.add(std::move(*error));
  tokens_.recover();
}

ExprId Builder::add(SourceRange range, ExprKind kind) {
  GRADC_CHECK(program_.exprs.size() < std::numeric_limits<std::int32_t>::max(), "fewer expressions than ids");
  program_.exprs.push_back({range, false, std::move(kind)});
  return ExprId{static_cast<std::int32_t>(program_.exprs.size() - 1)};
}

ExprId Builder::parenthesize(SourceRange range, ExprId inner) {
  program_[inner].range = range;
  program_[inner].parenthesized = true;
  return inner;
}

// A chain reads as a path upwards (<, <=, ==) or downwards; with != it would not mean what it seems to say.
ExprId Builder::compare(SourceRange range, Comparison comparison) {
  const std::vector<CompareOp>& ops = comparison.compare.ops;
  std::optional<std::size_t> up, down, unequal;
  for (std::size_t i = 0; i < ops.size(); ++i) {
    switch (ops[i]) {
      case CompareOp::equal: break;
      case CompareOp::not_equal: unequal = i; break;
      case CompareOp::less:
      case CompareOp::less_equal: up = i; break;
      case CompareOp::greater:
      case CompareOp::greater_equal: down = i; break;
    }
  }
  if (ops.size() > 1 && unequal)
    reports_.add(DiagnosticCode::E111, comparison.op_ranges[*unequal],
                 "`!=` stands in a chain of comparisons", "write two comparisons joined by `and`");
  else if (up && down)
    reports_.add({DiagnosticCode::E111,
                  "a chain of comparisons goes in both directions",
                  {comparison.op_ranges[std::max(*up, *down)], ""},
                  {{comparison.op_ranges[std::min(*up, *down)], "the other direction"}},
                  "write two comparisons joined by `and`"});
  return add(range, std::move(comparison.compare));
}

ExprId Builder::call(Head head) {
  Call call{head.callee, head.primes, {}};
  const std::string& callee = program_[head.callee];
  const auto bound = std::find_if(head.arguments.items.begin(), head.arguments.items.end(),
                                  [](const HeadArgument& argument) { return argument.range.has_value(); });
  if (bound != head.arguments.items.end() || head.arguments.filter.valid()) {
    if (reduction_named(callee)) {
      nothing_to_reduce(callee, head.range);
      return add(head.range, Placeholder{});
    }
    if (bound != head.arguments.items.end())
      reports_.add(DiagnosticCode::E110, bound->name.range,
                   fmt::format("`{} in …` stands in a call", program_[bound->name]),
                   "only a reduction such as `sum(i in 0..3) x[i]` binds an index");
    else
      reports_.add(DiagnosticCode::E110, program_[head.arguments.filter].range,
                   "a condition filters only what a reduction binds",
                   "for a choice write `if … then … else …`");
    return add(head.range, Placeholder{});
  }
  for (const HeadArgument& argument : head.arguments.items)
    call.arguments.push_back({argument.name, argument.value});
  return add(head.range, std::move(call));
}

void Builder::nothing_to_reduce(std::string_view reduction, SourceRange range) {
  reports_.add(DiagnosticCode::E107, range, fmt::format("`{}` has nothing to reduce", reduction),
               fmt::format("a term follows the bracket: `{}(i) x[i]`; one that starts with a sign, `if` or "
                           "`[` stands in parentheses",
                           reduction));
}

std::optional<Binder> Builder::bound_by(const Head& head, const HeadArgument& argument) {
  if (argument.range) return Binder{argument.name, argument.range};
  if (!argument.name.valid()) {
    Expr& value = program_[argument.value];
    if (const Name* index = std::get_if<Name>(&value.kind); index && !value.parenthesized) {
      const Spelled bound{index->name, value.range};
      value.kind =
          Placeholder{};  // it names the index, it does not use it: no expression, and nobody's child
      return Binder{bound, {}};
    }
  }
  const std::string& reduction = program_[head.callee];
  reports_.add(
      {DiagnosticCode::E108,
       fmt::format("`{}` binds names, and this is none", reduction),
       {argument.name.valid() ? argument.name.range : program_[argument.value].range, ""},
       {},
       fmt::format("write `{0}(i) …` or `{0}(i in 0..3) …`; a function's call takes no term behind it",
                   reduction)});
  return std::nullopt;
}

ExprId Builder::reduction(SourceRange range, Head head, ExprId body) {
  const std::optional<ReductionOp> op = reduction_named(program_[head.callee]);
  if (!op || head.primes > 0) {
    const SourceRange behind{head.range.file, head.range.end, program_[body].range.begin};
    reports_.add(DiagnosticCode::E104, behind.begin < behind.end ? behind : program_[body].range,
                 fmt::format("an operator is missing behind `{}{}(…)`", program_[head.callee],
                             std::string(head.primes, '\'')),
                 "a product is written with `*`");
    return body;
  }
  if (head.arguments.items.empty())
    reports_.add(DiagnosticCode::E108, head.range, fmt::format("`{}` binds no index", program_[head.callee]),
                 fmt::format("name the index: `{}(i) …`", program_[head.callee]));
  Reduction reduction{*op, head.range, {}, head.arguments.filter, body};
  for (const HeadArgument& argument : head.arguments.items)
    if (std::optional<Binder> binder = bound_by(head, argument)) reduction.bound.push_back(*binder);
  return add(range, std::move(reduction));
}

Declaration Builder::declaration(Role role, std::vector<Item> items) {
  for (const Item& item : items) {
    const std::string& name = program_[item.name];
    if (item.value.valid() && role != Role::constant)
      reports_.add(DiagnosticCode::E118, item.name.range,
                   fmt::format("`{}` is declared as {} and has a value", name, spelling(role)),
                   role == Role::param ? fmt::format("a param starts with `{} init …`", name)
                                       : fmt::format("a fixed value is `const {} = …`", name));
    if (item.init.valid() && role != Role::param)
      reports_.add(DiagnosticCode::E118, item.name.range,
                   fmt::format("`{}` is declared as {} and has an `init`", name, spelling(role)),
                   role == Role::constant ? fmt::format("a fixed value is `const {} = …`", name)
                                          : "only a param has an initial value");
    if (!item.columns.empty() && role == Role::param)
      reports_.add(DiagnosticCode::E118, item.columns[0].range,
                   "a param is learned, it has no column in the data", "");
  }
  return {role, std::move(items)};
}

Left Builder::left(Spelled name, std::vector<LeftSubscript> subscripts, Spelled member_of) {
  return {name, false, {}, std::move(subscripts), member_of};
}

Left Builder::function_left(Spelled name, std::vector<Parameter> parameters,
                            std::vector<LeftSubscript> subscripts, Spelled member_of) {
  return {name, true, std::move(parameters), std::move(subscripts), member_of};
}

std::vector<Left> Builder::tuple(Spelled first, const std::vector<Spelled>& others) {
  std::vector<Left> lefts{left(first, {}, {})};
  for (const Spelled& other : others) lefts.push_back(left(other, {}, {}));
  return lefts;
}

Deriv Builder::deriv(Deriv deriv, SourceRange range) {
  if (program_.statements.size() > first_statement_) {
    const StatementKind& before = program_.statements.back().kind;
    if (const Deriv* other = std::get_if<Deriv>(&before)) {
      deriv.function = other->function;
      return deriv;
    }
    if (const Equation* equation = std::get_if<Equation>(&before);
        equation && equation->lefts[0].is_function) {
      deriv.function = program_.statements.size() - 1;
      return deriv;
    }
  }
  if (!after_broken_statement_)
    reports_.add(DiagnosticCode::E112, range, "`deriv` does not follow a function's definition",
                 "write it on the line below the function that it belongs to");
  return deriv;
}

// `_`, or a name of underscores as one draws them on paper, anywhere in it: not filled in yet.
Claim Builder::claim(ExprId left, SourceRange equals, ExprId right, Tail tail) {
  const auto is_blank = [&](const Expr& e) {
    const Name* name = std::get_if<Name>(&e.kind);
    return name && program_[name->name].find_first_not_of('_') == std::string::npos;
  };
  const auto begin = program_.exprs.begin() + static_cast<std::ptrdiff_t>(statement_begin_);
  const bool blank = std::holds_alternative<Placeholder>(program_[left].kind) ||
                     std::holds_alternative<Placeholder>(program_[right].kind) ||
                     std::any_of(begin, program_.exprs.end(), is_blank);
  const SourceRange whole = cover(program_[left].range, program_[right].range);
  const ExprId difference = blank ? ExprId{} : binary(whole, left, BinaryOp::subtract, equals, right);
  return {left, right, difference, std::move(tail)};
}

void Builder::statement(StatementKind kind, SourceRange range) {
  const std::size_t end = program_.exprs.size();
  program_.statements.push_back({range, ExprId{static_cast<std::int32_t>(statement_begin_)},
                                 ExprId{static_cast<std::int32_t>(end)}, std::move(kind)});
  statement_begin_ = end;
  after_broken_statement_ = false;
}

void Builder::forget_statement() {
  program_.exprs.erase(program_.exprs.begin() + static_cast<std::ptrdiff_t>(statement_begin_),
                       program_.exprs.end());
  after_broken_statement_ = true;
}

// `sum(i) - x[i]` reads as a call and a difference; where no function of the name is defined, it was meant as
// a reduction.
void Builder::finish() {
  const std::span statements = std::span(program_.statements).subspan(first_statement_);
  if (statements.empty() && reports_.empty()) {
    reports_.add(DiagnosticCode::E115, tokens_.range(tokens_.all().back()), "the file holds no statement",
                 "a model defines names, such as `y = x^2` with `input x`");
    return;
  }
  std::unordered_set<TextId> functions;
  for (const Statement& statement : statements) {
    if (std::holds_alternative<Use>(statement.kind)) return;
    const Equation* equation = std::get_if<Equation>(&statement.kind);
    if (!equation || !equation->lefts[0].is_function) continue;
    functions.insert(equation->lefts[0].name.text);
    for (const Parameter& parameter : equation->lefts[0].parameters) functions.insert(parameter.name.text);
  }
  for (const Expr& expr : std::span(program_.exprs).subspan(first_expr_)) {
    const Call* call = std::get_if<Call>(&expr.kind);
    if (!call || functions.contains(call->callee.text)) continue;
    const std::optional<ReductionOp> op = reduction_named(program_[call->callee]);
    if (!op || *op == ReductionOp::max || *op == ReductionOp::min || *op == ReductionOp::logsumexp) continue;
    nothing_to_reduce(program_[call->callee], expr.range);
  }
}

}  // namespace gradc::grammar
