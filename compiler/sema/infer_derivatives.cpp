// The shapes of derivatives, and what may be derived by what.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/sema/checker.h"

namespace gradc::sema {

using namespace syntax;
using gradc::Type;

namespace {

bool takes_direction(const std::string& callee) {
  return callee == "hvp" || callee == "jvp" || callee == "vjp";
}

}  // namespace

Checker::DerivativeCall Checker::derivative_call(const syntax::Call& call) const {
  DerivativeCall result;
  for (const syntax::Argument& a : call.arguments) {
    if (!a.name.valid())
      result.arguments.push_back(a.value);
    else if (const Name* mode = std::get_if<Name>(&program_[a.value].kind))
      result.mode = text(mode->name) == "forward" ? Mode::forward : Mode::reverse;
  }
  return result;
}

bool Checker::need_mode(const syntax::Call& call, const std::string& callee) {
  for (const syntax::Argument& a : call.arguments) {
    if (!a.name.valid()) continue;
    const Name* mode = std::get_if<Name>(&program_[a.value].kind);
    const std::string word = mode ? text(mode->name) : "";
    if (takes_direction(callee)) {
      reports_.add(DiagnosticCode::E305, a.name.range, "`" + callee + "` has one mode",
                   callee == "vjp" ? "it goes in reverse" : "it goes along a direction", "leave `mode` out");
      return false;
    }
    if (word == "forward" || word == "reverse") continue;
    reports_.add(DiagnosticCode::E305, range(a.value), "a mode is `forward` or `reverse`", "",
                 "without `mode`, the cheaper one is taken; the numbers are the same");
    return false;
  }
  return true;
}

Shape Checker::infer_derivative(Frame& frame, ExprId id, const syntax::Call& call,
                                const std::string& callee) {
  (void)id;
  const std::vector<ExprId> arguments = derivative_call(call).arguments;
  const ExprId of = arguments[0];
  if (!need_number(frame, of)) return Shape::failed();
  if (frame[of].shape.is_integer() && !frame[of].shape.literal) {
    reports_.add(DiagnosticCode::E301, range(of), "an integer has no derivative",
                 "this counts, and does not vary", "derive a real value that is made of it");
    return Shape::failed();
  }
  if (!need_mode(call, callee)) return Shape::failed();
  if ((callee == "hvp" || callee == "hessian") && !need_scalar(frame, of, "what `" + callee + "` derives"))
    return Shape::failed();
  Shape shape;
  shape.constant = false;
  if (callee != "hvp" && callee != "vjp") shape.dims = frame[of].shape.dims;
  std::vector<DimId> by;
  for (std::size_t k = 1; k < (takes_direction(callee) ? 2 : arguments.size()); ++k) {
    const ExprId at = arguments[k];
    const Shape& wrt = frame[at].shape;
    if (wrt.error) return Shape::failed();
    const auto* subscript = std::get_if<Subscript>(&program_[at].kind);
    const ExprId base = subscript ? subscript->base : at;
    const Name* name = std::get_if<Name>(&program_[base].kind);
    const Entity* entity = name ? names_.find(name->name) : nullptr;
    const bool is_tensor =
        name && !frame.variable(frame[base].scope, name->name) &&
        (frame.state(frame[base].scope, name->name) || frame.local(name->name) ||
         frame.parameters.contains(name->name) || (entity && entity->kind != EntityKind::dim));
    if (!is_tensor || (subscript && (callee == "hvp" || callee == "jvp"))) {
      reports_.add(DiagnosticCode::E302, range(at), "a derivative is taken by something that has a name",
                   is_tensor ? "`" + callee + "` goes along a direction of all of it" : "this has none",
                   is_tensor
                       ? "give it the whole of " + shown(base, "this") + ", and a direction of its shape"
                       : "name it in an equation of its own; then derive by that name");
      return Shape::failed();
    }
    if (wrt.type != Type::real) {
      reports_.add(DiagnosticCode::E301, range(at), "there is no derivative by an integer",
                   shown(base, "this") + " is one",
                   "derive by what is real: an input, const, param or equation without `in`");
      return Shape::failed();
    }
    by.insert(by.end(), wrt.dims.begin(), wrt.dims.end());
    if (callee == "hessian" && arguments.size() == 2) by.insert(by.end(), wrt.dims.begin(), wrt.dims.end());
  }
  if (callee != "jvp") shape.dims.insert(shape.dims.end(), by.begin(), by.end());
  if (!takes_direction(callee)) return shape;
  const ExprId direction = arguments[2];
  const std::vector<DimId>& wanted = callee == "vjp" ? frame[of].shape.dims : by;
  if (!need_number(frame, direction)) return Shape::failed();
  const std::vector<DimId>& dims = frame[direction].shape.dims;
  if (!std::ranges::equal(dims, wanted, [&](DimId a, DimId b) { return same_dim(a, b); })) {
    reports_.add(
        DiagnosticCode::E205, range(direction),
        "the direction of `" + callee + "` is " + shown(dims) + ", and " + shown(wanted) + " is needed", "",
        callee == "vjp" ? "it has a number for each of what is derived"
                        : "it has a number for each of what is derived by");
    return Shape::failed();
  }
  return shape;
}

}  // namespace gradc::sema
