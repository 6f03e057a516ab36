// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/steps/formal.h"

namespace gradc {

constinit const Operator op_derivative_of_term = {
    .id = "derivative_of_term",
    .arity = 2,
    .text = {"d/d#1 #2", Precedence::unary, {Precedence::lowest, Precedence::power}},
    .latex = {R"(\frac{\partial}{\partial #1}#2)",
              Precedence::unary,
              {Precedence::lowest, Precedence::power}},
    .runs_on = true,
};

constinit const Operator op_derivative_of_name = {
    .id = "derivative_of_name",
    .arity = 2,
    .text = {"d#2/d#1", Precedence::product},
    .latex = {R"(\frac{\partial #2}{\partial #1})", Precedence::unary},
};

}  // namespace gradc
