// diff --format html: what a derivation's page is made of.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/driver/model_file.h"
#include "compiler/driver/options.h"
#include "compiler/pages/page.h"

namespace gradc::driver {

// The file's text, its claims with their verdicts, and the picture of `equations`; the formulas are added by
// the caller.
Page page_of(const ModelFile& file, const Options& options, const System& equations);

}  // namespace gradc::driver
