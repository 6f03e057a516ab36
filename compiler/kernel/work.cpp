// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/work.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <vector>

#include "compiler/support/overloaded.h"

namespace gradc::kernel {

namespace {

// In operations: a recipe, a function of the C library, a multiplication in a product of matrices.
constexpr double recipe = 30, library_call = 100, in_product = 1.0 / 16;

// A sum of products of sizes that are not known before run time, each with a factor.
using Polynomial = std::map<std::vector<SizeId>, double>;

class Counter {
 public:
  Counter(Sizes& sizes) : sizes_(sizes) {}

  Polynomial block(const Block& body) {
    Polynomial sum;
    for (const Statement& s : body)
      std::visit(overloaded{[&](const Constant& c) {
                              known_[c.result.id] = sizes_.constant(static_cast<std::int64_t>(c.bits));
                            },
                            [&](const SizeOf& z) { known_[z.result.id] = z.size; },
                            [&](const Elementary&) {
                              add(sum, {{{}, recipe}}, 1);
                            },
                            [&](const MathCall&) {
                              add(sum, {{{}, library_call}}, 1);
                            },
                            [&](const For& f) { add(sum, times(block(f.body), {f.upper}), 1.0 / f.lanes); },
                            [&](const If& i) {
                              add(sum, block(i.then), 1);
                              add(sum, block(i.otherwise), 1);
                            },
                            [&](const Gemm& g) {
                              add(sum, times({{{}, 1}}, {g.m, g.n, g.k}), in_product);
                            },
                            [&](const auto&) {
                              add(sum, {{{}, 1}}, 1);
                            }},
                 s.node);
    return sum;
  }

 private:
  static void add(Polynomial& sum, const Polynomial& term, double factor) {
    for (const auto& [sizes, value] : term) sum[sizes] += factor * value;
  }

  Polynomial times(const Polynomial& once, std::initializer_list<Value> extents) const {
    Polynomial result;
    for (const auto& [before, value] : once) {
      std::vector<SizeId> unknown = before;
      double factor = value;
      for (Value extent : extents) {
        const auto size = known_.find(extent.id);
        if (size == known_.end()) continue;
        if (const auto number = sizes_.known(size->second))
          factor *= static_cast<double>(*number);
        else
          unknown.push_back(size->second);
      }
      std::ranges::sort(unknown);
      result[unknown] += factor;
    }
    return result;
  }

  Sizes& sizes_;
  std::unordered_map<std::int32_t, SizeId> known_;  // by value
};

}  // namespace

SizeId work(Sizes& sizes, const Kernel& kernel) {
  SizeId sum = sizes.constant(0);
  for (const auto& [unknown, factor] : Counter(sizes).block(kernel.body)) {
    const SizeId known = sizes.constant(static_cast<std::int64_t>(std::min(factor, 9e18)));
    sum = sizes.combine(Size::Kind::add, sum, sizes.combine(Size::Kind::mul, sizes.product(unknown), known));
  }
  return sum;
}

}  // namespace gradc::kernel
