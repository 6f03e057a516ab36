// log x and what is made of it: x = 2^k (1 + f), and with s = f/(2 + f) the odd series of log((1 + s)/(1 −
// s)) (Cody & Waite 1980, ch. 5; the arrangement of the sum is that of fdlibm's e_log.c, which cancels
// roundings). SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/operators/recipes/format.h"

namespace gradc::recipe {

Lanes log(Lanes x);
Lanes log1p(Lanes x);
Lanes softplus(Lanes x);
Lanes log_sigmoid(Lanes x);

}  // namespace gradc::recipe
