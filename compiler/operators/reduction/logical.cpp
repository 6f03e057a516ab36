// "There is one" and "for all", and the position of the greatest and least term (the first of equals): no
// derivative. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"

namespace gradc {

REDUCTION(any) = {
    .name = "any",
    .latex = R"(\exists)",
    .term = Type::boolean,
    .result = Type::boolean,
    .identity = 0,
};
REDUCTION(all) = {
    .name = "all",
    .latex = R"(\forall)",
    .term = Type::boolean,
    .result = Type::boolean,
    .identity = 1,
};
// Of no term an error; −1 stands for it.
REDUCTION(argmax) = {
    .name = "argmax",
    .latex = R"(\operatorname{arg\,max})",
    .result = Type::integer,
    .identity = -1,
};
REDUCTION(argmin) = {
    .name = "argmin",
    .latex = R"(\operatorname{arg\,min})",
    .result = Type::integer,
    .identity = -1,
};

}  // namespace gradc
