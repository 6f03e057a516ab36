// A particle between two charges: how far from the origin it hits the ground, and where a charge must stand
// so that this is least; by hand. Siskind, Pearlmutter, Nesting forward-mode AD in a functional framework,
// 2008. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace gradc::reference {

struct Flight {
  double square, by_w;  // the squared place where it hits the ground, and its derivative
};
Flight fly(double w);
double particle(double start);

}  // namespace gradc::reference
