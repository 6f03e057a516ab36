// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/read_term.h"

#include <algorithm>

#include "compiler/operators/build.h"
#include "compiler/operators/table.h"
#include "compiler/render/dump_syntax.h"

namespace gradc {

DumpToken DumpCursor::take() {
  DumpToken taken = token();
  if (at_ + 1 < tokens_.size()) ++at_;
  return taken;
}
bool DumpCursor::accept(std::string_view text) {
  if (failed() || !is(text)) return false;
  take();
  return true;
}
void DumpCursor::expect(std::string_view text) {
  if (!accept(text)) fail("expected `" + std::string(text) + "`");
}
std::string DumpCursor::name(std::string_view what) {
  if (!is_name()) {
    fail("expected " + std::string(what));
    return {};
  }
  return take().text;
}
void DumpCursor::fail(std::string message) {
  if (failed()) return;
  const DumpToken& t = token();
  if (t.kind == DumpToken::Kind::line_end || t.kind == DumpToken::Kind::end)
    message += ", but the line ends";
  else if (!t.text.empty())
    message += ", but found `" + t.text + "`";
  error_ = Diagnostic{DiagnosticCode::E701, std::move(message), {t.range, ""}, {}, ""};
}

namespace {

constexpr int depth_limit = 4000;

class TermReader {
 public:
  TermReader(Context& context, DumpCursor& cursor, DumpScope& scope)
      : c_(context), at_(cursor), scope_(scope) {}

  // A term whose operators bind at least as tightly as `least`.
  Expr term(Precedence least, std::optional<Type> type) {
    if (at_.failed()) return {};
    if (++depth_ > depth_limit) at_.fail("terms nest more than " + std::to_string(depth_limit) + " deep");
    if (type == Type::boolean) type.reset();  // says nothing of the numbers that a condition compares
    Expr left = prefix(type);
    while (left && !at_.failed()) {
      const DumpToken& t = at_.token();
      // What is written by hand may say `>`.
      const bool turned = t.text == ">" || t.text == ">=";
      const InfixOperator* i = t.quoted ? nullptr
                                        : infix(t.text == ">"    ? "<"
                                                : t.text == ">=" ? "<="
                                                                 : t.text);
      if (!i || i->binds < least) break;
      at_.take();
      const Typing typing = i->op->typing;
      std::optional<Type> right_type;
      if (typing == Typing::real)
        right_type = Type::real;
      else if (typing == Typing::integer)
        right_type = Type::integer;
      else if (typing == Typing::arithmetic)
        right_type = type;
      const Expr right = term(i->right, right_type);
      const Expr arguments[] = {turned ? right : left, turned ? left : right};
      left = right ? apply(*i->op, arguments) : Expr();
      // a < b < c is no term of ours.
      if (i->binds == Precedence::comparison) {
        const InfixOperator* another = at_.token().quoted ? nullptr : infix(at_.token().text);
        if (another && another->binds == Precedence::comparison) at_.fail("comparisons do not chain");
      }
    }
    --depth_;
    return at_.failed() ? Expr() : left;
  }

 private:
  Expr prefix(std::optional<Type> type);
  Expr number(bool negative, std::optional<Type> type);
  Expr named(std::optional<Type> type);
  Expr call(const Operator& op, std::optional<Type> type);
  Expr access(TensorId tensor);
  Expr reduction(const ReductionOperator& op);
  Expr block(std::optional<Type> type);
  Expr apply(const Operator& op, std::span<const Expr> arguments);

