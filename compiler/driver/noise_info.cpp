// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/noise_info.h"

#include "compiler/driver/request.h"
#include "compiler/operators/evaluate.h"
#include "compiler/operators/noise.h"
#include "compiler/support/check.h"

namespace gradc::driver {
namespace {

double number(Context& c, Expr e) {
  System system(c);
  const TensorId value = c.add_tensor({.name = c.unused_name("value")});
  system.add({value, Define{e}, {}, {}});
  const Point<double> nothing;
  Evaluator<double> evaluator(system, nothing);
  const auto values = evaluator.tensor(value);
  GRADC_CHECK(values, "a parameter of a noise that is no number");
  return values->reals[0];
}

std::int32_t abi_distribution(Noise::Distribution distribution) {
  switch (distribution) {
    case Noise::Distribution::normal: return GRADC_NORMAL;
    case Noise::Distribution::uniform: return GRADC_UNIFORM;
    case Noise::Distribution::bernoulli: return GRADC_BERNOULLI;
  }
  GRADC_UNREACHABLE("a distribution that the ABI does not know");
}

}  // namespace

gradc_noise_info noise_info(const System& system, TensorId tensor) {
  const Definition* definition = system.find(tensor);
  const Noise* noise = definition ? std::get_if<Noise>(&definition->rule) : nullptr;
  GRADC_CHECK(noise && !is_compared(*noise), "noise that is given has a definition");
  Context& c = system.context();
  return {abi_distribution(noise->distribution), number(c, noise->parameters[0]),
          noise->parameters.size() > 1 ? number(c, noise->parameters[1]) : 0};
}

System with_noise(const ModelFile& file, const System& system, const Options& options) {
  if (options.sample) return sampled(system);
  std::vector<TensorId> kept;
  if (const Result<std::vector<SetValue>> sets = parse_sets(options.set))
    for (const SetValue& set : *sets)
      if (const TensorId t = find_tensor(file, set.name); t.valid()) kept.push_back(t);
  return at_mean(system, kept);
}

}  // namespace gradc::driver
