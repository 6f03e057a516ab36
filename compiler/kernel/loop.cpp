// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/loop.h"

#include "compiler/kernel/program.h"
#include "compiler/support/check.h"

namespace gradc::kernel {

const char* name(Combine combine) {
  switch (combine) {
    case Combine::add: return "add";
    case Combine::mul: return "mul";
    case Combine::max: return "max";
    case Combine::min: return "min";
    case Combine::any: return "any";
    case Combine::all: return "all";
  }
  GRADC_UNREACHABLE("a combination of unknown kind");
}

std::size_t bytes(Scalar element) {
  switch (element) {
    case Scalar::f64:
    case Scalar::i64: return 8;
    case Scalar::f32:
    case Scalar::i32: return 4;
    case Scalar::boolean: return 1;
  }
  GRADC_UNREACHABLE("a scalar of unknown type");
}

}  // namespace gradc::kernel
