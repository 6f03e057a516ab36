// The tree of a model file, as written: nothing is resolved, nothing is checked beyond its form.
//
// Nodes live in one vector and name their children by id; a child's id is always smaller than its parent's,
// so a loop over the ids upwards visits children first, downwards parents first. No walk needs recursion: a
// model may nest 10^5 parentheses, or add 10^6 terms. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "compiler/support/id.h"
#include "compiler/support/source.h"

namespace gradc::syntax {

struct ExprTag;
struct TextTag;
using ExprId = Id<ExprTag>;  // into Program::exprs
using TextId = Id<TextTag>;  // a name (NFC), number or string; equal texts of one file have equal ids

// A name and where it stands. An absent one is invalid.
struct Spelled {
  TextId text;
  SourceRange range;
  bool valid() const { return text.valid(); }
};

// ---- expressions
// -------------------------------------------------------------------------------------------

enum class UnaryOp : std::uint8_t { negate, logical_not };
enum class BinaryOp : std::uint8_t {
  add,
  subtract,
  multiply,
  divide,
  matmul,
  power,
  logical_and,
  logical_or
};
enum class CompareOp : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };
enum class ReductionOp : std::uint8_t { sum, prod, mean, max, min, logsumexp, argmax, argmin, any, all };

// `in D`: first alone, the Name of a dim. `in 0..N-1`: both ends included.
struct Range {
  ExprId first;
  ExprId last;  // invalid: `first` is a dim
  bool is_dim() const { return !last.valid(); }
};

// `i`, `i in D`, `i in 0..N-1`.
struct Binder {
  Spelled name;
  std::optional<Range> range;
};

struct Argument {
  Spelled name;  // valid in `rate = 0.1`
  ExprId value;  // a Placeholder in `f(_, y)`
};

struct State {  // of an iterate: NAME = first to next
  Spelled name;
  ExprId first;
  ExprId next;
};

struct Number {
  TextId text;  // digits [ "." digits ] [ e [+-] digits ]; the value is exact
};
struct Name {
  TextId name;
};
struct Placeholder {};  // the `_` of `f(_, y)`
struct Call {           // callee''(arguments)
  Spelled callee;
  std::uint32_t primes = 0;
  std::vector<Argument> arguments;
};
struct Subscript {  // base[subscripts]
  ExprId base;
  std::vector<ExprId> subscripts;
};
struct Prime {  // base', base'': transpose, or the derivative of a function that is not called here
  ExprId base;
  std::uint32_t count = 1;
};
struct Unary {
  UnaryOp op;
  SourceRange op_range;
  ExprId operand;
};
struct Binary {
  BinaryOp op;
  SourceRange op_range;
  ExprId left;
  ExprId right;
};
struct Compare {  // 0 < x <= 1: one operand more than operators; chains go in one direction
  std::vector<ExprId> operands;
  std::vector<CompareOp> ops;
};
struct Choice {
  ExprId condition;
  ExprId taken;      // then
  ExprId otherwise;  // else
};
struct Reduction {  // sum(i, j in 0..i if condition) body
  ReductionOp op;
  SourceRange head;  // of `sum(…)`
  std::vector<Binder> bound;
  ExprId filter;  // invalid without `if`
  ExprId body;
};
struct Array {
  std::vector<ExprId> elements;
};
struct Iterate {
  bool implicit = false;
  std::vector<State> states;
  ExprId until;
  ExprId at_most;
};

using ExprKind = std::variant<Number, Name, Placeholder, Call, Subscript, Prime, Unary, Binary, Compare,
                              Choice, Reduction, Array, Iterate>;

struct Expr {
  SourceRange range;           // with its parentheses
  bool parenthesized = false;  // `a / (sum(j) b[j]*c)` is not `a / sum(j) b[j]*c`, though the trees are equal
  ExprKind kind;
};

// ---- statements
// --------------------------------------------------------------------------------------------

struct DimItem {
  Spelled name;
  ExprId value;  // invalid: from the command line or the data
};
struct Dim {
  std::vector<DimItem> items;
};
struct Seq {
  std::vector<Spelled> names;
};

enum class Role : std::uint8_t { input, target, constant, param };

struct Item {  // x[D, H] in K = value | init value | "column", "column"
  Spelled name;
  std::vector<ExprId> axes;
  Spelled member_of;  // `in K`
  ExprId value;       // `=`, only of a const
  ExprId init;        // only of a param
  std::vector<Spelled> columns;
};
struct Declaration {
  Role role;
  std::vector<Item> items;
};

