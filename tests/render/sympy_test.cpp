// What SymPy calls our operators; what its code computes is compared in tests/formats.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "compiler/operators/table.h"
#include "compiler/render/sympy.h"

namespace gradc {
namespace {

TEST(Sympy, EveryOperatorHasAFormOrIsKnownToHaveNone) {
  std::set<std::string> without;
  for (const Operator* op : all_operators())
    if (sympy_form(*op).empty() && op->id != "add" && op->id != "sub" && op->id != "mul" && op->id != "div" &&
        op->id != "neg" && op->id != "pow")
      without.insert(std::string(op->id));
  EXPECT_EQ(without,
            (std::set<std::string>{"carried", "converged", "held", "round", "sinc_derivative", "stated"}));
}

}  // namespace
}  // namespace gradc
