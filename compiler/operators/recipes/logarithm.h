// log x and what is made of it: x = 2^k (1 + f), and with s = f/(2 + f) the odd series of log((1 + s)/(1 −
// s)) (Cody & Waite 1980, ch. 5; the arrangement of the sum is that of fdlibm's e_log.c, which cancels
// roundings). SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/operators/recipes/format.h"

namespace gradc::recipe {

// x = 2^k m for positive x, √½ ≤ m < √2. `any`: also of denormal x.
struct Parts {
  Lanes k, m;
};
Parts take_apart(Lanes x, bool any);
// The value for finite x > 0; ±0 → −∞, negative and NaN → NaN, +∞ → +∞.
Lanes with_limits_of_log(Lanes x, Lanes value);

Lanes log(Lanes x);
Lanes log1p(Lanes x);
Lanes xlogy(Lanes x, Lanes y);
Lanes softplus(Lanes x);
Lanes log_sigmoid(Lanes x);
Lanes asinh(Lanes x);
Lanes acosh(Lanes x);
Lanes atanh(Lanes x);

}  // namespace gradc::recipe
