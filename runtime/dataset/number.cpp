// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/dataset/number.h"

#include <charconv>
#include <cmath>

namespace gradc {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// std::from_chars reports too large and too small alike. The number's size is its exponent plus the place of
// its first digit that is not 0: above 0 it was too large.
bool is_large(std::string_view text) {
  std::int64_t magnitude = 0;
  bool significant = false, fraction = false;
  std::size_t i = text.front() == '-' ? 1 : 0;
  for (; i < text.size() && (is_digit(text[i]) || text[i] == '.'); ++i) {
    if (text[i] == '.') {
      fraction = true;
      continue;
    }
    significant = significant || text[i] != '0';
    if (!fraction && significant) ++magnitude;
    if (fraction && !significant) --magnitude;
  }
  if (i + 1 >= text.size()) return magnitude > 0;
  std::string_view digits = text.substr(i + 1);
  if (digits.front() == '+') digits.remove_prefix(1);
  std::int64_t exponent = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  if (error == std::errc::result_out_of_range) return digits.front() != '-';
  return exponent + magnitude > 0;
}

template <class T>
NumberFault parse(std::string_view text, T& value) {
  text = trim(text);
  if (text.empty()) return NumberFault::empty;
  if (text.front() == '+') {
    text.remove_prefix(1);
    if (text.empty() || text.front() == '-') return NumberFault::text;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::invalid_argument || end != text.data() + text.size()) return NumberFault::text;
  if (error == std::errc::result_out_of_range) {
    if (is_large(text)) return NumberFault::overflow;
    value = text.front() == '-' ? -T{0} : T{0};
    return NumberFault::none;
  }
  if (std::isfinite(value)) return NumberFault::none;
  return is_digit(text.back()) ? NumberFault::overflow : NumberFault::not_finite;
}

}  // namespace

NumberFault parse_number(std::string_view text, float& value) { return parse(text, value); }
NumberFault parse_number(std::string_view text, double& value) { return parse(text, value); }

NumberFault parse_member(std::string_view text, std::int64_t& value) {
  text = trim(text);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && !text.empty()) return NumberFault::none;
  double number = 0;
  const NumberFault fault = parse(text, number);
  if (fault != NumberFault::none) return fault;
  if (number != std::floor(number)) return NumberFault::text;
  if (std::abs(number) > 9e15) return NumberFault::overflow;
  value = static_cast<std::int64_t>(number);
  return NumberFault::none;
}

}  // namespace gradc
