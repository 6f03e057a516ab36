// The shape of each expression, from those of its parts.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/sema/builtins.h"
#include "compiler/sema/checker.h"
#include "compiler/sema/children.h"

namespace gradc::sema {

using namespace syntax;
using gradc::Type;

Checker::Inferred Checker::infer(Frame& frame, ExprId id) {
  return std::visit(
      overloaded{
          [&](const Number& number) -> Inferred {
            Shape shape =
                Shape::scalar(Rational::parse(text(number.text))->is_integer() ? Type::integer : Type::real);
            shape.literal = true;
            return shape;
          },
          [&](const Name& name) -> Inferred { return infer_name(frame, id, name.name); },
          [&](const Placeholder&) -> Inferred { return Shape::of_function(); },
          [&](const syntax::Call& call) { return infer_call(frame, id, call); },
          [&](const Subscript& subscript) { return infer_subscript(frame, id, subscript); },
          [&](const Prime& prime) -> Inferred { return infer_prime(frame, id, prime); },
          [&](const Unary& unary) -> Inferred { return infer_unary(frame, unary); },
          [&](const Binary& binary) -> Inferred { return infer_binary(frame, id, binary); },
          [&](const Compare& compare) -> Inferred { return infer_compare(frame, compare); },
          [&](const Choice& choice) -> Inferred { return infer_choice(frame, choice); },
          [&](const Reduction& reduction) -> Inferred { return infer_reduction(frame, id, reduction); },
          [&](const Array& array) -> Inferred { return infer_array(frame, id, array); },
          [&](const syntax::Iterate& iterate) { return infer_iterate(frame, id, iterate); }},
      program_[id].kind);
}

Checker::Inferred Checker::infer_name(Frame& frame, ExprId id, TextId name) {
  if (IndexVariable* variable = frame.variable(frame[id].scope, name)) {
    variable->used = true;
    if (variable->is_batch && !variable->failed) {
      variable->failed = true;
      reports_.add(DiagnosticCode::E433, range(id), "`batch` is an index that nobody writes", "",
                   "what differs from example to example has it unwritten: `mean(batch) a[h]`");
    }
    return variable->failed ? Shape::failed() : Shape::scalar(Type::integer);
  }
  if (const auto state = frame.state(frame[id].scope, name)) return infer_state(frame, *state);
  if (LocalName* local = frame.local(name)) return infer_local(frame, id, *local);
  if (auto parameter = frame.parameters.find(name); parameter != frame.parameters.end()) {
    if (parameter->second.function) return infer_function_value(frame, id, *parameter->second.function);
    return parameter->second.shape;
  }
  if (frame.generic_dims.contains(name)) return Shape::scalar(Type::integer);
  Entity* entity = names_.find(name);
  if (!entity) {
    if (text(name) == "pi") return Shape::scalar(Type::real);
    if (const std::size_t arity = language_arity(text(name)))
      return infer_function_value(
          frame, id, {.language = text(name), .given = std::vector<std::optional<Captured>>(arity)});
    unknown_name(frame, id, text(name));
    return Shape::failed();
  }
  entity->used = true;
  switch (entity->kind) {
    case EntityKind::dim: return Shape::scalar(Type::integer);
    case EntityKind::tensor:
    case EntityKind::equation: return demand(*entity, range(id));
    case EntityKind::function: break;
  }
  return infer_function_value(frame, id, whole_function(*entity));
}

void Checker::unknown_name(Frame& frame, ExprId id, const std::string& name) {
  if (find_builtin(name) || language_call(name)) return function_alone(frame, id, name);
  if (reduction_named(name)) {
    reports_.add(DiagnosticCode::E201, range(id), "`" + name + "` stands alone, and reduces nothing", "",
                 "a reduction binds its indices and is followed by a term: `" + name + "(i) x[i]`");
    return;
  }
  if (name == "π") {
    reports_.add(DiagnosticCode::E201, range(id), "nothing is called `π`", "", "write `pi`");
    return;
  }
  std::vector<std::string> known;
  if (!reports_.crowded()) known = names_.spellings();
  for (const auto& [parameter, _] : frame.parameters) known.push_back(text(parameter));
  for (const LocalName& local : frame.locals) known.push_back(text(local.name.text));
  std::ranges::sort(known);
  if (frame[id].alone) {
    if (!frame.unbound.insert(std::get<Name>(program_[id].kind).name).second) return;
    for (const IndexVariable& v : frame.variables) known.push_back(text(v.name.text));
    // A slip in a name is seen where the name is longer than an index usually is.
    const std::string near = name.size() > 2 ? did_you_mean(name, known) : "";
    reports_.add(DiagnosticCode::E207, range(id), "the index `" + name + "` is not bound",
                 "it stands neither on the left nor under a reduction",
                 near.empty() ? "bind it: `sum(" + name +
                                    ") …`, or put it on the left side: there is no silent summation"
                              : "did you mean `" + near + "`?");
    return;
  }
  const std::string near = did_you_mean(name, known);
  reports_.add(DiagnosticCode::E201, range(id), "nothing is called `" + name + "`", "",
               near.empty() ? "" : "did you mean `" + near + "`?");
}

Checker::Inferred Checker::infer_subscript(Frame& frame, ExprId id, const Subscript& subscript) {
  const Shape& base = frame[subscript.base].shape;
  const std::string of = shown(subscript.base, "this value");
  bool good = !base.error;
  if (good && subscript.subscripts.size() > base.rank()) {
    reports_.add(
        DiagnosticCode::E204, range(subscript.subscripts[base.rank()]),
        of +
            (base.rank() ? " has " + std::to_string(base.rank()) + (base.rank() == 1 ? " axis" : " axes")
                         : " is a scalar") +
            ", and here " +
            (subscript.subscripts.size() == 1
                 ? "is 1 subscript"
                 : "are " + std::to_string(subscript.subscripts.size()) + " subscripts"),
        "one too many", base.rank() ? of + " is " + shown(base.dims) : "");
    good = false;
  }
  Shape result = base;
  result.dims.clear();
  for (std::size_t k = 0; k < subscript.subscripts.size(); ++k) {
    const ExprId at = subscript.subscripts[k];
    const Shape& shape = frame[at].shape;
    if (shape.error || !need_integer(frame, at, "a subscript")) {
      good = false;
      continue;
    }
    if (!good) continue;
    result.constant = result.constant && shape.constant;
    const DimId dim = base.dims[k];
    const Name* name = std::get_if<Name>(&program_[at].kind);
    if (IndexVariable* variable = name ? frame.variable(frame[at].scope, name->name) : nullptr) {
      variable->uses.push_back({dim, range(at), of});
    } else if (shape.member_of.valid()) {
      if (!same_dim(shape.member_of, dim)) {
        report_dims(range(at), shape.member_of, shown(at, "the subscript"), dim, of,
                    "this is a member of `" + dim_name(shape.member_of) + "`");
        good = false;
      }
    } else {
      frame.arithmetic_uses.push_back({at, dim});
    }
  }
  if (!good) return Shape::failed();
  for (std::size_t k = subscript.subscripts.size(); k < base.rank(); ++k) result.dims.push_back(base.dims[k]);
  result.literal = false;
  (void)id;
  return result;
}

Shape Checker::infer_unary(Frame& frame, const Unary& unary) {
  const bool good =
      unary.op == UnaryOp::negate ? need_number(frame, unary.operand) : need_condition(frame, unary.operand);
  if (!good) return Shape::failed();
  Shape shape = frame[unary.operand].shape;
  shape.member_of = {};
  return shape;
}

Shape Checker::infer_binary(Frame& frame, ExprId id, const Binary& binary) {
  const bool logical = binary.op == BinaryOp::logical_and || binary.op == BinaryOp::logical_or;
  const bool left_good = logical ? need_condition(frame, binary.left) : need_number(frame, binary.left);
  const bool right_good = logical ? need_condition(frame, binary.right) : need_number(frame, binary.right);
  if (!left_good || !right_good) return Shape::failed();
  if (binary.op == BinaryOp::matmul) return infer_matmul(frame, binary);
  const Shape& left = frame[binary.left].shape;
  const Shape& right = frame[binary.right].shape;
  const auto dims = elementwise(frame, binary.left, binary.right, binary.op_range);
  if (!dims) return Shape::failed();
  Shape shape;
  shape.dims = *dims;
  shape.constant = left.constant && right.constant;
  const bool integers = left.is_integer() && right.is_integer();
  switch (binary.op) {
    case BinaryOp::add:
    case BinaryOp::subtract:
    case BinaryOp::multiply:
      shape.literal = left.literal && right.literal;
      shape.type = integers ? Type::integer : Type::real;
      break;
    case BinaryOp::divide:
      shape.literal = left.literal && right.literal && !frame[id].integer;
      shape.type = integers && frame[id].integer ? Type::integer : Type::real;
      if (const auto* reduction = std::get_if<Reduction>(&program_[binary.right].kind);
          reduction && !program_[binary.right].parenthesized && swallows_factor(frame, *reduction)) {
        reports_.retract(DiagnosticCode::W204, reduction->head);
        reports_.add(DiagnosticCode::E223, reduction->head,
                     "behind `/`, a reduction takes the factors to its right with it",
                     "its term ends further on than it looks",
                     "put the reduction, or the whole divisor, in parentheses");
        return Shape::failed();
      }
      break;
    case BinaryOp::power: shape.type = integers && frame[id].integer ? Type::integer : Type::real; break;
    case BinaryOp::logical_and:
    case BinaryOp::logical_or: shape.type = Type::boolean; break;
    case BinaryOp::matmul: break;
  }
  return shape;
}

// Whether the term of a reduction has a factor or divisor without the bound indices, so that the reader may
// take it to stand outside.
bool Checker::swallows_factor(const Frame& frame, const Reduction& reduction) const {
  ExprId at = reduction.body;
  while (!program_[at].parenthesized) {
    const Binary* product = std::get_if<Binary>(&program_[at].kind);
    if (!product || (product->op != BinaryOp::multiply && product->op != BinaryOp::divide)) return false;
    if (!mentions(frame, product->right, reduction)) return true;
    at = product->left;
  }
  return false;
}

bool Checker::mentions(const Frame& frame, ExprId root, const Reduction& reduction) const {
  std::vector<ExprId> stack{root};
  while (!stack.empty()) {
    const ExprId id = stack.back();
    stack.pop_back();
    if (const Name* name = std::get_if<Name>(&program_[id].kind))
      for (const syntax::Binder& binder : reduction.bound)
        if (binder.name.text == name->name) return true;
    for_each_child(program_[id], [&](ExprId child) {
      if (frame[child].needed) stack.push_back(child);
    });
  }
  return false;
}

Shape Checker::infer_matmul(Frame& frame, const Binary& binary) {
  const Shape& left = frame[binary.left].shape;
  const Shape& right = frame[binary.right].shape;
  const std::string of_left = shown(binary.left, "the left side"),
                    of_right = shown(binary.right, "the right side");
  if (left.dims.empty() || right.dims.empty()) {
    reports_.add(DiagnosticCode::E229, binary.op_range,
                 "`@` contracts an axis of both sides, and " + (left.dims.empty() ? of_left : of_right) +
                     " is a scalar",
                 "", "`*` multiplies by a scalar");
    return Shape::failed();
  }
  if (!same_dim(left.dims.back(), right.dims.front())) {
    report_dims(binary.op_range, left.dims.back(), of_left, right.dims.front(), of_right,
                "`@` contracts the last axis of the left with the first of the right",
                right.rank() == 2 && same_dim(left.dims.back(), right.dims[1])
                    ? "write `'` behind the right side to transpose it"
                : left.rank() == 2 && same_dim(left.dims[0], right.dims[0])
                    ? "write `'` behind the left side to transpose it"
                    : "");
    return Shape::failed();
  }
  Shape shape;
  shape.dims.assign(left.dims.begin(), left.dims.end() - 1);
  shape.dims.insert(shape.dims.end(), right.dims.begin() + 1, right.dims.end());
  shape.constant = left.constant && right.constant;
  return shape;
}

Shape Checker::infer_prime(Frame& frame, ExprId id, const Prime& prime) {
  Shape shape = frame[prime.base].shape;
  if (shape.function) {
    FunctionValue derived = frame.functions.at(prime.base.value);
    derived.primes += prime.count;
    if (derived.open() == 1) {
      frame.functions[id.value] = std::move(derived);
      return Shape::of_function();
    }
    reports_.add(DiagnosticCode::E304, range(id), "`'` is the derivative of a function of one argument",
                 "this one takes " + std::to_string(derived.open()));
    return Shape::failed();
  }
  if (shape.error || !need_number(frame, prime.base)) return Shape::failed();
  if (shape.rank() != 2) {
    reports_.add(DiagnosticCode::E229, range(id),
                 "`'` transposes a matrix, and " + shown(prime.base, "this") + " is " + shown(shape.dims), "",
                 shape.rank() == 0   ? "the derivative by x is `diff(y, x)`; a number is its own transpose"
                 : shape.rank() == 1 ? "leave it out: `@` takes a vector on either side"
                                     : "write the indices out: `B[k, j, i] = A[k, i, j]`");
    return Shape::failed();
  }
  if (prime.count % 2) std::swap(shape.dims[0], shape.dims[1]);
  return shape;
}

Shape Checker::infer_compare(Frame& frame, const Compare& compare) {
  Shape shape = Shape::scalar(Type::boolean);
  bool good = true;
  for (ExprId operand : compare.operands) {
    good = need_number(frame, operand) && good;
    shape.constant = shape.constant && frame[operand].shape.constant;
  }
  for (std::size_t k = 0; good && k + 1 < compare.operands.size(); ++k) {
    const auto dims = elementwise(frame, compare.operands[k], compare.operands[k + 1],
                                  cover(range(compare.operands[k]), range(compare.operands[k + 1])));
    good = dims.has_value();
    if (good && shape.dims.empty()) shape.dims = *dims;
  }
  return good ? shape : Shape::failed();
}

Shape Checker::infer_choice(Frame& frame, const Choice& choice) {
  const Shape& taken = frame[choice.taken].shape;
  const Shape& otherwise = frame[choice.otherwise].shape;
  bool good = need_condition(frame, choice.condition) &&
              need_scalar(frame, choice.condition, "the condition of a choice");
  if (taken.error || otherwise.error || !good) return Shape::failed();
  if (taken.is_condition() != otherwise.is_condition()) {
    const char* kinds[] = {"this is a number", "this is a condition"};
    reports_.add(DiagnosticCode::E213, range(choice.otherwise),
                 "one side of the choice is a condition, the other a number", kinds[otherwise.is_condition()],
                 "", {{range(choice.taken), kinds[taken.is_condition()]}});
    return Shape::failed();
  }
  const auto dims = elementwise(frame, choice.taken, choice.otherwise, range(choice.otherwise));
  if (!dims) return Shape::failed();
  Shape shape;
  shape.dims = *dims;
  shape.constant = taken.constant && otherwise.constant && frame[choice.condition].shape.constant;
  shape.type = taken.is_condition() ? Type::boolean
               : taken.is_integer() && otherwise.is_integer() &&
                       !(taken.literal && otherwise.literal && !frame[choice.taken].integer)
                   ? Type::integer
                   : Type::real;
  if (taken.member_of == otherwise.member_of) shape.member_of = taken.member_of;
  return shape;
}

Shape Checker::infer_array(Frame& frame, ExprId id, const Array& array) {
  Shape shape;
  shape.literal = false;
  if (array.elements.empty()) {
    reports_.add(DiagnosticCode::E220, range(id), "an array without elements");
    return Shape::failed();
  }
  const Shape& first = frame[array.elements[0]].shape;
  bool good = true;
  bool integers = frame[id].integer;
  for (ExprId element : array.elements) {
    const Shape& other = frame[element].shape;
    if (other.error || !need_number(frame, element)) {
      good = false;
      continue;
    }
    shape.constant = shape.constant && other.constant;
    integers = integers && other.is_integer();
    bool same = first.rank() == other.rank();
    for (std::size_t k = 0; same && k < first.rank(); ++k) same = same_dim(first.dims[k], other.dims[k]);
    if (!first.error && !same) {
      reports_.add(DiagnosticCode::E220, range(element), "the elements of an array have different shapes",
                   "this is " + shown(other.dims), "",
                   {{range(array.elements[0]), "the first is " + shown(first.dims)}});
      good = false;
    }
  }
  if (!good) return Shape::failed();
  const auto size = static_cast<std::int64_t>(array.elements.size());
  const DimId dim = anonymous_dim(std::to_string(size), context_.integer(size), range(id));
  array_dims_.insert(dim);
  shape.type = integers ? Type::integer : Type::real;
  shape.dims.push_back(dim);
  shape.dims.insert(shape.dims.end(), first.dims.begin(), first.dims.end());
  return shape;
}

Shape Checker::infer_reduction(Frame& frame, ExprId id, const Reduction& reduction) {
  const Shape& body = frame[reduction.body].shape;
  bool good = !body.error;
  for (const syntax::Binder& binder : reduction.bound) {
    if (!binder.range || binder.range->is_dim()) continue;
    good = need_integer(frame, binder.range->first, "the end of a range") && good;
    good = need_integer(frame, binder.range->last, "the end of a range") && good;
  }
  if (reduction.filter.valid())
    good = need_condition(frame, reduction.filter) &&
           need_scalar(frame, reduction.filter, "the condition of a reduction") && good;
  for (std::size_t k = 0; k < reduction.bound.size(); ++k)
    if (frame.variables[frame[id].variables + k].failed) good = false;
  const bool of_conditions = reduction.op == ReductionOp::any || reduction.op == ReductionOp::all;
  if (good) good = of_conditions ? need_condition(frame, reduction.body) : need_number(frame, reduction.body);
  if (!good) return Shape::failed();
  Shape shape = body;
  shape.literal = false;
  shape.member_of = {};
  if (is_across_batch(frame, id, reduction)) {
    if (of_conditions || reduction.op == ReductionOp::argmax || reduction.op == ReductionOp::argmin) {
      reports_.add(DiagnosticCode::E433, reduction.head,
                   "`" + std::string(spelling(reduction.op)) + "` does not reduce over `batch`", "",
                   "`sum`, `mean`, `prod`, `max`, `min` and `logsumexp` do: their values have a mean");
      return Shape::failed();
    }
    shape.type = Type::real;
    shape.constant = false;
    return shape;
  }
  switch (reduction.op) {
    case ReductionOp::sum:
    case ReductionOp::max:
    case ReductionOp::min:
      if (body.literal && !frame[id].integer) shape.type = Type::real;
      break;
    case ReductionOp::prod:
    case ReductionOp::mean:
    case ReductionOp::logsumexp: shape.type = Type::real; break;
    case ReductionOp::argmax:
    case ReductionOp::argmin:
      shape.type = Type::integer;
      shape.constant = body.constant;
      if (reduction.bound.size() != 1) {
        reports_.add(
            DiagnosticCode::E224, reduction.head,
            "`" + std::string(spelling(reduction.op)) + "` yields one position, and binds one index");
        return Shape::failed();
      }
      break;
    case ReductionOp::any:
    case ReductionOp::all: break;
  }
  const bool warned = reduction.op == ReductionOp::max || reduction.op == ReductionOp::min ||
                      reduction.op == ReductionOp::prod || reduction.op == ReductionOp::logsumexp;
  if (warned && swallows_factor(frame, reduction))
    reports_.add(DiagnosticCode::W204, reduction.head,
                 "`" + std::string(spelling(reduction.op)) +
                     "` takes a factor with it that does not depend on its index",
                 "",
                 "put the reduction in parentheses if the factor stands outside, or the whole term if it "
                 "stands inside");
  return shape;
}

}  // namespace gradc::sema
