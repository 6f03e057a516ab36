// Programs written by hand, for tests of compiled files that shall not depend on lowering.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <optional>
#include <vector>

#include "compiler/codegen/model.h"
#include "compiler/kernel/builder.h"

namespace gradc::test {

class HandMade {
 public:
  explicit HandMade(std::string name) {
    program_.name = std::move(name);
    program_.size_names = {"batch"};
    program_.batch = 0;
  }
  kernel::SizeId batch() { return program_.sizes.argument(0); }
  kernel::SizeId fixed(std::int64_t n) { return program_.sizes.constant(n); }
  kernel::BufferId array(const char* name, std::int32_t role, std::vector<kernel::SizeId> extents,
                         std::vector<std::string> axes = {}, std::int32_t of = -1) {
    const kernel::BufferId id{static_cast<std::int32_t>(program_.buffers.size())};
    const auto place = role >= GRADC_LOSS ? kernel::Buffer::Place::result : kernel::Buffer::Place::argument;
    program_.buffers.push_back({name, kernel::Scalar::f64, std::move(extents), place,
                                static_cast<std::int32_t>(program_.arrays.size())});
    program_.arrays.push_back({name, role, of, std::nullopt, std::nullopt, id, std::move(axes)});
    return id;
  }
  kernel::Kernel& kernel(const char* name) {
    program_.kernels.emplace_back().name = name;
    return program_.kernels.back();
  }
  kernel::Program take() {
    kernel::verify(program_);
    return std::move(program_);
  }

 private:
  kernel::Program program_;
};

// f[n] = sin(Σ_d x[n, d]·θ[d]) and E = Σ_n f[n]²; D = 3.
inline kernel::Program value() {
  using namespace kernel;
  constexpr Scalar real = Scalar::f64;
  HandMade made("value");
  const SizeId n = made.batch(), d = made.fixed(3);
  const BufferId x = made.array("x", GRADC_INPUT, {n, d}, {"", "D"}),
                 w = made.array("θ", GRADC_PARAM, {d}, {"D"}), f = made.array("f", GRADC_VALUE, {n}),
                 e = made.array("E", GRADC_LOSS, {});
  {
    Builder b(made.kernel("k0"));
    const kernel::Value i = b.begin_for(b.integer(0), b.size(n), 8);
    const kernel::Value j = b.begin_for(b.integer(0), b.size(d), 1);
    const kernel::Value sum = b.carry(b.real(0, real));
    b.next(sum, b.compute(Op::fma, {b.load(x, real, {i, j}, {}, 0), b.load(w, real, {j}, {}, 0), sum}));
    const kernel::Value total = b.carried_result(sum);
    b.end_for();
    const kernel::Value argument[] = {total};
    const kernel::Value y = b.call("sin", argument);
    b.store(f, {i}, y);
    const kernel::Value loss = b.reduce(Combine::add, b.real(0, real), b.compute(Op::mul, {y, y}));
    b.end_for();
    b.store(e, {}, loss);
  }
  return made.take();
}

// d_θ[d] = Σ_n x[n, d]·cos(θ[d]·x[n, d]).
inline kernel::Program gradient() {
  using namespace kernel;
  constexpr Scalar real = Scalar::f64;
  HandMade made("gradient");
  const SizeId n = made.batch(), d = made.fixed(3);
  const BufferId x = made.array("x", GRADC_INPUT, {n, d}, {"", "D"}),
                 w = made.array("θ", GRADC_PARAM, {d}, {"D"}),
                 g = made.array("d_θ", GRADC_GRADIENT, {d}, {"D"}, 1);
  {
    Builder b(made.kernel("k0"));
    const kernel::Value j = b.begin_for(b.integer(0), b.size(d), 1);
    const kernel::Value i = b.begin_for(b.integer(0), b.size(n), 8);
    const kernel::Value element = b.load(x, real, {i, j}, {}, 0);
    const kernel::Value argument[] = {b.compute(Op::mul, {element, b.load(w, real, {j}, {}, 0)})};
    const kernel::Value sum =
        b.reduce(Combine::add, b.real(0, real), b.compute(Op::mul, {element, b.call("cos", argument)}));
    b.end_for();
    b.store(g, {j}, sum);
    b.end_for();
  }
  return made.take();
}

// c[n, k] = Σ_d a[n, d]·b[d, k]; d = 3, k = 4.
inline kernel::Program product() {
  using namespace kernel;
  HandMade made("product");
  const SizeId n = made.batch(), d = made.fixed(3), k = made.fixed(4);
  const BufferId a = made.array("a", GRADC_INPUT, {n, d}), b_ = made.array("int", GRADC_PARAM, {d, k}),
                 c = made.array("c", GRADC_VALUE, {n, k});
  {
    Builder b(made.kernel("k0"));
    const kernel::Value zero = b.integer(0), one = b.integer(1);
    b.multiply({b.size(n),
                b.size(k),
                b.size(d),
                {a, zero, b.size(d), one, true},
                {b_, zero, b.size(k), one, true},
                {c, zero, b.size(k), one, true}});
  }
  return made.take();
}

}  // namespace gradc::test
