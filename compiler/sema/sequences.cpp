// Where an axis over a `seq` cannot be: its size belongs to one example.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/equations/call_operator.h"
#include "compiler/operators/build.h"
#include "compiler/sema/checker.h"

namespace gradc::sema {

void Checker::check_sequences() {
  const auto ragged = [&](std::span<const DimId> dims) {
    const auto found = std::ranges::find_if(dims, [&](DimId dim) { return is_ragged(context_, dim); });
    return found == dims.end() ? DimId{} : *found;
  };
  const auto refuse = [&](SourceRange at, DimId dim, std::string message, std::string help) {
    reports_.add(DiagnosticCode::E435, at, std::move(message),
                 "the length of `" + dim_name(dim) + "` differs from example to example", std::move(help),
                 {{context_.dim(dim).declared, "`" + dim_name(dim) + "` is declared here"}});
  };
  for (const gradc::Declaration& declaration : model_.declarations) {
    const Tensor& tensor = context_.tensor(declaration.tensor);
    const bool learned = tensor.role == gradc::Role::param;
    if (!learned && tensor.role != gradc::Role::constant) continue;
    if (const DimId dim = ragged(tensor.dims); dim.valid())
      refuse(tensor.declared, dim,
             std::string(learned ? "a param" : "a const") + " is the same for all examples, and `" +
                 tensor.name + "` has an axis over a `seq`",
             "an axis over a `dim` has one size for all: `dim " + dim_name(dim) + "`");
    if (tensor.member_of.valid() && is_ragged(context_, tensor.member_of))
      refuse(tensor.declared, tensor.member_of,
             "`" + tensor.name + "` is the same for all examples, and a member of a `seq`",
             "the members of a `dim` are the same for all: `dim " + dim_name(tensor.member_of) + "`");
  }
  for (const Definition& d : system_.definitions()) {
    const auto* call = std::get_if<gradc::Call>(&d.rule);
    if (!call) continue;
    for (TensorId t : call->arguments) {
      const std::span<const DimId> dims = context_.tensor(t).dims;
      if (const DimId dim = ragged(dims.subspan(leading_axes(context_, *call))); dim.valid()) {
        refuse(d.origin.range, dim, "a function of matrices takes an axis over a `seq`",
               "matrices have axes over a `dim`: `dim " + dim_name(dim) + "`");
        break;
      }
    }
  }
  for (TensorId t : model_.statistics)
    if (const DimId dim = ragged(context_.tensor(t).dims); dim.valid())
      refuse(system_.find(t)->origin.range, dim,
             "a reduction over `batch` leaves an axis over a `seq`, and not every example has its positions",
             "reduce over `" + dim_name(dim) + "` first");
}

}  // namespace gradc::sema