struct NoiseItem {  // eps[Z] ~ normal(0, 1)
  Spelled name;
  std::vector<ExprId> axes;
  ExprId distribution;  // a Call
};
struct Noise {
  std::vector<NoiseItem> items;
};

struct Parameter {  // of a function: x, x[A, B], i in D
  Spelled name;
  std::vector<ExprId> axes;
  Spelled member_of;
};
struct LeftSubscript {  // i, t + 1, 0, or with a range: i in D, i in 0..2
  ExprId at;            // a Name where there is a range
  std::optional<Range> range;
};
struct Left {  // name(parameters)[subscripts] in member_of
  Spelled name;
  bool is_function = false;
  std::vector<Parameter> parameters;
  std::vector<LeftSubscript> subscripts;
  Spelled member_of;
};
struct Local {              // of a `where`
  std::vector<Left> lefts;  // several: (x, v) = iterate …, (p, q) = f(…)
  ExprId value;
};
// What may stand behind a right side: `where u = …, v = …`, `for s in S`.
struct Tail {
  std::vector<Local> locals;
  std::vector<Binder> ranges;
};

struct Equation {
  std::vector<Left> lefts;  // several: (x, v) = iterate …, (p, q) = f(…)
  ExprId value;
  Tail tail;
  std::vector<ExprId> further = {};  // f(x) = (value, further …)
};
struct Deriv {
  bool unchecked = false;
  std::size_t function = 0;  // the statement that it belongs to, an Equation with is_function
  Spelled parameter;
  std::vector<LeftSubscript> subscripts;
  ExprId value;
  Tail tail;
};
struct Minimize {
  Spelled name;  // invalid in `minimize E`, where `value` is what stands there
  ExprId value;
  Tail tail;
};
struct Penalty {
  Spelled name;
  ExprId value;
  Tail tail;
};
struct Metric {
  Spelled name;
  ExprId value;
  Tail tail;
};
struct Check {
  ExprId condition;
};
struct Claim {  // claim left = right
  ExprId left;
  ExprId right;
  ExprId difference;  // left - right; invalid while a side is blank
  Tail tail;
  bool blank() const { return !difference.valid(); }
};
struct Setting {  // optimizer = sgd(rate = 0.1)
  Spelled name;
  ExprId value;    // invalid if a string stands there
  Spelled string;  // without its quotes
};
struct Train {
  std::vector<Setting> settings;
};
struct Use {
  Spelled path;            // without its quotes
  std::uint32_t file = 0;  // of the sources, once it is read
};

using StatementKind = std::variant<Dim, Seq, Declaration, Noise, Equation, Deriv, Minimize, Penalty, Metric,
                                   Check, Claim, Train, Use>;

struct Statement {
  SourceRange range;
  ExprId first_expr;  // its expressions are the ids [first_expr, end_expr)
  ExprId end_expr;
  StatementKind kind;
};

// ---- the whole
// ---------------------------------------------------------------------------------------------

// Each file has names of its own: what it says does not depend on the files that use it.
class Texts {
 public:
  void enter_file(std::uint32_t file);
  TextId intern(std::string_view text);  // in the file that was entered last
  std::optional<TextId> find(std::string_view text, std::uint32_t file = 0) const;
  const std::string& operator[](TextId id) const { return *texts_[static_cast<std::size_t>(id.value)]; }
  std::size_t size() const { return texts_.size(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  using Ids = std::unordered_map<std::string, TextId, Hash, std::equal_to<>>;  // its nodes hold the texts
  std::vector<Ids> ids_ = std::vector<Ids>(1);                                 // by file
  std::uint32_t file_ = 0;
  std::vector<const std::string*> texts_;
};

struct Program {
  std::vector<Statement> statements;
  std::vector<Expr> exprs;
  Texts texts;

  const Expr& operator[](ExprId id) const { return exprs[static_cast<std::size_t>(id.value)]; }
  Expr& operator[](ExprId id) { return exprs[static_cast<std::size_t>(id.value)]; }
  const std::string& operator[](TextId id) const { return texts[id]; }
  const std::string& operator[](const Spelled& name) const { return texts[name.text]; }
};

std::string_view spelling(UnaryOp op);      // "-", "not"
std::string_view spelling(BinaryOp op);     // "+", "@", "and"
std::string_view spelling(CompareOp op);    // "<="
std::string_view spelling(ReductionOp op);  // "sum"
std::string_view spelling(Role role);       // "input", "const"
std::optional<ReductionOp> reduction_named(std::string_view name);

}  // namespace gradc::syntax
