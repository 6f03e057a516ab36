// Distributions that noise is drawn from: their names, their means.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "compiler/equations/system.h"

namespace gradc {

std::string_view name_of(Noise::Distribution distribution);
std::optional<Noise::Distribution> distribution_named(std::string_view name);
// "normal(mean, standard deviation)": for messages.
std::string usage(Noise::Distribution distribution);

// What stands for the noise outside training, over its slots.
Expr mean_of(const Noise& noise);
// A Bernoulli sample whose probability is an expression: 1 where the uniform number, which is the second
// parameter, lies below it.
bool is_compared(const Noise& noise);
Expr sample_of(const Noise& compared);

// The system with the mean in the place of all noise but that in `kept`; and with samples in the place of
// noise that is compared, so that all other noise is given.
System at_mean(const System& system, const std::vector<TensorId>& kept = {});
System sampled(const System& system);
// Without the definitions of noise: it is given from outside.
System given_noise(const System& system);

}  // namespace gradc
