// What the parser's actions call: makes the nodes of the tree, and refuses what the grammar cannot.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/support/check.h"
#include "grammar/reports.h"
#include "grammar/syntax.h"

namespace gradc::grammar {

class TokenStream;

// `sum(i, j in 0..i if c)` and `f(x, rate = 2)` begin alike: what follows the bracket tells a reduction from
// a call.
struct HeadArgument {
  syntax::Spelled name;  // of `rate = 2` and of `i in M`
  syntax::ExprId value;
  std::optional<syntax::Range> range;
};
struct HeadArguments {
  std::vector<HeadArgument> items;
  syntax::ExprId filter;
};
struct Head {
  syntax::Spelled callee;
  std::uint32_t primes = 0;
  HeadArguments arguments;
  SourceRange range;
};

struct Comparison {
  syntax::Compare compare;
  std::vector<SourceRange> op_ranges;
  void add(syntax::CompareOp op, SourceRange op_range, syntax::ExprId operand) {
    compare.ops.push_back(op);
    op_ranges.push_back(op_range);
    compare.operands.push_back(operand);
  }
};

class Builder {
 public:
  Builder(TokenStream& tokens, syntax::Program& program, Reports& reports)
      : tokens_(tokens),
        program_(program),
        reports_(reports),
        first_statement_(program.statements.size()),
        first_expr_(program.exprs.size()),
        statement_begin_(program.exprs.size()) {}

  TokenStream& tokens() { return tokens_; }
  void syntax_error(SourceRange at, std::string_view found, const std::vector<std::string_view>& expected);

  syntax::ExprId add(SourceRange range, syntax::ExprKind kind);
  syntax::ExprId name(syntax::Spelled name) { return add(name.range, syntax::Name{name.text}); }
  syntax::ExprId number(syntax::Spelled number) { return add(number.range, syntax::Number{number.text}); }
  syntax::ExprId prime(SourceRange range, syntax::ExprId base, std::uint32_t count) {
    return add(range, syntax::Prime{base, count});
  }
  syntax::ExprId binary(SourceRange range, syntax::ExprId left, syntax::BinaryOp op, SourceRange op_range,
                        syntax::ExprId right) {
    return add(range, syntax::Binary{op, op_range, left, right});
  }
  syntax::ExprId parenthesize(SourceRange range, syntax::ExprId inner);
  syntax::ExprId compare(SourceRange range, Comparison comparison);
  syntax::ExprId call(Head head);
  syntax::ExprId reduction(SourceRange range, Head head, syntax::ExprId body);

  syntax::Declaration declaration(syntax::Role role, std::vector<syntax::Item> items);
  syntax::Left left(syntax::Spelled name, std::vector<syntax::LeftSubscript> subscripts,
                    syntax::Spelled member_of);
  syntax::Left function_left(syntax::Spelled name, std::vector<syntax::Parameter> parameters,
                             std::vector<syntax::LeftSubscript> subscripts, syntax::Spelled member_of);
  std::vector<syntax::Left> tuple(syntax::Spelled first, const std::vector<syntax::Spelled>& others);
  syntax::Deriv deriv(syntax::Deriv deriv, SourceRange range);

  syntax::Claim claim(syntax::ExprId left, SourceRange equals, syntax::ExprId right, syntax::Tail tail);

  void statement(syntax::StatementKind kind, SourceRange range);
  void forget_statement();
  void finish();  // what can be checked only when all has been read

 private:
  void nothing_to_reduce(std::string_view reduction, SourceRange range);
  std::optional<syntax::Binder> bound_by(const Head& head, const HeadArgument& argument);

  TokenStream& tokens_;
  syntax::Program& program_;
  Reports& reports_;
  std::size_t first_statement_, first_expr_;  // of this file
  std::size_t statement_begin_;               // the first expression of the statement being read
  bool after_broken_statement_ = false;
};

}  // namespace gradc::grammar
