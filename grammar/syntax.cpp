// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "grammar/syntax.h"

#include <array>

namespace gradc::syntax {
namespace {
constexpr std::array<std::string_view, 2> unary_spellings = {"-", "not"};
constexpr std::array<std::string_view, 8> binary_spellings = {"+", "-", "*", "/", "@", "^", "and", "or"};
constexpr std::array<std::string_view, 6> compare_spellings = {"==", "!=", "<", "<=", ">", ">="};
constexpr std::array<std::string_view, 10> reduction_spellings = {
    "sum", "prod", "mean", "max", "min", "logsumexp", "argmax", "argmin", "any", "all"};
constexpr std::array<std::string_view, 4> role_spellings = {"input", "target", "const", "param"};
}  // namespace

std::string_view spelling(UnaryOp op) { return unary_spellings[static_cast<std::size_t>(op)]; }
std::string_view spelling(BinaryOp op) { return binary_spellings[static_cast<std::size_t>(op)]; }
std::string_view spelling(CompareOp op) { return compare_spellings[static_cast<std::size_t>(op)]; }
std::string_view spelling(ReductionOp op) { return reduction_spellings[static_cast<std::size_t>(op)]; }
std::string_view spelling(Role role) { return role_spellings[static_cast<std::size_t>(role)]; }

std::optional<ReductionOp> reduction_named(std::string_view name) {
  for (std::size_t i = 0; i < reduction_spellings.size(); ++i)
    if (reduction_spellings[i] == name) return static_cast<ReductionOp>(i);
  return std::nullopt;
}

void Texts::enter_file(std::uint32_t file) {
  file_ = file;
  if (ids_.size() <= file) ids_.resize(file + 1);
}

TextId Texts::intern(std::string_view text) {
  Ids& ids = ids_[file_];
  if (auto found = ids.find(text); found != ids.end()) return found->second;
  const TextId id{static_cast<std::int32_t>(texts_.size())};
  texts_.push_back(&ids.emplace(std::string(text), id).first->first);
  return id;
}

std::optional<TextId> Texts::find(std::string_view text, std::uint32_t file) const {
  if (file >= ids_.size()) return std::nullopt;
  auto found = ids_[file].find(text);
  if (found == ids_[file].end()) return std::nullopt;
  return found->second;
}

}  // namespace gradc::syntax
