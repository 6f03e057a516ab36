// Our own mistakes: a failed GRADC_CHECK says what was expected and what was seen, and ends with status 3.
// The user's mistakes are diagnostics (diagnostic.h), never this.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <string_view>

namespace gradc {

// Named while a pass runs, so that an internal error can say where it happened. Returns the previous name.
std::string set_current_pass(std::string name);

[[noreturn]] void internal_error(const char* file, int line, std::string_view condition,
                                 std::string_view message);

}  // namespace gradc

#define GRADC_CHECK(condition, message)                                                   \
  do {                                                                                    \
    if (!(condition)) ::gradc::internal_error(__FILE__, __LINE__, #condition, (message)); \
  } while (false)
#define GRADC_UNREACHABLE(message) ::gradc::internal_error(__FILE__, __LINE__, "unreachable", (message))
