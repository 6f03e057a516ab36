// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/recipes/bessel.h"

namespace gradc::recipe {

Lanes besselj0(Lanes x) { return call("j0", {x}); }
Lanes besselj1(Lanes x) { return call("j1", {x}); }

// DLMF 10.4.1: J₋ₙ = (−1)ⁿ Jₙ.
Lanes besselj(int n, Lanes x) {
  if (n < 0) return n % 2 == 0 ? besselj(-n, x) : -besselj(-n, x);
  if (n == 0) return besselj0(x);
  return n == 1 ? besselj1(x) : call("jn", {x.constant(n), x});
}

}  // namespace gradc::recipe
