// The functions that a model is compiled to, from its equations to what lowering takes: batched where there
// are many examples, differentiated, simplified, stabilised. SPDX-License-Identifier: Apache-2.0 WITH
// LLVM-exception
#pragma once

#include <vector>

#include "compiler/driver/derivatives.h"
#include "compiler/kernel/lower.h"

namespace gradc::driver {

// The sums of loss and metrics over the examples; with the loss's gradients by all params, and without.
kernel::FunctionSpec gradient_function(const ModelFile& file, Dump& dump);
kernel::FunctionSpec evaluate_function(const ModelFile& file, Dump& dump);

// gradient, evaluate, predict and penalty, as runtime/abi.h describes them, for a model that is trained.
std::vector<kernel::FunctionSpec> training_functions(const ModelFile& file, Dump& dump);
// evaluate, and predict of these quantities; none: predictions(file). Noise stands for its mean, or is drawn.
std::vector<kernel::FunctionSpec> prediction_functions(const ModelFile& file,
                                                       const std::vector<TensorId>& predicted,
                                                       bool sample = false);

// The last quantities that are computed from inputs without looking at targets.
std::vector<TensorId> predictions(const ModelFile& file);

// Compiled functions give numbers: a condition that is wanted comes as 1 or 0.
Derivatives numbers(const ModelFile& file, Derivatives made);

// Quantities and their derivatives at one example; the results are those of `made.wanted`, each tensor once.
kernel::FunctionSpec value_function(const ModelFile& file, const Derivatives& made, Dump& dump);

}  // namespace gradc::driver
