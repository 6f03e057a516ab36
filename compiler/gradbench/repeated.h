// Bundle adjustment: the suite sends one camera, point, weight and feature, which count many times over, and
// takes back the ends of long arrays. // SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/gradbench/modules.h"

namespace gradc::gradbench {

Inputs read_ba(Fields& input);
std::vector<Function> ba_functions();

}  // namespace gradc::gradbench
