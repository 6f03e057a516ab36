// What is inside a Precise; included only by the files that implement it, since Boost costs seconds to
// compile.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <boost/multiprecision/cpp_bin_float.hpp>

#include "compiler/operators/precise.h"

namespace gradc {

// 100 digits in fixed storage: no allocation, no expression templates.
using Number =
    boost::multiprecision::number<boost::multiprecision::cpp_bin_float<100>, boost::multiprecision::et_off>;

struct Precise::Access {
  static Number& number(Precise& x) { return *std::launder(reinterpret_cast<Number*>(x.storage_)); }
  static const Number& number(const Precise& x) {
    return *std::launder(reinterpret_cast<const Number*>(x.storage_));
  }
};

inline const Number& number(const Precise& x) { return Precise::Access::number(x); }
inline Precise precise(const Number& value) {
  Precise result;
  Precise::Access::number(result) = value;
  return result;
}

}  // namespace gradc
