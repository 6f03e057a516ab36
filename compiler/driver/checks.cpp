// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/checks.h"

#include "compiler/operators/evaluate.h"

namespace gradc::driver {
namespace {

// The equations that a check needs, with the check itself as the tensor `holds`.
System system_of(const ModelFile& file, const Check& check, TensorId holds) {
  System system = file.model.system;
  system.add({holds, Define{check.condition}, {check.range, ""}, {}});
  system.set_outputs({holds});
  return reachable(system);
}

}  // namespace

Diagnostics failed_checks(const ModelFile& file, const GivenValues& given,
                          const std::function<std::optional<HostArray>(TensorId)>& value) {
  Diagnostics faults;
  Context& c = *file.context;
  for (const Check& check : file.model.checks) {
    const TensorId holds = c.add_tensor({.name = c.unused_name("check"), .type = Type::boolean});
    const System system = system_of(file, check, holds);
    Point<double> point;
    for (std::size_t k = 0; k < c.dim_count(); ++k)
      if (const DimId dim{static_cast<std::int32_t>(k)}; c.dim(dim).kind == Dim::Kind::run_time)
        if (const auto size = c.dim(dim).is_batch ? given.size(dim).value_or(1) : given.size(dim))
          point.sizes[dim] = *size;
    bool complete = true;
    for (const Definition& d : system.definitions())
      for (TensorId t : reads(d)) {
        const bool set_noise = file.tensor(t).role == Role::noise && given.find(t);
        if ((system.find(t) && !set_noise) || point.tensors.contains(t)) continue;
        const std::optional<HostArray> array = value(t);
        complete = complete && array;
        if (array) add_values(point, t, *array);
      }
    if (!complete) continue;
    Evaluator<double> evaluator(system, point);
    const auto result = evaluator.tensor(holds);
    if (result && result->integers[0] != 0) continue;
    faults.push_back(
        {DiagnosticCode::E611, "this check fails", {check.range, result ? "" : evaluator.error()}, {}, ""});
  }
  return faults;
}

}  // namespace gradc::driver
