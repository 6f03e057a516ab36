// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/model_functions.h"

#include <algorithm>
#include <set>

#include "compiler/batch/batch.h"
#include "compiler/diff/derivative.h"
#include "compiler/driver/noise_info.h"
#include "compiler/equations/verify.h"
#include "compiler/operators/build.h"
#include "compiler/operators/noise.h"
#include "compiler/simplify/simplify.h"
#include "compiler/simplify/stabilise.h"
#include "compiler/support/check.h"
#include "runtime/abi.h"

namespace gradc::driver {
namespace {

std::int32_t abi_role(Role role) {
  switch (role) {
    case Role::input: return GRADC_INPUT;
    case Role::target: return GRADC_TARGET;
    case Role::constant: return GRADC_CONST;
    case Role::param: return GRADC_PARAM;
    case Role::noise: return GRADC_NOISE;
    default: GRADC_UNREACHABLE("an argument that no role of the ABI fits");
  }
}

// The last passes, the same for every function.
System finished(const System& system, Dump& dump) {
  const auto checked = [](System made) {
    const std::string broken = verify(made);
    GRADC_CHECK(broken.empty(), broken);
    return made;
  };
  dump.show("adjoint", system);
  set_current_pass("simplified");
  const System simple = checked(simplify(system));
  dump.show("simplified", simple);
  set_current_pass("stabilised");
  System stable = checked(stabilise(simple));
  dump.show("stabilised", stable);
  return stable;
}

// In training, noise is drawn and the batch is reduced; outside, noise stands for its mean unless it is asked
// for, and what was computed across batches is given.
enum class Stage { training, outside, outside_sampled };

// What stands for a param's gradient: a result of its own, also where two are the same tensor.
class TrainingFunction {
 public:
  TrainingFunction(const ModelFile& file, std::string name, const std::vector<TensorId>& wanted, Stage stage)
      : file_(file), batched_(batch(needed(file, wanted, stage))) {
    spec_.name = std::move(name);
  }

  // Everything that is given once, and of what is new for every example that which is read.
  void take_arguments(const System& reading) {
    std::set<TensorId> read;
    for (const Definition& d : reading.definitions())
      for (TensorId t : reads(d)) read.insert(t);
    for (TensorId t : reading.outputs()) read.insert(t);
    for (const Declaration& d : file_.model.declarations) {
      const Role role = file_.tensor(d.tensor).role;
      const bool once = role == Role::param || role == Role::constant;
      if (!once && !read.contains(batched_(d.tensor))) continue;
      if (role == Role::noise && reading.find(batched_(d.tensor))->define()) continue;  // its mean
      spec_.arguments.push_back({batched_(d.tensor), abi_role(role), -1, file_.tensor(d.tensor).name});
      if (role == Role::noise) spec_.arguments.back().noise = noise_info(reading, batched_(d.tensor));
    }
    for (const auto& [dim, length] : batched_.lengths)
      if (read.contains(length)) spec_.arguments.push_back({length, GRADC_LENGTH, -1, file_.tensor(length).name});
    for (const auto& [statistic, given] : kept_)
      if (read.contains(given))
        spec_.arguments.push_back({given, GRADC_STATISTIC, -1, file_.tensor(statistic).name});
  }

  // The sum over the examples.
  TensorId add_sum(TensorId scalar, std::int32_t role) {
    TensorId sum = add_batch_sum(batched_, scalar);
    if (sum == scalar && !batched_.tensors.empty()) {  // as often as there are examples, like its neighbours
      Context& c = *file_.context;
      sum = c.add_tensor({.name = c.unused_name(file_.tensor(scalar).name + "_sum")});
      const Expr count = to_real(c.size(batched_.batch));
      batched_.system.add({sum, Define{count * c.access(scalar)}, {{}, "batch"}, {}});
    }
    add(sum, role, file_.tensor(scalar).name);
    return sum;
  }
  void add_value(TensorId t) { add(batched_(t), GRADC_VALUE, file_.tensor(t).name); }
  void add(TensorId t, std::int32_t role, std::string name) {
    spec_.results.push_back({t, role, -1, std::move(name)});
  }

