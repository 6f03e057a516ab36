// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/diff/calls.h"

namespace gradc {

MatrixEquations equations_for(System& system, const Definition& call, Role role) {
  Context& c = system.context();
  const CallOperator& op = *std::get<Call>(call.rule).op;
  MatrixEquations::Options options;
  options.add = [&system](Definition d) { system.add(std::move(d)); };
  options.name = [&c, stem = c.tensor(call.tensor).name](std::string_view what) {
    return c.unused_name(stem + "_" + std::string(what));
  };
  options.role = role;
  options.origin = {call.origin.range, "derivative of " + std::string(op.name.empty() ? op.id : op.name)};
  options.system = &system;
  return {c, std::move(options)};
}

Matrix matrix(Context& c, TensorId tensor, std::size_t lead, std::span<const Expr> before,
              std::span<const Expr> behind) {
  Matrix result;
  std::vector<Expr> subscripts(before.begin(), before.end());
  const std::vector<DimId>& dims = c.tensor(tensor).dims;
  for (std::size_t a = lead; a + behind.size() < dims.size(); ++a) {
    result.axes.push_back(c.fresh_index(dims[a]));
    subscripts.push_back(c.position(result.axes.back()));
  }
  subscripts.insert(subscripts.end(), behind.begin(), behind.end());
  result.element = c.access(tensor, subscripts);
  return result;
}

}  // namespace gradc
