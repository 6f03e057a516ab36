// A model's system with the derivatives that were asked for, for one example.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <vector>

#include "compiler/driver/request.h"

namespace gradc::driver {

// One derivative of one quantity, by these tensors in turn: the axes of `of`, then those of each.
struct Derivative {
  TensorId of;
  std::vector<TensorId> wrt;  // in the order of the request; none: the quantity itself
  TensorId tensor;
  // --sparse: the Jacobian's entries instead of it all, and scalars that say how many rows and columns it
  // has.
  std::vector<SparseEntries> entries = {};
  TensorId rows = {}, columns = {};
  bool is_sparse() const { return rows.valid(); }
};

struct Derivatives {
  System system;                   // its outputs are the tensors below
  std::vector<Derivative> wanted;  // by quantity, then by order
};

// As differentiation leaves it; the caller simplifies. Mixed derivatives come once: by a and b, not by b and
// a.
Derivatives differentiate(const System& system, const Request& request);

}  // namespace gradc::driver
