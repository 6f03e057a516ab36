// Where shapes and types meet: dims are nominal, and a message names both dims and both declarations.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/sema/checker.h"

namespace gradc::sema {

using namespace syntax;

std::string Checker::dim_name(DimId dim) const { return context_.dim(dim).name; }

std::string Checker::shown(const std::vector<DimId>& dims) const {
  if (dims.empty()) return "a scalar";
  std::string result = "[";
  for (DimId dim : dims) result += (result.size() > 1 ? ", " : "") + dim_name(dim);
  return result + "]";
}

// What stands there, as it may be named in a message: `x`, `x[…]`, `f(…)`, or what `otherwise` says.
std::string Checker::shown(ExprId id, const char* otherwise) const {
  while (const auto* subscript = std::get_if<Subscript>(&program_[id].kind)) {
    if (const auto* base = std::get_if<Name>(&program_[subscript->base].kind))
      return "`" + text(base->name) + "[…]`";
    id = subscript->base;
  }
  if (const auto* name = std::get_if<Name>(&program_[id].kind)) return "`" + text(name->name) + "`";
  if (const auto* prime = std::get_if<Prime>(&program_[id].kind))
    if (const auto* name = std::get_if<Name>(&program_[prime->base].kind))
      return "`" + text(name->name) + "'`";
  if (std::holds_alternative<Array>(program_[id].kind)) return "the array";
  if (const auto* call = std::get_if<syntax::Call>(&program_[id].kind))
    return "`" + program_[call->callee] + "(…)`";
  return otherwise;
}

bool Checker::same_dim(DimId a, DimId b) const {
  if (a == b) return true;
  if (!is_array_dim(a) && !is_array_dim(b)) return false;
  const auto size_a = fixed_value(context_.size(a)), size_b = fixed_value(context_.size(b));
  return size_a && size_b && *size_a == *size_b;
}

void Checker::report_dims(SourceRange at, DimId a, const std::string& of_a, DimId b, const std::string& of_b,
                          std::string label, std::string help, std::vector<Label> notes) {
  const auto declared = [&](DimId id) {
    const gradc::Dim& dim = context_.dim(id);
    const auto size = fixed_value(context_.size(id));
    const std::string what = "`" + dim.name + "`" + (size ? " = " + std::to_string(*size) : "") +
                             (dim.anonymous ? " comes from here" : " is declared here");
    notes.push_back({dim.declared, what});
  };
  declared(a);
  declared(b);
  reports_.add(DiagnosticCode::E203, at,
               "axis `" + dim_name(b) + "` of " + of_b + " meets axis `" + dim_name(a) + "` of " + of_a,
               std::move(label), std::move(help), std::move(notes));
}

std::optional<std::vector<DimId>> Checker::elementwise(Frame& frame, ExprId a, ExprId b, SourceRange at) {
  const Shape& left = frame[a].shape;
  const Shape& right = frame[b].shape;
  if (left.dims.empty()) return right.dims;
  if (right.dims.empty()) return left.dims;
  const std::string of_left = shown(a, "the left side"), of_right = shown(b, "the right side");
  if (left.rank() != right.rank()) {
    reports_.add(DiagnosticCode::E205, at,
                 of_left + " is " + shown(left.dims) + ", and " + of_right + " is " + shown(right.dims),
                 "these do not go together element by element", "only scalars spread; write the indices out");
    return std::nullopt;
  }
  std::vector<DimId> dims = left.dims;
  for (std::size_t k = 0; k < dims.size(); ++k) {
    if (!same_dim(left.dims[k], right.dims[k])) {
      const bool transposes =
          dims.size() == 2 && left.dims[0] == right.dims[1] && left.dims[1] == right.dims[0];
      report_dims(at, left.dims[k], of_left, right.dims[k], of_right, "these meet element by element",
                  transposes ? "write `'` behind one of the two to transpose it" : "");
      return std::nullopt;
    }
    if (is_array_dim(dims[k])) dims[k] = right.dims[k];
  }
  return dims;
}

bool Checker::need_number(Frame& frame, ExprId id) {
  const Shape& shape = frame[id].shape;
  if (shape.error) return false;
  if (!shape.is_condition()) return true;
  reports_.add(DiagnosticCode::E213, range(id), "a condition stands where a number is needed",
               "this is true or false", "`if … then 1 else 0` makes a number of it");
  return false;
}

bool Checker::need_condition(Frame& frame, ExprId id) {
  const Shape& shape = frame[id].shape;
  if (shape.error) return false;
  if (shape.is_condition()) return true;
  reports_.add(DiagnosticCode::E213, range(id), "a number stands where a condition is needed",
               "this is a number", "compare it: `… > 0`");
  return false;
}

bool Checker::need_integer(Frame& frame, ExprId id, const std::string& what) {
  const Shape& shape = frame[id].shape;
  if (shape.error) return false;
  if (shape.is_integer() && shape.dims.empty()) return true;
  reports_.add(DiagnosticCode::E214, range(id), what + " is an integer",
               !shape.dims.empty()    ? "this is a tensor, " + shown(shape.dims)
               : shape.is_condition() ? "this is a condition"
                                      : "this is a real number",
               shape.dims.empty() ? "positions, sizes, members of a dim and whole numbers are integers" : "");
  return false;
}

bool Checker::need_scalar(Frame& frame, ExprId id, const std::string& what) {
  const Shape& shape = frame[id].shape;
  if (shape.error) return false;
  if (shape.dims.empty()) return true;
  reports_.add(DiagnosticCode::E221, range(id), what + " is a scalar", "this is " + shown(shape.dims),
               "make one number of it: an element, or its sum");
  return false;
}

void Checker::not_yet(DiagnosticCode code, SourceRange at, const std::string& what) {
  reports_.add(code, at, what + " is not built yet");
}

}  // namespace gradc::sema
