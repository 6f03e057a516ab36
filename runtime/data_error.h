// A diagnostic about something that stands in no model file: a data file, an option, a run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <utility>

#include "compiler/support/diagnostic.h"

namespace gradc {

inline Diagnostic data_error(DiagnosticCode code, std::string place, std::string message,
                             std::string help = {}) {
  return error_at(code, std::move(place), std::move(message), std::move(help));
}

}  // namespace gradc
