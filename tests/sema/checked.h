// Models from text, and their values by the reference evaluator.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "compiler/equations/verify.h"
#include "compiler/operators/evaluate.h"
#include "compiler/sema/check.h"
#include "grammar/parse.h"

namespace gradc::test {

// A model and all that it stands on. Without a model, `said` has the messages.
struct Checked {
  std::unique_ptr<Context> context = std::make_unique<Context>();
  std::optional<Model> model;
  std::string said;
  Diagnostics diagnostics;

  TensorId tensor(const std::string& name) const {
    for (std::size_t k = 0; k < context->tensor_count(); ++k)
      if (const TensorId id{static_cast<std::int32_t>(k)}; context->tensor(id).name == name) return id;
    ADD_FAILURE() << "no tensor " << name;
    return {};
  }
};

inline Checked checked(const std::string& text, const CheckOptions& options = {}) {
  Checked result;
  const Sources sources{Source("model.grad", text)};
  const auto program = parse(sources[0]);
  if (!program) {
    result.said = render(program.diagnostics(), sources);
    ADD_FAILURE() << "does not parse:\n" << result.said;
    return result;
  }
  auto model = check(*program, *result.context, options);
  result.diagnostics = model.diagnostics();
  result.said = render(model.diagnostics(), sources);
  if (!model) return result;
  result.model = std::move(*model);
  return result;
}

// What the file gives: the values of its consts, which may read each other.
inline void give(const Checked& c, Point<double>& point) {
  for (bool progress = true; progress;) {
    progress = false;
    for (const Declaration& d : c.model->declarations) {
      if (!d.value || point.tensors.contains(d.tensor)) continue;
      const Tensor tensor = c.context->tensor(d.tensor);
      Values<double> made;
      std::size_t count = 1;
      for (DimId dim : tensor.dims) {
        made.extents.push_back(size_of(*c.context, dim, point).value());
        count *= static_cast<std::size_t>(made.extents.back());
      }
      bool known = true;
      for (std::size_t k = 0; known && k < count; ++k) {
        System system = c.model->system;
        const TensorId one =
            c.context->add_tensor({.name = c.context->unused_name("given"), .type = tensor.type});
        Definition definition{.tensor = {},
                              .rule = Define{d.value->uniform ? d.value->uniform : d.value->elements[k]}};
        definition.tensor = one;
        for (TensorId read : reads(definition))
          known = known && (system.find(read) || point.tensors.contains(read));
        if (!known) break;
        system.add(std::move(definition));
        const auto value = Evaluator<double>(system, point).tensor(one);
        if (!value) return;
        if (tensor.type == Type::real)
          made.reals.push_back(value->reals[0]);
        else
          made.integers.push_back(value->integers[0]);
      }
      if (!known) continue;
      point.tensors[d.tensor] = std::move(made);
      progress = true;
    }
  }
}

// The values of one tensor of the model, row-major; consts with values are given by the file.
inline std::vector<double> values(const Checked& c, const std::string& name,
                                  const std::map<std::string, std::vector<double>>& given = {},
                                  const std::map<std::string, std::int64_t>& sizes = {}) {
  if (!c.model) {
    ADD_FAILURE() << c.said;
    return {};
  }
  Point<double> point;
  for (const auto& [dim, size] : sizes) point.sizes[c.model->dims.at(dim)] = size;
  for (const auto& [tensor, numbers] : given) {
    const TensorId id = c.tensor(tensor);
    Values<double>& v = point.tensors[id];
    for (DimId dim : c.context->tensor(id).dims) v.extents.push_back(size_of(*c.context, dim, point).value());
    if (c.context->tensor(id).type == Type::real)
      v.reals = numbers;
    else
      v.integers.assign(numbers.begin(), numbers.end());
  }
  give(c, point);
  Evaluator<double> evaluator(c.model->system, point);
  const auto result = evaluator.tensor(c.tensor(name));
  if (!result) {
    ADD_FAILURE() << evaluator.error();
    return {};
  }
  if (c.context->tensor(c.tensor(name)).type == Type::real) return result->reals;
  return {result->integers.begin(), result->integers.end()};
}

}  // namespace gradc::test
