// Factorisations for the reference evaluator, in double or Precise: plain, row by row. Golub & Van Loan,
// Matrix Computations (4th ed., 2013), §3.1 to §3.4 and §4.2. SPDX-License-Identifier: Apache-2.0 WITH
// LLVM-exception
#pragma once

#include <numeric>
#include <utility>
#include <vector>

#include "compiler/operators/entry.h"

namespace gradc::matrix {

// P·A = L·U with partial pivoting, L and U in one; a column without a pivot leaves a 0 on the diagonal.
template <class Real>
struct LU {
  std::size_t n;
  std::vector<Real> a;
  std::vector<std::size_t> order;  // row i of P·A is row order[i] of A
  bool odd = false;                // the permutation's sign is -1

  LU(const Real* from, std::size_t size) : n(size), a(from, from + size * size), order(size) {
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t k = 0; k < n; ++k) {
      std::size_t pivot = k;
      for (std::size_t i = k + 1; i < n; ++i)
        if (fabs(at(i, k)) > fabs(at(pivot, k))) pivot = i;
      if (pivot != k) {
        for (std::size_t j = 0; j < n; ++j) std::swap(at(k, j), at(pivot, j));
        std::swap(order[k], order[pivot]);
        odd = !odd;
      }
      if (at(k, k) == Real(0)) continue;
      for (std::size_t i = k + 1; i < n; ++i) {
        at(i, k) /= at(k, k);
        for (std::size_t j = k + 1; j < n; ++j) at(i, j) -= at(i, k) * at(k, j);
      }
    }
  }
  Real& at(std::size_t i, std::size_t j) { return a[i * n + j]; }
  bool singular() {
    for (std::size_t k = 0; k < n; ++k)
      if (at(k, k) == Real(0)) return true;
    return false;
  }
};

// x := T⁻¹x for the triangle of a matrix whose element (i, j) is element(i, j).
template <class Real, class Element>
void solve_triangle(std::size_t n, bool lower, bool unit, Element element, Real* x, std::size_t stride) {
  for (std::size_t step = 0; step < n; ++step) {
    const std::size_t i = lower ? step : n - 1 - step;
    Real sum = x[i * stride];
    for (std::size_t other = 0; other < step; ++other) {
      const std::size_t j = lower ? other : n - 1 - other;
      sum -= element(i, j) * x[j * stride];
    }
    x[i * stride] = unit ? sum : sum / element(i, i);
  }
}

// S·A·T = D diagonal, det S·det T = ±1, for any A: complete pivoting. Where the rank is r, D ends in n - r
// zeros. S and T are products of permutations and unit triangular matrices.
template <class Real>
struct Diagonal {
  std::vector<Real> s, d, t;
  bool odd = false;

  Diagonal(const Real* from, std::size_t n) : s(n * n), d(n), t(n * n) {
    std::vector<Real> a(from, from + n * n);
    for (std::size_t k = 0; k < n; ++k) s[k * n + k] = t[k * n + k] = Real(1);
    for (std::size_t k = 0; k < n; ++k) {
      std::size_t row = k, column = k;
      for (std::size_t i = k; i < n; ++i)
        for (std::size_t j = k; j < n; ++j)
          if (fabs(a[i * n + j]) > fabs(a[row * n + column])) row = i, column = j;
      odd = odd != ((row != k) != (column != k));
      for (std::size_t j = 0; j < n; ++j) {
        if (row != k) std::swap(a[k * n + j], a[row * n + j]), std::swap(s[k * n + j], s[row * n + j]);
      }
      for (std::size_t i = 0; i < n; ++i) {
        if (column != k)
          std::swap(a[i * n + k], a[i * n + column]), std::swap(t[i * n + k], t[i * n + column]);
      }
      const Real pivot = a[k * n + k];
      d[k] = pivot;
      if (pivot == Real(0)) continue;
      for (std::size_t i = k + 1; i < n; ++i) {
        const Real factor = a[i * n + k] / pivot;
        for (std::size_t j = 0; j < n; ++j) a[i * n + j] -= factor * a[k * n + j];
        for (std::size_t j = 0; j < n; ++j) s[i * n + j] -= factor * s[k * n + j];
      }
      for (std::size_t j = k + 1; j < n; ++j) {
        const Real factor = a[k * n + j] / pivot;
        for (std::size_t i = 0; i < n; ++i) t[i * n + j] -= factor * t[i * n + k];
        a[k * n + j] = Real(0);
      }
    }
  }
};

}  // namespace gradc::matrix