  Context& c_;
  DumpCursor& at_;
  DumpScope& scope_;
  int depth_ = 0;
};

Expr TermReader::prefix(std::optional<Type> type) {
  const DumpToken& t = at_.token();
  if (t.kind == DumpToken::Kind::number) return number(false, type);
  if (t.kind == DumpToken::Kind::name) return named(type);
  if (at_.is("-")) {
    const bool sign = t.touches_next;
    at_.take();
    if (sign) return number(true, type);
    const Expr x = term(Precedence::unary, type);
    return x ? apply(op_neg, std::span(&x, 1)) : x;
  }
  if (at_.accept("(")) {
    const Expr inner = term(Precedence::lowest, type);
    at_.expect(")");
    return inner;
  }
  if (at_.accept("{")) return block(type);
  if (at_.accept("#")) {
    const std::string name = at_.name("a dim");
    if (auto dim = scope_.dims.find(name); dim != scope_.dims.end()) return c_.size(dim->second);
    at_.fail("no dim is called `" + name + "`");
    return {};
  }
  at_.fail("expected a term");
  return {};
}

Expr TermReader::number(bool negative, std::optional<Type> type) {
  const DumpToken t = at_.token();
  const std::size_t slash = t.text.find('/');
  const std::optional<Rational> numerator = Rational::parse(std::string_view(t.text).substr(0, slash));
  const std::optional<Rational> denominator =
      slash == std::string::npos ? Rational(1) : Rational::parse(std::string_view(t.text).substr(slash + 1));
  if (!numerator || !denominator || denominator->is_zero()) {
    at_.fail("expected a number");
    return {};
  }
  Rational value = *numerator / *denominator;
  if (negative) value = -value;
  if (!type) type = value.is_integer() && t.text.find('.') == std::string::npos ? Type::integer : Type::real;
  if (*type == Type::integer && !value.is_integer()) {
    at_.fail("expected an integer");
    return {};
  }
  at_.take();
  return c_.constant(std::move(value), *type);
}

Expr TermReader::named(std::optional<Type> type) {
  const DumpToken t = at_.token();
  if (!t.quoted) {
    if (at_.accept("true")) return c_.boolean(true);
    if (at_.accept("false")) return c_.boolean(false);
    if (at_.accept("not")) {
      const Expr x = term(Precedence::negation, Type::boolean);
      return x ? apply(op_not, std::span(&x, 1)) : x;
    }
    if (at_.accept("if")) {
      const Expr condition = term(Precedence::disjunction, Type::boolean);
      at_.expect("then");
      const Expr yes = term(Precedence::disjunction, type);
      at_.expect("else");
      const Expr no = term(Precedence::choice, type);
      if (at_.failed()) return {};
      if (condition->type != Type::boolean || yes->type != no->type)
        at_.fail("a choice between terms of different types");
      return at_.failed() ? Expr() : c_.choose(condition, yes, no);
    }
    if (at_.next().text == "(" && !at_.next().quoted) {
      if (const ReductionOperator* reduction_op = find_reduction(t.text)) {
        at_.take();
        // `max(a, b)` is a function, `max(i in I) a[i]` a reduction.
        const std::size_t back = at_.place();
        at_.take();
        const bool binds = at_.is_name() && at_.next().text == "in";
        at_.move_to(back);
        if (binds) return reduction(*reduction_op);
        at_.move_to(back - 1);
      }
      if (const Operator* op = find_operator(t.text)) {
        at_.take();
        return call(*op, type);
      }
    }
  }
  for (auto entry = scope_.indices.rbegin(); entry != scope_.indices.rend(); ++entry)
    if (entry->first == t.text) {
      at_.take();
      return c_.position(entry->second);
    }
  if (auto found = scope_.terms.find(t.text); found != scope_.terms.end()) {
    at_.take();
    return found->second;
  }
  if (auto found = scope_.tensors.find(t.text); found != scope_.tensors.end()) {
    at_.take();
    return access(found->second);
  }
  at_.fail("expected an index, a tensor or an operator");
  return {};
}

Expr TermReader::call(const Operator& op, std::optional<Type> type) {
  std::optional<Type> argument;
  switch (op.typing) {
    case Typing::real: argument = Type::real; break;
    case Typing::arithmetic: argument = type; break;
    case Typing::integer:
    case Typing::to_real: argument = Type::integer; break;
    case Typing::logical: argument = Type::boolean; break;
    case Typing::comparison: break;
  }
  at_.expect("(");
  std::vector<Expr> arguments;
  for (int k = 0; k < op.arity && !at_.failed(); ++k) {
    if (k > 0) at_.expect(",");
    arguments.push_back(term(Precedence::lowest, argument));
  }
  at_.expect(")");
  return at_.failed() ? Expr() : apply(op, arguments);
}

Expr TermReader::apply(const Operator& op, std::span<const Expr> x) {
  const auto all = [&](Type type) { return std::ranges::all_of(x, [&](Expr e) { return e->type == type; }); };
  bool fits = false;
  switch (op.typing) {
    case Typing::real: fits = all(Type::real); break;
    case Typing::arithmetic:
    case Typing::comparison: fits = all(Type::real) || all(Type::integer); break;
    case Typing::integer:
    case Typing::to_real: fits = all(Type::integer); break;
    case Typing::logical: fits = all(Type::boolean); break;
  }
  if (!fits) at_.fail("the operands of `" + std::string(op.id) + "` have the wrong type");
  return fits ? c_.apply(op, x) : Expr();
}

Expr TermReader::access(TensorId tensor) {
  const std::string name = c_.tensor(tensor).name;
  const std::size_t rank = c_.tensor(tensor).rank();
  std::vector<Expr> subscripts;
  for (std::size_t k = 0; k < rank && !at_.failed(); ++k) {
    at_.expect(k == 0 ? "[" : ",");
    subscripts.push_back(term(Precedence::lowest, Type::integer));
    if (!at_.failed() && subscripts.back()->type != Type::integer)
      at_.fail("a subscript of `" + name + "` is not an integer");
  }
  if (rank > 0) at_.expect("]");
  return at_.failed() ? Expr() : c_.access(tensor, subscripts);
}

Expr TermReader::reduction(const ReductionOperator& op) {
  at_.expect("(");
  std::vector<Binder> binders;
  const std::size_t outside = scope_.indices.size();
  do {
    const std::string name = at_.name("an index");
    at_.expect("in");
    Binder binder;
    DimId dim;
    const std::string_view behind = at_.next().text;
    const bool alone = behind == ":" || behind == "," || behind == ")" || behind == "if";
    if (at_.is_name() && alone && scope_.dims.contains(at_.token().text)) {
      dim = scope_.dims.at(at_.take().text);
      binder.lower = c_.integer(0);
      binder.upper = c_.size(dim);
    }
    if (!dim.valid() || at_.accept(":")) {
      binder.lower = term(Precedence::sum, Type::integer);
      at_.expect("..<");
      binder.upper = term(Precedence::sum, Type::integer);
      if (!at_.failed() && (binder.lower->type != Type::integer || binder.upper->type != Type::integer))
        at_.fail("a range of terms that are not integers");
    }
    binder.index = c_.fresh_index(dim, name);
    scope_.indices.emplace_back(name, binder.index);
    binders.push_back(binder);
  } while (at_.accept(","));
  const Expr guard = at_.accept("if") ? term(Precedence::disjunction, Type::boolean) : c_.boolean(true);
  at_.expect(")");
  const Expr body = term(Precedence::reduction, op.term);
  scope_.indices.resize(outside);
  if (at_.failed()) return {};
  if (guard->type != Type::boolean || body->type != op.term)
    at_.fail("the body or filter of a reduction has the wrong type");
  return at_.failed() ? Expr() : c_.reduce(op, binders, guard, body);
}

// {$1 := term; $2 := term; body}
Expr TermReader::block(std::optional<Type> type) {
  while (at_.is_name() && at_.next().text == ":=") {
    const std::string name = at_.take().text;
    at_.take();
    const Expr named = term(Precedence::lowest, std::nullopt);
    at_.expect(";");
    if (at_.failed()) return {};
    scope_.terms[name] = named;
  }
  const Expr body = term(Precedence::lowest, type);
  at_.expect("}");
  return body;
}

}  // namespace

Expr read_term(Context& context, DumpCursor& cursor, DumpScope& scope, std::optional<Type> type) {
  return TermReader(context, cursor, scope).term(Precedence::lowest, type);
}

}  // namespace gradc
