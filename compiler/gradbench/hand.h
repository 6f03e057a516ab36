// Hand tracking: two models, for points on triangles whose places are unknown too, and for points on
// vertices. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/gradbench/modules.h"

namespace gradc::gradbench {

bool takes_places(const Fields& input);
Inputs read_ht(Fields& input);
Inputs read_ht_simple(Fields& input);
std::vector<Function> ht_functions(bool places);

}  // namespace gradc::gradbench
