// Which subscripts are known to be within a dim, so that their reads need no mask.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/fits.h"

#include <gtest/gtest.h>

#include "tests/diff/systems.h"

namespace gradc::test {
namespace {

TEST(Fits, UpToTheLastElementAndNoFurther) {
  Builder b;
  const DimId N = b.dim("N", 7), M = b.dim("M", 3), K = b.dim("K", 3);
  const Binder m = b.c.over(M, "m"), k = b.c.over(K, "k");
  kernel::Ranges ranges;
  ranges.add(m);
  ranges.add(k);
  const Expr window = 2 * b.at(m) + b.at(k);  // 0 … 6
  EXPECT_TRUE(ranges.fits(window, N));
  EXPECT_FALSE(ranges.fits(window + 1, N));
  EXPECT_FALSE(ranges.fits(window - 1, N));
}

}  // namespace
}  // namespace gradc::test
