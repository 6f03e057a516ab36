// Comparisons and conditions. With NaN every comparison is false but `!=`.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/arithmetic.h"

namespace gradc {

namespace {
constexpr std::array<Precedence, 3> of_sums = {Precedence::sum, Precedence::sum};
constexpr auto truth = [](bool condition) { return condition ? 1 : 0; };
constexpr auto is_equal = []<class T>(const T* x) -> T { return truth(x[0] == x[1]); };
constexpr auto is_not_equal = []<class T>(const T* x) -> T { return truth(x[0] != x[1]); };
constexpr auto is_less = []<class T>(const T* x) -> T { return truth(x[0] < x[1]); };
constexpr auto is_less_equal = []<class T>(const T* x) -> T { return truth(x[0] <= x[1]); };
}  // namespace

OPERATOR(equal) = {
    .id = "equal",
    .arity = 2,
    .typing = Typing::comparison,
    .text = {"#1 == #2", Precedence::comparison, of_sums},
    .latex = {"#1=#2", Precedence::comparison, of_sums},
    .evaluate = is_equal,
    .evaluate_integer = is_equal,
    .evaluate_precise = is_equal,
    .emit = recipe::machine<MachineOp::equal>,
    .commutative = true,
};
OPERATOR(not_equal) = {
    .id = "not_equal",
    .arity = 2,
    .typing = Typing::comparison,
    .text = {"#1 != #2", Precedence::comparison, of_sums},
    .latex = {R"(#1\ne #2)", Precedence::comparison, of_sums},
    .evaluate = is_not_equal,
    .evaluate_integer = is_not_equal,
    .evaluate_precise = is_not_equal,
    .emit = recipe::machine<MachineOp::not_equal>,
    .commutative = true,
};
OPERATOR(less) = {
    .id = "less",
    .arity = 2,
    .typing = Typing::comparison,
    .text = {"#1 < #2", Precedence::comparison, of_sums},
    .latex = {"#1<#2", Precedence::comparison, of_sums},
    .evaluate = is_less,
    .evaluate_integer = is_less,
    .evaluate_precise = is_less,
    .emit = recipe::machine<MachineOp::less>,
};
OPERATOR(less_equal) = {
    .id = "less_equal",
    .arity = 2,
    .typing = Typing::comparison,
    .text = {"#1 <= #2", Precedence::comparison, of_sums},
    .latex = {R"(#1\le #2)", Precedence::comparison, of_sums},
    .evaluate = is_less_equal,
    .evaluate_integer = is_less_equal,
    .evaluate_precise = is_less_equal,
    .emit = recipe::machine<MachineOp::less_equal>,
};

OPERATOR(and) = {
    .id = "and",
    .arity = 2,
    .typing = Typing::logical,
    .text = {"#1 and #2", Precedence::conjunction, {Precedence::conjunction, Precedence::negation}},
    .latex = {R"(#1\text{ and }#2)",
              Precedence::conjunction,
              {Precedence::conjunction, Precedence::negation}},
    .evaluate_integer = [](const std::int64_t* x) { return x[0] & x[1]; },
    .emit = recipe::machine<MachineOp::bit_and>,
    .commutative = true,
};
OPERATOR(or) = {
    .id = "or",
    .arity = 2,
    .typing = Typing::logical,
    .text = {"#1 or #2", Precedence::disjunction, {Precedence::disjunction, Precedence::conjunction}},
    .latex = {R"(#1\text{ or }#2)",
              Precedence::disjunction,
              {Precedence::disjunction, Precedence::conjunction}},
    .evaluate_integer = [](const std::int64_t* x) { return x[0] | x[1]; },
    .emit = recipe::machine<MachineOp::bit_or>,
    .commutative = true,
};
OPERATOR(not ) = {
    .id = "not",
    .typing = Typing::logical,
    .text = {"not #1", Precedence::negation, {Precedence::negation}},
    .latex = {R"(\text{not }#1)", Precedence::negation, {Precedence::negation}},
    .evaluate_integer = [](const std::int64_t* x) { return std::int64_t{1} - x[0]; },
    .emit = recipe::machine<MachineOp::bit_not>,
};

}  // namespace gradc
