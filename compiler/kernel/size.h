// Sizes that stay symbols down to the ABI: integer expressions of the run-time size arguments, interned.
// Their arithmetic is checked: what overflows or falls below zero makes a call answer GRADC_BAD_ARGUMENT.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "compiler/support/id.h"

namespace gradc::kernel {

using SizeId = Id<struct SizeTag>;

struct Size {
  enum class Kind : std::uint8_t { constant, argument, add, sub, mul, floor_div, floor_mod, max, min };
  Kind kind;
  std::int64_t number = 0;  // constant: the value; argument: which one
  SizeId left = {}, right = {};
};

class Sizes {
 public:
  SizeId constant(std::int64_t value) { return intern({Size::Kind::constant, value}); }
  SizeId argument(std::int64_t number) { return intern({Size::Kind::argument, number}); }
  // Folds constants (if that does not overflow), and x*1, x+0.
  SizeId combine(Size::Kind kind, SizeId left, SizeId right);
  SizeId product(std::span<const SizeId> factors);

  const Size& operator[](SizeId id) const { return nodes_[static_cast<std::size_t>(id.value)]; }
  std::size_t count() const { return nodes_.size(); }
  std::optional<std::int64_t> known(SizeId id) const;
  std::string to_string(SizeId id, std::span<const std::string> names) const;

 private:
  SizeId intern(Size size);
  std::vector<Size> nodes_;
  std::map<std::tuple<int, std::int64_t, int, int>, SizeId> interned_;
};

std::optional<std::int64_t> apply(Size::Kind kind, std::int64_t a, std::int64_t b);
// The values of all sizes; none where one overflows.
std::vector<std::optional<std::int64_t>> evaluate(const Sizes& sizes,
                                                  std::span<const std::int64_t> arguments);

}  // namespace gradc::kernel
