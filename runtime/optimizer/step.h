// What the optimizers' files share: one generic loop body becomes a step for f32 and one for f64.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cmath>

#include "runtime/optimizer/optimizer.h"
#include "runtime/vector_clones.h"

// NAME_f32 and NAME_f64 from a template `template <class T, …> void step(const StepSettings&, const
// StepData<T>&)`, marked with GRADC_STEP_BODY so that it is inlined into each clone; what follows NAME are
// its arguments behind T.
#define GRADC_STEP_BODY __attribute__((always_inline)) inline
#define GRADC_STEP_INSTANCES(name, ...)                                                   \
  GRADC_VECTOR_CLONES void name##_f32(const StepSettings& s, const StepData<float>& d) {  \
    step<float __VA_OPT__(, ) __VA_ARGS__>(s, d);                                         \
  }                                                                                       \
  GRADC_VECTOR_CLONES void name##_f64(const StepSettings& s, const StepData<double>& d) { \
    step<double __VA_OPT__(, ) __VA_ARGS__>(s, d);                                        \
  }

namespace gradc {

inline constexpr ParameterInfo rate_parameter(double fallback) {
  return {.name = "rate", .fallback = fallback, .lowest = 0};
}
inline constexpr ParameterInfo factor_parameter(const char* name, double fallback) {
  return {.name = name, .fallback = fallback, .lowest = 0, .highest = 1, .below = true};
}

}  // namespace gradc
