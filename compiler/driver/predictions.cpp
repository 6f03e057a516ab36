// What a model predicts: the quantities nearest to its loss that look at no target.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <set>

#include "compiler/driver/model_functions.h"

namespace gradc::driver {

std::vector<TensorId> predictions(const ModelFile& file) {
  const Model& model = file.model;
  const auto is_training_line = [&](TensorId t) {
    return t == model.objective || std::ranges::find(model.metrics, t) != model.metrics.end() ||
           std::ranges::find(model.penalties, t) != model.penalties.end();
  };
  // In an order in which each definition stands behind what it reads.
  std::set<TensorId> from_input, from_target;
  for (const auto& group : strongly_connected(model.system))
    for (int round = 0; round < (group.size() > 1 ? 2 : 1); ++round)
      for (std::size_t i : group) {
        const Definition& d = model.system.definitions()[i];
        for (TensorId t : reads(d)) {
          if (file.tensor(t).role == Role::input || from_input.contains(t)) from_input.insert(d.tensor);
          if (file.tensor(t).role == Role::target || from_target.contains(t)) from_target.insert(d.tensor);
        }
      }
  const auto candidate = [&](TensorId t) {
    return from_input.contains(t) && !from_target.contains(t) && !is_training_line(t) &&
           file.tensor(t).type != Type::boolean;
  };
  std::set<TensorId> used;
  for (const Definition& d : model.system.definitions())
    if (candidate(d.tensor))
      for (TensorId t : reads(d))
        if (t != d.tensor) used.insert(t);
  std::vector<TensorId> result;
  for (TensorId t : model.equations)
    if (candidate(t) && !used.contains(t)) result.push_back(t);
  return result;
}

}  // namespace gradc::driver
