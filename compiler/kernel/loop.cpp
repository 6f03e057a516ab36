// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/loop.h"

#include <algorithm>

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

std::vector<SizeId> derived_sizes(const Program& program) {
  std::vector<SizeId> result;
  const auto add = [&](SizeId id) {
    const Size::Kind kind = program.sizes[id].kind;
    if (kind != Size::Kind::constant && kind != Size::Kind::argument &&
        std::ranges::find(result, id) == result.end())
      result.push_back(id);
  };
  for (const Array& array : program.arrays) {
    std::ranges::for_each(program.buffer(array.buffer).extents, add);
    if (array.members) add(*array.members);
  }
  return result;
}

std::int64_t size_number(const Program& program, SizeId id) {
  const Size& size = program.sizes[id];
  if (size.kind == Size::Kind::argument) return size.number;
  const std::vector<SizeId> derived = derived_sizes(program);
  const auto found = std::ranges::find(derived, id);
  GRADC_CHECK(found != derived.end(), "a size that belongs to no array");
  return std::ssize(program.size_names) + (found - derived.begin());
}

}  // namespace gradc::kernel
