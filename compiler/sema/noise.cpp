// `noise eps[Z] ~ normal(m, s)`: what is drawn for every example.
//
// Where the parameters are numbers, the noise is given: Noise(normal, m, s). Where they are expressions, what
// is drawn is free of them, and the sample an equation of both, so that derivatives reach the parameters:
// eps = m + s*eps_std (Kingma & Welling, "Auto-encoding variational Bayes", ICLR 2014, §2.4). A Bernoulli
// sample does not move with its probability: it is held. SPDX-License-Identifier: Apache-2.0 WITH
// LLVM-exception
#include <algorithm>
#include <set>

#include "compiler/operators/build.h"
#include "compiler/operators/noise.h"
#include "compiler/sema/checker.h"

namespace gradc::sema {

using namespace syntax;
using Distribution = gradc::Noise::Distribution;

namespace {

std::string counted(std::size_t n, const std::string& noun) {
  return std::to_string(n) + " " + noun + (n == 1 ? "" : "s");
}

}  // namespace

void Checker::start_noise(Entity& entity) {
  entity.progress = Progress::active;
  const NoiseItem& item = noise_item(entity);
  Frame& frame = new_frame(FrameKind::noise, entity.statement);
  frame.entity = static_cast<std::size_t>(&entity - names_.all().data());
  frame.name = text(item.name.text);
  frame.range = item.name.range;
  for (ExprId axis : item.axes)
    if (const auto dim = axis_dim(axis, "an axis of `" + frame.name + "`"))
      frame.declared_axes.push_back(*dim);
    else
      frame.failed = true;
  if (!frame.failed && check_distribution(item.distribution))
    for (const syntax::Argument& argument :
         std::get<syntax::Call>(program_[item.distribution].kind).arguments)
      frame.roots.push_back(argument.value);
  else
    frame.failed = true;
  if (!frame.failed) mark(frame);
}

const NoiseItem& Checker::noise_item(const Entity& entity) const {
  return std::get<syntax::Noise>(program_.statements[entity.statement].kind).items[entity.item];
}

bool Checker::check_distribution(ExprId id) {
  const auto& call = std::get<syntax::Call>(program_[id].kind);
  const std::string name = text(call.callee.text);
  const auto distribution = distribution_named(name);
  if (!distribution) {
    const std::vector<std::string> known = {"normal", "uniform", "bernoulli"};
    const std::string near = did_you_mean(name, known);
    reports_.add(DiagnosticCode::E430, call.callee.range, "no distribution is called `" + name + "`", "",
                 near.empty() ? "known are normal(mean, deviation), uniform(from, to), bernoulli(probability)"
                              : "did you mean `" + near + "`?");
    return false;
  }
  for (const syntax::Argument& argument : call.arguments)
    if (argument.name.valid()) {
      reports_.add(DiagnosticCode::E431, argument.name.range,
                   "the parameters of `" + name + "` have no names", "", usage(*distribution));
      return false;
    }
  const std::size_t wanted = *distribution == Distribution::bernoulli ? 1 : 2;
  if (call.arguments.size() == wanted) return true;
  reports_.add(DiagnosticCode::E431, range(id),
               "`" + name + "` takes " + counted(wanted, "parameter") + ", and here " +
                   (call.arguments.size() == 1 ? "is 1" : "are " + std::to_string(call.arguments.size())),
               "", usage(*distribution));
  return false;
}

// A parameter is one number for all elements, or an element of its own for each.
bool Checker::check_noise_parameter(Frame& frame, ExprId root) {
  if (!need_number(frame, root)) return false;
  const std::vector<DimId>& dims = frame[root].shape.dims;
  if (dims.empty() ||
      std::ranges::equal(dims, frame.declared_axes, [&](DimId a, DimId b) { return same_dim(a, b); }))
    return true;
  reports_.add(
      DiagnosticCode::E205, range(root),
      "`" + frame.name + "` is " + shown(frame.declared_axes) + ", and its parameter is " + shown(dims), "",
      "a parameter is one number, or has the shape of what is drawn");
  return false;
}

// A parameter that is a number is one that can be.
bool Checker::check_noise_domain(Frame& frame, Distribution distribution,
                                 const std::vector<std::optional<double>>& numbers) {
  const auto wrong = [&](std::size_t k, const std::string& why) {
    reports_.add(DiagnosticCode::E431, range(frame.roots[k]), why, "", usage(distribution));
    return false;
  };
  switch (distribution) {
    case Distribution::normal:
      if (numbers[1] && !(*numbers[1] >= 0)) return wrong(1, "a standard deviation is not negative");
      break;
    case Distribution::uniform:
      if (numbers[0] && numbers[1] && !(*numbers[0] <= *numbers[1]))
        return wrong(0, "the range ends before it begins");
      break;
    case Distribution::bernoulli:
      if (numbers[0] && !(*numbers[0] >= 0 && *numbers[0] <= 1))
        return wrong(0, "a probability is from 0 to 1");
      break;
  }
  return true;
}

// What is learned from samples could not be learned through this one: it does not move with p.
bool Checker::check_held_parameter(Frame& frame, gradc::Expr value) {
  std::vector<TensorId> pending = reads({.tensor = {}, .rule = Define{value}});
  std::set<TensorId> seen;
  while (!pending.empty()) {
    const TensorId t = pending.back();
    pending.pop_back();
    if (!seen.insert(t).second) continue;
    const Tensor& tensor = context_.tensor(t);
    if (const Definition* definition = system_.find(t); definition && tensor.role == gradc::Role::derived) {
      const std::vector<TensorId> more = reads(*definition);
      pending.insert(pending.end(), more.begin(), more.end());
      continue;
    }
    if (tensor.role == gradc::Role::constant) continue;
    reports_.add(
        DiagnosticCode::E432, range(frame.roots[0]),
        "the probability of `" + frame.name + "` depends on `" + tensor.name + "`, which is no const",
        "a sample of `bernoulli` is 0 or 1, and has no derivative by its probability",
        "numbers and consts can be probabilities", {{tensor.declared, "declared here"}});
    return false;
  }
  return true;
}

void Checker::finish_noise(Frame& frame) {
  Entity& entity = names_.all()[frame.entity];
  entity.progress = Progress::done;
  entity.shape = Shape::failed();
  if (frame.failed) return;
  const NoiseItem& item = noise_item(entity);
  const auto distribution =
      *distribution_named(text(std::get<syntax::Call>(program_[item.distribution].kind).callee.text));
  gradc::Tensor tensor{.name = frame.name, .role = gradc::Role::noise, .dims = {}, .declared = frame.range};
  std::vector<gradc::Expr> parameters;
  std::vector<std::optional<double>> numbers;
  for (ExprId root : frame.roots) {
    if (!check_noise_parameter(frame, root)) return;
    const gradc::Expr value =
        as_real(frame, root, frame[root].shape.dims.empty() ? std::vector<DimId>{} : frame.declared_axes);
    tensor.dims.clear();
    parameters.push_back(by_slots(frame, value, frame.declared_axes, tensor.dims));
    numbers.push_back(number_value(parameters.back()));
  }
  if (!check_size(tensor) || !check_noise_domain(frame, distribution, numbers)) return;
  const bool given = std::ranges::all_of(numbers, [](const auto& n) { return n.has_value(); });
  if (!given && distribution == Distribution::bernoulli && !check_held_parameter(frame, parameters[0]))
    return;
  if (given) {
    entity.tensor = declare_noise(tensor, {distribution, std::move(parameters)});
  } else {
    tensor.role = distribution == Distribution::bernoulli ? gradc::Role::noise : gradc::Role::derived;
    entity.tensor = define_sample(std::move(tensor), distribution, std::move(parameters));
  }
  entity.shape = {.dims = context_.tensor(entity.tensor).dims, .type = Type::real, .constant = false};
}

TensorId Checker::declare_noise(Tensor tensor, gradc::Noise noise) {
  const SourceRange at = tensor.declared;
  const TensorId id = context_.add_tensor(std::move(tensor));
  system_.add({.tensor = id, .rule = std::move(noise), .origin = {.range = at}});
  model_.declarations.push_back({.tensor = id});
  return id;
}

// The sample as an equation of its parameters and of what is drawn without them.
TensorId Checker::define_sample(Tensor tensor, Distribution distribution,
                                std::vector<gradc::Expr> parameters) {
  const bool normal = distribution == Distribution::normal;
  Tensor standard = tensor;
  standard.name = context_.unused_name(tensor.name + "_std");
  if (names_.find(standard.name)) standard.name = unused_name(standard.name);
  standard.role = gradc::Role::noise;
  const TensorId drawn = declare_noise(
      std::move(standard),
      {normal ? Distribution::normal : Distribution::uniform, {context_.real(0), context_.real(1)}});
  const gradc::Expr u = context_.access_by_slots(drawn);
  Definition definition{.tensor = {}, .rule = Define{}, .origin = {.range = tensor.declared}};
  switch (distribution) {
    case Distribution::normal: definition.rule = Define{parameters[0] + parameters[1] * u}; break;
    case Distribution::uniform:
      definition.rule = Define{parameters[0] + (parameters[1] - parameters[0]) * u};
      break;
    case Distribution::bernoulli: definition.rule = gradc::Noise{distribution, {parameters[0], u}}; break;
  }
  definition.tensor = context_.add_tensor(std::move(tensor));
  const TensorId sample = definition.tensor;
  system_.add(std::move(definition));
  return sample;
}

}  // namespace gradc::sema