  // ∂of/∂θ for each param θ.
  void add_gradients(TensorId of) {
    std::vector<TensorId> params;
    for (const Declaration& d : file_.model.declarations)
      if (file_.tensor(d.tensor).role == Role::param) params.push_back(d.tensor);
    const std::vector<TensorId> adjoints = add_adjoints(batched_.system, of, params);
    for (std::size_t k = 0; k < params.size(); ++k) {
      gradients_.push_back({spec_.results.size(), params[k]});
      add(adjoints[k], GRADC_GRADIENT, "d_" + file_.tensor(params[k]).name);
    }
  }

  kernel::FunctionSpec finish(Dump& dump) {
    dump.show("batch", batched_.system);
    std::vector<TensorId> outputs;
    for (const kernel::ArraySpec& result : spec_.results)
      if (std::ranges::find(outputs, result.tensor) == outputs.end()) outputs.push_back(result.tensor);
    batched_.system.set_outputs(std::move(outputs));
    const System whole = reachable(batched_.system);
    take_arguments(whole);
    for (const auto& [result, param] : gradients_)
      for (std::size_t k = 0; k < spec_.arguments.size(); ++k)
        if (spec_.arguments[k].tensor == param) spec_.results[result].of = static_cast<std::int32_t>(k);
    spec_.system = finished(given_noise(whole), dump);
    return std::move(spec_);
  }

  Batched& batched() { return batched_; }

 private:
  System needed(const ModelFile& file, const std::vector<TensorId>& wanted, Stage stage) {
    System system = stage == Stage::outside ? at_mean(file.model.system) : sampled(file.model.system);
    if (stage != Stage::training) system = with_kept_statistics(file, system);
    system.set_outputs(wanted);
    return reachable(system);
  }

  // What was computed across the batch is given: what training has kept of it.
  System with_kept_statistics(const ModelFile& file, const System& system) {
    Context& c = *file.context;
    System result(c);
    for (Definition d : system.definitions()) {
      if (std::ranges::find(file.model.statistics, d.tensor) != file.model.statistics.end()) {
        Tensor tensor = c.tensor(d.tensor);
        tensor.name = c.unused_name(tensor.name + "_kept");
        tensor.role = Role::constant;
        kept_.push_back({d.tensor, c.add_tensor(std::move(tensor))});
        d.rule = Define{c.access_by_slots(kept_.back().second)};
      }
      result.add(std::move(d));
    }
    return result;
  }

