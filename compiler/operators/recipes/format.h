// What recipes know of the two floating-point formats, to build powers of two and to take numbers apart.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <limits>

#include "compiler/operators/recipes/lanes.h"

namespace gradc::recipe {

struct Format {
  int mantissa_bits;         // stored ones
  int bias;                  // of the exponent
  double to_integer;         // x + to_integer has rint(x) in its low bits
  double least_normal;       // 2^(1 − bias)
  std::int64_t mantissa;     // mask of the stored mantissa
  std::int64_t half_root;    // bits of √½
  double log2_e;             // log₂ e
  double ln2_high, ln2_low;  // log 2; the product of the first and an exponent is exact
};
inline constexpr Format double_format = {52,
                                         1023,
                                         0x1.8p52,
                                         0x1p-1022,
                                         0xfffffffffffff,
                                         0x3fe6a09e667f3bcd,
                                         0x1.71547652b82fep+0,
                                         0x1.62e42fefa38p-1,
                                         0x1.ef35793c7673p-45};
inline constexpr Format single_format = {23,         127,           0x1.8p23,    0x1p-126,      0x7fffff,
                                         0x3f3504f3, 0x1.715476p+0, 0x1.62e4p-1, 0x1.7f7d1cp-20};
inline const Format& format(Lanes x) { return x.is_f32() ? single_format : double_format; }

inline constexpr double infinite = std::numeric_limits<double>::infinity();
inline constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

}  // namespace gradc::recipe
