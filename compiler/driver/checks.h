// `check CONDITION`: what the compiler could not prove is tested on values.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <functional>
#include <map>

#include "compiler/driver/given_values.h"

namespace gradc::driver {

// An E611 for each check that does not hold. A check is left out if it reads what `value` has nothing for.
Diagnostics failed_checks(const ModelFile& file, const GivenValues& given,
                          const std::function<std::optional<HostArray>(TensorId)>& value);

}  // namespace gradc::driver
