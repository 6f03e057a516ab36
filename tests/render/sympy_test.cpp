// What SymPy calls our operators; what its code computes is compared in tests/formats.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "compiler/operators/table.h"
#include "compiler/render/sympy_forms.h"

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

TEST(Sympy, EveryFunctionOfMatricesHasAForm) {
  for (const CallOperator* op : all_calls()) EXPECT_NE(sympy_call(*op, {"A", "B"}), "") << op->id;
}

TEST(Sympy, WritesMatricesInTheirElements) {
  EXPECT_EQ(sympy_matrix("A", false, "", {"N", "N"}), "sp.Matrix(N, N, lambda row, column: A[row, column])");
  EXPECT_EQ(sympy_matrix("b", true, "n", {"N"}), "sp.Matrix(N, 1, lambda row, column: b(n, row))");
  EXPECT_EQ(sympy_matrix("C", false, "", {"N", "K", "M"}),
            "sp.Matrix(N, K*M, lambda row, column: C[row, column//M % K, column % M])");
  EXPECT_EQ(sympy_element("C()", {"i"}, {}), "C()[i, 0]");
  EXPECT_EQ(sympy_element("C()", {"i", "k", "m"}, {"K", "M"}), "C()[i, k*M + m]");
}

}  // namespace
}  // namespace gradc
