// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/noise.h"

#include <algorithm>
#include <functional>

#include "compiler/operators/build.h"

namespace gradc {
namespace {

struct Entry {
  Noise::Distribution distribution;
  std::string_view name;
  std::string_view usage;
};
constexpr Entry table[] = {
    {Noise::Distribution::normal, "normal", "normal(mean, standard deviation)"},
    {Noise::Distribution::uniform, "uniform", "uniform(from, to), with from <= to"},
    {Noise::Distribution::bernoulli, "bernoulli", "bernoulli(probability of 1)"},
};

const Entry& entry(Noise::Distribution distribution) {
  return *std::ranges::find(table, distribution, &Entry::distribution);
}

System with_noise(const System& system, const std::function<Expr(const Definition&, const Noise&)>& value) {
  System result(system.context());
  for (Definition d : system.definitions()) {
    if (const auto* noise = std::get_if<Noise>(&d.rule))
      if (const Expr replaced = value(d, *noise)) d.rule = Define{replaced};
    result.add(std::move(d));
  }
  result.set_outputs(system.outputs());
  return result;
}

}  // namespace

std::string_view name_of(Noise::Distribution distribution) { return entry(distribution).name; }

std::optional<Noise::Distribution> distribution_named(std::string_view name) {
  const auto* found = std::ranges::find(table, name, &Entry::name);
  return found == std::end(table) ? std::nullopt : std::optional(found->distribution);
}

std::string usage(Noise::Distribution distribution) { return std::string(entry(distribution).usage); }

Expr mean_of(const Noise& noise) {
  if (noise.distribution != Noise::Distribution::uniform) return noise.parameters[0];
  const Expr sum = noise.parameters[0] + noise.parameters[1];
  return sum / sum->context->real(2);
}

bool is_compared(const Noise& noise) {
  return noise.distribution == Noise::Distribution::bernoulli && noise.parameters.size() == 2;
}

Expr sample_of(const Noise& compared) {
  const Expr p = compared.parameters[0];
  Context& c = *p->context;
  return c.choose(less(compared.parameters[1], p), c.real(1), c.real(0));
}

System at_mean(const System& system, const std::vector<TensorId>& kept) {
  const auto is_kept = [&](TensorId t) { return std::ranges::find(kept, t) != kept.end(); };
  return with_noise(system, [&](const Definition& d, const Noise& noise) {
    if (is_kept(d.tensor)) return Expr();
    return is_compared(noise) && is_kept(noise.parameters[1]->tensor) ? sample_of(noise) : mean_of(noise);
  });
}

System sampled(const System& system) {
  return with_noise(system, [](const Definition&, const Noise& noise) {
    return is_compared(noise) ? sample_of(noise) : Expr();
  });
}

System given_noise(const System& system) {
  System result(system.context());
  for (const Definition& d : system.definitions())
    if (!std::holds_alternative<Noise>(d.rule)) result.add(d);
  result.set_outputs(system.outputs());
  return result;
}

}  // namespace gradc
