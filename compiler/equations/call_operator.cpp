// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/equations/call_operator.h"

#include <algorithm>

namespace gradc {

std::size_t leading_axes(const Context& c, const Call& call) {
  return c.tensor(call.arguments[0]).rank() - 2;
}

std::string check_call(const Context& c, const Call& call) {
  const CallOperator& op = *call.op;
  const std::string what = "the call of " + std::string(op.id);
  if (call.results.size() != 1) return what + " has not one result";
  const std::size_t squares = call.arguments.size() - (op.right ? 1 : 0);
  if (call.arguments.empty() || squares < op.squares || (squares > op.squares && !op.more_squares))
    return what + " has a wrong number of arguments";
  const std::vector<DimId>& first = c.tensor(call.arguments[0]).dims;
  if (first.size() < 2) return what + " has no matrix";
  const std::vector<DimId> lead(first.begin(), first.end() - 2);
  std::vector<TensorId> all = call.arguments;
  all.push_back(call.results[0]);
  for (TensorId t : all) {
    const Tensor& tensor = c.tensor(t);
    if (tensor.type != Type::real) return tensor.name + " in " + what + " is not real";
    if (tensor.rank() < lead.size() || !std::equal(lead.begin(), lead.end(), tensor.dims.begin()))
      return tensor.name + " in " + what + " has other leading axes";
  }
  for (std::size_t k = 0; k < call.arguments.size(); ++k) {
    const std::vector<DimId>& dims = c.tensor(call.arguments[k]).dims;
    const bool right = op.right && k + 1 == call.arguments.size();
    const std::size_t rank = dims.size() - lead.size();
    if (right ? rank < 1 : rank != 2 || dims[lead.size()] != dims[lead.size() + 1])
      return "an argument of " + what + " has no fitting shape";
    if (dims[lead.size()] != first[lead.size()]) return "the arguments of " + what + " differ in dims";
  }
  std::vector<DimId> wanted =
      op.value == CallOperator::Value::right ? c.tensor(call.arguments.back()).dims : first;
  if (op.value == CallOperator::Value::scalar) wanted = lead;
  return c.tensor(call.results[0]).dims == wanted ? "" : what + " has a value of another shape";
}

}  // namespace gradc
