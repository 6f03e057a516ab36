// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/parts.h"

#include <algorithm>

#include "compiler/kernel/operand.h"

namespace gradc::codegen {

namespace {

// How long LLVM takes, in statements of one instruction or two; one takes it about 0.1 ms.
constexpr std::size_t of_recipe = 12, of_products = 250, of_calls = 120;
// A module of its own takes 1 ms more: it has at least so many.
constexpr std::size_t least = 100;
// The estimate is rough: who is done early takes another.
constexpr std::size_t for_each_thread = 3;

struct Work {
  std::size_t statements = 0;
  bool has_products = false;
};

Work work_of(const kernel::Kernel& kernel) {
  Work work;
  each_statement(kernel.body, [&](const kernel::Statement& s) {
    work.statements += std::holds_alternative<kernel::Elementary>(s.node) ? 1 + of_recipe : 1;
    work.has_products = work.has_products || std::holds_alternative<kernel::Gemm>(s.node);
  });
  return work;
}

}  // namespace

Parts::Parts(const Model& model, std::size_t threads) {
  struct Unit {
    std::size_t work = 0;
    std::vector<std::pair<std::size_t, std::size_t>> kernels;
  };
  // The code of products is made once in each module that has any: they stay together.
  std::vector<Unit> units(1);
  for (std::size_t f = 0; f < model.functions.size(); ++f) {
    part_.emplace_back(model.functions[f].kernels.size(), 0);
    for (std::size_t k = 0; k < part_[f].size(); ++k) {
      const Work work = work_of(model.functions[f].kernels[k]);
      if (!work.has_products) units.emplace_back();
      Unit& unit = work.has_products ? units[0] : units.back();
      if (work.has_products && unit.kernels.empty()) unit.work = of_products;
      unit.work += work.statements;
      unit.kernels.emplace_back(f, k);
    }
  }
  std::size_t total = of_calls;
  for (const Unit& unit : units) total += unit.work;
  if (threads > 1)
    count_ = std::clamp<std::size_t>(std::min(total / least, units.size()), 1, for_each_thread * threads);
  // The longest first, each to the part that has the least so far.
  std::ranges::stable_sort(units, std::ranges::greater{}, &Unit::work);
  std::vector<std::size_t> given(count_, 0);
  given[0] = of_calls;
  for (const Unit& unit : units) {
    const auto part = static_cast<std::size_t>(std::ranges::min_element(given) - given.begin());
    given[part] += unit.work;
    for (const auto& [f, k] : unit.kernels) part_[f][k] = part;
  }
}

}  // namespace gradc::codegen
