// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/equations/verify.h"

#include "compiler/equations/call_operator.h"
#include "compiler/equations/walk.h"
#include "compiler/support/overloaded.h"

namespace gradc {
namespace {

bool is_given(Role role) {
  switch (role) {
    case Role::input:
    case Role::target:
    case Role::constant:
    case Role::param:
    case Role::noise:
    case Role::length:
    case Role::seed: return true;
    case Role::derived:
    case Role::adjoint:
    case Role::tangent: return false;
  }
  return false;
}

std::string check_value(const Context& c, const Tensor& t, Expr value) {
  if (!value) return t.name + " has no value";
  if (value->type != t.type) return "the value of " + t.name + " has another type than the tensor";
  for (Index index : value->free) {
    if (index.kind != Index::Kind::slot) return "the value of " + t.name + " has an index that nothing binds";
    if (static_cast<std::size_t>(index.number) >= t.rank())
      return "the value of " + t.name + " has more indices than axes";
    if (index.dim != t.dims[static_cast<std::size_t>(index.number)])
      return "an index of " + t.name + " ranges over another dim than its axis: " +
             (index.dim.valid() ? c.dim(index.dim).name : "none");
  }
  return "";
}

}  // namespace

std::string verify(const System& system) {
  const Context& c = system.context();
  for (const Definition& d : system.definitions()) {
    const Tensor& t = c.tensor(d.tensor);
    if (is_given(t.role) && t.role != Role::noise) return t.name + " is given, and defined";
    if (const Define* define = d.define())
      if (std::string wrong = check_value(c, t, define->value); !wrong.empty()) return wrong;
    if (const Call* call = std::get_if<Call>(&d.rule))
      if (std::string wrong = check_call(c, *call); !wrong.empty()) return wrong;
    if (!d.index_names.empty() && d.index_names.size() != t.rank())
      return "index names of " + t.name + " do not fit its axes";
    for (TensorId read : reads(d))
      if (!system.find(read) && !is_given(c.tensor(read).role))
        return t.name + " reads " + c.tensor(read).name + ", which is neither given nor defined";
  }
  for (TensorId output : system.outputs())
    if (!system.find(output) && !is_given(c.tensor(output).role))
      return "the output " + c.tensor(output).name + " is neither given nor defined";
  return "";
}

}  // namespace gradc
