// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/whole_batch.h"

#include <algorithm>

#include "compiler/batch/batch.h"
#include "compiler/equations/verify.h"
#include "compiler/operators/build.h"
#include "compiler/support/check.h"

namespace gradc::driver {
namespace {

class WholeBatch {
 public:
  explicit WholeBatch(ModelFile& file) : c_(*file.context), model_(file.model) {}

  void run() {
    std::vector<TensorId> checks = name_checks();
    batched_ = batch(model_.system);
    for (const auto& [dim, length] : batched_->lengths) {  // all have what they are given
      c_.tensor(length).role = Role::derived;
      batched_->system.add({length, Define{c_.size(dim)}, {{}, "batch"}, {}});
    }
    for (std::size_t k = 0; k < checks.size(); ++k) model_.checks[k].condition = holds_for_all(checks[k]);
    for (Declaration& d : model_.declarations) d.tensor = (*batched_)(d.tensor);
    for (std::vector<TensorId>* list : {&model_.equations, &model_.penalties, &model_.statistics})
      for (TensorId& t : *list) t = (*batched_)(t);
    for (TensorId& t : model_.metrics) t = mean(t);
    const TensorId one = model_.objective;
    if (one.valid()) model_.objective = mean(one);
    for (TensorId& t : model_.default_outputs) t = t == one ? model_.objective : (*batched_)(t);
    model_.dims["batch"] = batched_->batch;
    batched_->system.set_outputs(model_.equations);
    model_.system = std::move(batched_->system);
    const std::string broken = verify(model_.system);
    GRADC_CHECK(broken.empty(), broken);
  }

 private:
  std::vector<TensorId> name_checks() {
    std::vector<TensorId> names;
    for (const Check& check : model_.checks) {
      names.push_back(c_.add_tensor({.name = c_.unused_name("check"), .type = Type::boolean}));
      model_.system.add({names.back(), Define{check.condition}, {check.range, ""}, {}});
    }
    return names;
  }
  Expr holds_for_all(TensorId check) {
    if (!batched_->per_example(check)) return c_.access(check);
    const Binder n = c_.over(batched_->batch, "n");
    return c_.reduce(reduce_all, {&n, 1}, c_.boolean(true),
                     c_.access((*batched_)(check), {c_.position(n.index)}));
  }
  TensorId mean(TensorId scalar) {
    if (!batched_->per_example(scalar)) return scalar;
    const Binder n = c_.over(batched_->batch, "n");
    const TensorId mean = c_.add_tensor({.name = c_.unused_name(c_.tensor(scalar).name + "_mean")});
    const Expr total = sum({n}, c_.access((*batched_)(scalar), {c_.position(n.index)}));
    batched_->system.add({mean, Define{total / to_real(c_.size(batched_->batch))}, {{}, "batch"}, {}});
    model_.equations.push_back(mean);
    return mean;
  }

  Context& c_;
  Model& model_;
  std::optional<Batched> batched_;
};

}  // namespace

std::int64_t examples_in(std::span<const NamedSize> sizes) {
  const auto found = std::ranges::find(sizes, "batch", &NamedSize::name);
  return found == sizes.end() ? 1 : found->value;
}

void take_whole_batch(ModelFile& file) {
  if (!file.model.statistics.empty()) WholeBatch(file).run();
}

}  // namespace gradc::driver
