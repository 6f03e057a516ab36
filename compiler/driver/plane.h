// A plot over two numbers: two ranges, of inputs that are numbers or of elements of arrays (`--set
// x.0=-1:1:0.1`). SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <vector>

#include "compiler/driver/evaluation.h"

namespace gradc::driver {

struct Plane {
  struct Axis {
    std::string name;           // "x", "x.1"
    std::string input;          // "x"
    std::int64_t element = -1;  // of an array
    std::vector<double> values;
    std::int64_t elements = 0;  // of that array
  };
  std::vector<Axis> axes;        // one or two
  std::vector<std::string> set;  // what remains to be set, element ranges as lists of arrays
};
Result<Plane> plane_of(const ModelFile& file, const Options& options);

// With the examples of --data as dots, in the colour of their target.
Result<std::string> plane_picture(const ModelFile& file, const Options& options, const Plane& plane,
                                  const Derivatives& made, const Evaluation& evaluation);

}  // namespace gradc::driver
