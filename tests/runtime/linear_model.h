// A compiled model written by hand: linear regression y = Σ_d x[d] w[d] + b with E = (z - y)²/2, the metric
// |z - y|, and if wanted the penalty λ Σ w². D is a run-time size, so that sizes are tested too.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cmath>
#include <cstdint>

#include "runtime/abi.h"

namespace gradc::linear_model {

using T = double;
enum { x, y, w, b, loss, error, d_w, d_b };  // the arrays of `gradient`

inline T residual(const std::int64_t* sizes, void* const* arrays, std::int64_t n) {
  const std::int64_t D = sizes[1];
  T z = *static_cast<const T*>(arrays[b]);
  for (std::int64_t d = 0; d < D; ++d)
    z += static_cast<const T*>(arrays[x])[n * D + d] * static_cast<const T*>(arrays[w])[d];
  return z - static_cast<const T*>(arrays[y])[n];
}

inline std::int32_t scores(const std::int64_t* sizes, void* const* arrays, const std::int64_t* const*,
                           void*, const gradc_pool*) {
  double sum = 0, metric = 0;
  for (std::int64_t n = 0; n < sizes[0]; ++n) {
    const T r = residual(sizes, arrays, n);
    sum += r * r / 2, metric += std::abs(r);
  }
  *static_cast<double*>(arrays[loss]) = sum;
  *static_cast<double*>(arrays[error]) = metric;
  return GRADC_OK;
}

inline std::int32_t gradient(const std::int64_t* sizes, void* const* arrays,
                             const std::int64_t* const* strides, void* workspace, const gradc_pool*) {
  scores(sizes, arrays, strides, workspace, nullptr);
  const std::int64_t D = sizes[1];
  T* residuals = static_cast<T*>(workspace);  // so that a workspace that is too small is noticed
  T* dw = static_cast<T*>(arrays[d_w]);
  T& db = *static_cast<T*>(arrays[d_b]);
  db = 0;
  for (std::int64_t d = 0; d < D; ++d) dw[d] = 0;
  for (std::int64_t n = 0; n < sizes[0]; ++n) db += residuals[n] = residual(sizes, arrays, n);
  for (std::int64_t n = 0; n < sizes[0]; ++n)
    for (std::int64_t d = 0; d < D; ++d) dw[d] += residuals[n] * static_cast<const T*>(arrays[x])[n * D + d];
  return GRADC_OK;
}

// predict: x, w, b → z
inline std::int32_t predict(const std::int64_t* sizes, void* const* arrays, const std::int64_t* const*,
                            void*, const gradc_pool*) {
  for (std::int64_t n = 0; n < sizes[0]; ++n) {
    T z = *static_cast<const T*>(arrays[2]);
    for (std::int64_t d = 0; d < sizes[1]; ++d)
      z += static_cast<const T*>(arrays[0])[n * sizes[1] + d] * static_cast<const T*>(arrays[1])[d];
    static_cast<T*>(arrays[3])[n] = z;
  }
  return GRADC_OK;
}

// penalty: w, lambda → value, d_w
inline std::int32_t penalty(const std::int64_t* sizes, void* const* arrays, const std::int64_t* const*,
                            void*, const gradc_pool*) {
  const T* weights = static_cast<const T*>(arrays[0]);
  const T lambda = *static_cast<const T*>(arrays[1]);
  double sum = 0;
  for (std::int64_t d = 0; d < sizes[0]; ++d) {
    sum += lambda * weights[d] * weights[d];
    static_cast<T*>(arrays[3])[d] = 2 * lambda * weights[d];
  }
  *static_cast<double*>(arrays[2]) = sum;
  return GRADC_OK;
}

inline std::int64_t workspace(const std::int64_t* sizes) {
  return sizes[0] * static_cast<std::int64_t>(sizeof(T));
}
inline std::int64_t no_workspace(const std::int64_t*) { return 0; }

constexpr gradc_extent none = {0, -1};
constexpr gradc_extent extents_ND[] = {{-1, 0}, {-1, 1}};
constexpr gradc_extent extents_D[] = {{-1, 1}};
constexpr gradc_extent extents_D_first[] = {{-1, 0}};
constexpr const char* names_ND[] = {"batch", "D"};
constexpr const char* names_D[] = {"D"};

constexpr gradc_array_info gradient_arrays[] = {
    {"x", "x", GRADC_INPUT, GRADC_F64, 2, extents_ND, none, -1, nullptr},
    {"y", "y", GRADC_TARGET, GRADC_F64, 1, extents_ND, none, -1, nullptr},
    {"w", "w", GRADC_PARAM, GRADC_F64, 1, extents_D, none, -1, nullptr},
    {"b", "b", GRADC_PARAM, GRADC_F64, 0, nullptr, none, -1, nullptr},
    {"E", "E", GRADC_LOSS, GRADC_F64, 0, nullptr, none, -1, nullptr},
    {"error", "error", GRADC_METRIC, GRADC_F64, 0, nullptr, none, -1, nullptr},
    {"d_w", "d_w", GRADC_GRADIENT, GRADC_F64, 1, extents_D, none, w},
    {"d_b", "d_b", GRADC_GRADIENT, GRADC_F64, 0, nullptr, none, b}};
constexpr gradc_array_info predict_arrays[] = {
    {"x", "x", GRADC_INPUT, GRADC_F64, 2, extents_ND, none, -1, nullptr},
    {"w", "w", GRADC_PARAM, GRADC_F64, 1, extents_D, none, -1, nullptr},
    {"b", "b", GRADC_PARAM, GRADC_F64, 0, nullptr, none, -1, nullptr},
    {"z", "z", GRADC_VALUE, GRADC_F64, 1, extents_ND, none, -1, nullptr}};
constexpr gradc_array_info penalty_arrays[] = {
    {"w", "w", GRADC_PARAM, GRADC_F64, 1, extents_D_first, none, -1, nullptr},
    {"lambda", "lambda", GRADC_CONST, GRADC_F64, 0, nullptr, none, -1, nullptr},
    {"decay", "decay", GRADC_PENALTY, GRADC_F64, 0, nullptr, none, -1, nullptr},
    {"d_w", "d_w", GRADC_GRADIENT, GRADC_F64, 1, extents_D_first, none, 0}};

constexpr gradc_function_info functions[] = {
    {"gradient", gradient, workspace, 2, names_ND, 0, 8, gradient_arrays},
    {"evaluate", scores, no_workspace, 2, names_ND, 0, 6, gradient_arrays},
    {"predict", predict, no_workspace, 2, names_ND, 0, 4, predict_arrays},
    {"penalty", penalty, no_workspace, 1, names_D, -1, 4, penalty_arrays}};

constexpr gradc_model_info plain = {GRADC_ABI_VERSION, "linear", GRADC_F64, 3, functions};
constexpr gradc_model_info with_penalty = {GRADC_ABI_VERSION, "linear", GRADC_F64, 4, functions};

}  // namespace gradc::linear_model
