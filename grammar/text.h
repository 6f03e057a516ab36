// What a text must be before it is read: UTF-8 of bounded size without control characters. And names: in NFC,
// no two of a file that look the same (UAX #15, UAX #31, UTS #39 in small).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "grammar/reports.h"
#include "grammar/syntax.h"

namespace gradc::grammar {

constexpr std::size_t most_bytes = 8u << 20;  // of a model file
constexpr std::size_t most_in_name = 255;      // code points

// False if the text cannot be read at all; says why.
bool check_text(std::string_view text, std::uint32_t file, Reports& reports);

std::string nfc(std::string_view text);
std::string nfkc(std::string_view text);
char32_t first_code_point(std::string_view text, std::size_t* length);  // of well-formed UTF-8

// The names of a file, as they are read.
class Names {
 public:
  Names(syntax::Texts& texts, Reports& reports) : texts_(texts), reports_(reports) {}
  syntax::TextId add(std::string_view spelled, SourceRange range);

 private:
  syntax::Texts& texts_;
  Reports& reports_;
  std::vector<bool> known_;                                   // by TextId
  std::unordered_map<std::string, syntax::Spelled> by_look_;  // NFKC to the first name that has it
};

}  // namespace gradc::grammar
