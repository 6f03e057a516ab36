// Where in the text a failure may come from that compiled code reports.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/driver/model_file.h"

namespace gradc::driver {

// Compiled code says only what has happened: subscripts outside their dims and iterates that do not converge
// get the equations that may do it.
Diagnostics with_places(Diagnostics diagnostics, const ModelFile& file);

}  // namespace gradc::driver