  struct Gradient {
    std::size_t result;
    TensorId param;
  };
  const ModelFile& file_;
  std::vector<std::pair<TensorId, TensorId>> kept_;  // statistics, and what stands for them; before batched_
  Batched batched_;
  kernel::FunctionSpec spec_;
  std::vector<Gradient> gradients_;
};

// Loss and metrics, and the loss's gradients if they are wanted.
kernel::FunctionSpec scores(const ModelFile& file, const char* name, Stage stage, bool gradients,
                            Dump& dump) {
  const Model& model = file.model;
  std::vector<TensorId> wanted{model.objective};
  wanted.insert(wanted.end(), model.metrics.begin(), model.metrics.end());
  std::vector<TensorId> statistics;
  const System needed = reachable(model.system, wanted);
  std::ranges::copy_if(model.statistics, std::back_inserter(statistics),
                       [&](TensorId t) { return needed.find(t) != nullptr; });
  set_current_pass("batch");
  TrainingFunction function(file, name, wanted, stage);
  const TensorId loss = function.add_sum(model.objective, GRADC_LOSS);
  for (TensorId metric : model.metrics) function.add_sum(metric, GRADC_METRIC);
  if (stage == Stage::training)
    for (TensorId t : statistics) function.add(t, GRADC_BATCH_VALUE, file.tensor(t).name);
  set_current_pass("adjoint");
  if (gradients) function.add_gradients(loss);
  return function.finish(dump);
}

kernel::FunctionSpec penalty(const ModelFile& file, Dump& dump) {
  TrainingFunction function(file, "penalty", file.model.penalties, Stage::outside);
  System& system = function.batched().system;
  Context& c = *file.context;
  Expr sum;
  for (TensorId t : file.model.penalties) {
    function.add(t, GRADC_PENALTY, file.tensor(t).name);
    sum = sum ? sum + c.access(t) : c.access(t);
  }
  const TensorId total = c.add_tensor({.name = c.unused_name("penalties")});
  system.add({total, Define{sum}, {{}, "sum of penalties"}, {}});
  function.add_gradients(total);
  return function.finish(dump);
}

}  // namespace

kernel::FunctionSpec gradient_function(const ModelFile& file, Dump& dump) {
  return scores(file, "gradient", Stage::training, true, dump);
}

kernel::FunctionSpec evaluate_function(const ModelFile& file, Dump& dump) {
  return scores(file, "evaluate", Stage::outside, false, dump);
}

std::vector<kernel::FunctionSpec> training_functions(const ModelFile& file, Dump& dump) {
  Dump quiet("");
  std::vector<kernel::FunctionSpec> functions;
  functions.push_back(gradient_function(file, dump));
  for (kernel::FunctionSpec& function : prediction_functions(file, {}))
    functions.push_back(std::move(function));
  if (!file.model.penalties.empty()) functions.push_back(penalty(file, quiet));
  return functions;
}

std::vector<kernel::FunctionSpec> prediction_functions(const ModelFile& file,
                                                       const std::vector<TensorId>& predicted, bool sample) {
  Dump quiet("");
  const Stage stage = sample ? Stage::outside_sampled : Stage::outside;
  std::vector<kernel::FunctionSpec> functions;
  functions.push_back(scores(file, "evaluate", stage, false, quiet));
  const std::vector<TensorId> outputs = predicted.empty() ? predictions(file) : predicted;
  if (!outputs.empty()) {
    TrainingFunction predict(file, "predict", outputs, stage);
    for (TensorId t : outputs) predict.add_value(t);
    functions.push_back(predict.finish(quiet));
  }
  return functions;
}

Derivatives numbers(const ModelFile& file, Derivatives made) {
  Context& c = *file.context;
  std::vector<TensorId> outputs = made.system.outputs();
  for (Derivative& d : made.wanted) {
    if (c.tensor(d.tensor).type != Type::boolean) continue;
    Tensor number = c.tensor(d.tensor);
    number.name = c.unused_name(number.name + "_holds");
    number.type = Type::integer;
    const Expr condition = c.access_by_slots(d.tensor);
    const TensorId holds = c.add_tensor(std::move(number));
    made.system.add({holds, Define{c.choose(condition, c.integer(1), c.integer(0))}, {}, {}});
    std::ranges::replace(outputs, d.tensor, holds);
    d.tensor = holds;
  }
  made.system.set_outputs(std::move(outputs));
  return made;
}

kernel::FunctionSpec value_function(const ModelFile& file, const Derivatives& made, Dump& dump) {
  kernel::FunctionSpec spec;
  spec.name = "values";
  std::set<TensorId> read;
  for (const Definition& d : made.system.definitions())
    for (TensorId t : reads(d)) read.insert(t);
  for (const Declaration& d : file.model.declarations)
    if (read.contains(d.tensor)) {
      const Role role = file.tensor(d.tensor).role;
      if (role == Role::noise && made.system.find(d.tensor)->define()) continue;  // its mean
      spec.arguments.push_back({d.tensor, abi_role(role), -1, file.tensor(d.tensor).name});
      if (role == Role::noise) spec.arguments.back().noise = noise_info(made.system, d.tensor);
    }
  for (TensorId t : made.system.outputs()) spec.results.push_back({t, GRADC_VALUE, -1, file.tensor(t).name});
  spec.system = finished(given_noise(made.system), dump);
  return spec;
}

}  // namespace gradc::driver
