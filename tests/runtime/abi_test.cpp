// The ABI's header is C99 and C++ alike, and laid out the same in both.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/abi.h"

#include <gtest/gtest.h>

#include <array>
#include <type_traits>

#include "runtime/model.h"

extern "C" int gradc_abi_version_in_c(void);

TEST(Abi, IsC99) { EXPECT_EQ(gradc_abi_version_in_c(), GRADC_ABI_VERSION); }

TEST(Abi, HasPlainLayout) {
  static_assert(std::is_standard_layout_v<gradc_model_info> && std::is_trivial_v<gradc_model_info>);
  static_assert(sizeof(gradc_extent) == 16);
  EXPECT_EQ(GRADC_OK, 0);
}

TEST(Model, ResolvesShapesFromSizes) {
  const gradc_extent extents[] = {{-1, 1}, {3, -1}};
  const gradc_array_info x = {"x", "x", GRADC_INPUT, GRADC_F32, 2, extents, {0, -1}, -1, nullptr};
  const std::array<std::int64_t, 2> sizes = {5, 7};
  EXPECT_EQ(gradc::shape_of(x, sizes), (std::vector<std::int64_t>{7, 3}));
}

TEST(Model, FindsArraysByNameAndRole) {
  const gradc_array_info table[] = {{"w", "w", GRADC_PARAM, GRADC_F32, 0, nullptr, {0, -1}, -1, nullptr},
                                    {"w", "w", GRADC_VALUE, GRADC_F32, 0, nullptr, {0, -1}, -1, nullptr}};
  gradc_function_info function = {};
  function.n_arrays = 2;
  function.arrays = table;
  EXPECT_EQ(gradc::find_array(function, "w", GRADC_VALUE), 1);
  EXPECT_EQ(gradc::find_array(function, "w", GRADC_INPUT), -1);
}
