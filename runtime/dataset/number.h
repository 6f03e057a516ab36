// Numbers in tables, the same in every locale: decimal, rounded once to the type that is asked for.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <string_view>

namespace gradc {

enum class NumberFault { none, empty, text, overflow, not_finite };

// Blanks around the number and a leading `+` are allowed; hexadecimal, digit groups and a decimal comma are
// text. What is too small becomes 0 or a subnormal number, what is too large is a fault.
NumberFault parse_number(std::string_view text, float& value);
NumberFault parse_number(std::string_view text, double& value);

// A whole number, also when written `3.0` or `3e0`. A fraction is `text`.
NumberFault parse_member(std::string_view text, std::int64_t& value);

}  // namespace gradc
