// Where other compilers of derivatives go wrong, one row a place: a program, a point, and the right value,
// gradient and Hessian of `f` there. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace gradc::test {

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();
inline constexpr double inf = std::numeric_limits<double>::infinity();

struct Given {
  std::string name;
  std::vector<double> values;
  bool held = false;  // not differentiated by
};

struct Row {
  friend void PrintTo(const Row& row, std::ostream* out) { *out << row.program; }
  std::string name;
  std::string program;  // in dims of the file and one quantity `f`
  std::vector<Given> at;
  double value;
  std::vector<double> gradient;  // by each given name in turn; none: not asked
  std::vector<double> hessian;   // by each pair of given names, a pair once, in rows; none: not asked
  double tolerance = 1e-14;      // relative; NaN, 0 and infinities are exact
};

extern const std::vector<Row> kinks, limits, choices, rewritings;

}  // namespace gradc::test
