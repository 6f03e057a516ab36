// Typed indices: a DimId does not compare with a TensorId, and neither is a pointer.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace gradc {

template <class Tag>
struct Id {
  std::int32_t value = -1;
  constexpr bool valid() const { return value >= 0; }
  friend constexpr auto operator<=>(Id, Id) = default;
};

}  // namespace gradc

template <class Tag>
struct std::hash<gradc::Id<Tag>> {
  std::size_t operator()(gradc::Id<Tag> id) const noexcept { return static_cast<std::size_t>(id.value); }
};
