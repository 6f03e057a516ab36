// Examples of different lengths in one batch: the sum of what each gives alone, whatever lies behind their
// ends. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "compiler/diff/derivative.h"
#include "compiler/operators/build.h"
#include "tests/support/machine.h"
#include "tests/support/model_text.h"

namespace gradc::test {

// Values for examples of a model, padded to the longest; behind the ends stands what must not be read.
class Examples {
 public:
  Examples(const driver::ModelFile& file, std::vector<std::int64_t> lengths)
      : file_(file), lengths_(std::move(lengths)), random_(7) {
    for (const Declaration& d : file_.model.declarations) {
      for (std::size_t n = 0; n < (is_shared(file_.tensor(d.tensor)) ? 1 : lengths_.size()); ++n)
        values_[d.tensor].push_back(random_values(d.tensor, n));
    }
  }

  Point<double> one(std::size_t n) const {
    Point<double> point;
    set_sizes(point, lengths_[n]);
    for (const auto& [t, examples] : values_) point.tensors[t] = examples[examples.size() == 1 ? 0 : n];
    return point;
  }

  // The arguments of a batched function for examples first … last - 1.
  Point<double> many(const kernel::FunctionSpec& spec, std::size_t first, std::size_t last) const {
    Context& c = *file_.context;
    Point<double> point;
    point.sizes[batch_dim(c)] = static_cast<std::int64_t>(last - first);
    set_sizes(point, *std::max_element(lengths_.begin() + static_cast<std::ptrdiff_t>(first),
                                       lengths_.begin() + static_cast<std::ptrdiff_t>(last)));
    for (const kernel::ArraySpec& a : spec.arguments) {
      const Tensor& t = c.tensor(a.tensor);
      Values<double>& v = point.tensors[a.tensor];
      if (a.role == GRADC_LENGTH) {
        v.extents = {static_cast<std::int64_t>(last - first)};
        v.integers.assign(lengths_.begin() + static_cast<std::ptrdiff_t>(first),
                          lengths_.begin() + static_cast<std::ptrdiff_t>(last));
        continue;
      }
      const TensorId single = std::ranges::find(file_.model.declarations, a.name, [&](const Declaration& d) {
                                return file_.tensor(d.tensor).name;
                              })->tensor;
      if (is_shared(t)) {
        v = values_.at(single)[0];
        continue;
      }
      for (DimId dim : t.dims) v.extents.push_back(size_of(c, dim, point).value());
      for (std::size_t n = first; n < last; ++n)
        append(v, values_.at(single)[n], {v.extents.begin() + 1, v.extents.end()});
    }
    return point;
  }

  std::size_t count() const { return lengths_.size(); }

 private:
  static bool is_shared(const Tensor& t) { return t.role == Role::param || t.role == Role::constant; }
  void set_sizes(Point<double>& point, std::int64_t length) const {
    for (std::size_t k = 0; k < file_.context->dim_count(); ++k)
      if (const DimId dim{static_cast<std::int32_t>(k)}; file_.context->dim(dim).is_sequence)
        point.sizes[dim] = length;
  }
  Values<double> random_values(TensorId t, std::size_t n) {
    const Tensor& tensor = file_.tensor(t);
    Point<double> point;
    set_sizes(point, lengths_[n]);
    Values<double> v;
    std::int64_t count = 1;
    for (DimId dim : tensor.dims) {
      v.extents.push_back(size_of(*file_.context, dim, point).value());
      count *= v.extents.back();
    }
    std::uniform_real_distribution<double> uniform(-1, 1);
    for (std::int64_t i = 0; i < count; ++i)
      if (tensor.type == Type::real)
        v.reals.push_back(uniform(random_));
      else
        v.integers.push_back(static_cast<std::int64_t>(
            random_() %
            static_cast<std::uint64_t>(size_of(*file_.context, tensor.member_of, point).value())));
    return v;
  }
  static void append(Values<double>& to, const Values<double>& from, std::vector<std::int64_t> padded) {
    std::int64_t count = 1;
    for (std::int64_t extent : padded) count *= extent;
    for (std::int64_t i = 0; i < count; ++i) {
      std::int64_t rest = i, at = 0, stride = 1;
      bool inside = true;
      for (std::size_t a = padded.size(); a-- > 0; rest /= padded[a], stride *= from.extents[a]) {
        inside = inside && rest % padded[a] < from.extents[a];
        at += rest % padded[a] * stride;
      }
      if (!from.reals.empty() || from.integers.empty())
        to.reals.push_back(inside ? from.reals[static_cast<std::size_t>(at)]
                                  : std::numeric_limits<double>::quiet_NaN());
      else
        to.integers.push_back(inside ? from.integers[static_cast<std::size_t>(at)] : -7);
    }
  }

  const driver::ModelFile& file_;
  std::vector<std::int64_t> lengths_;
  std::mt19937_64 random_;
  std::map<TensorId, std::vector<Values<double>>> values_;
};

inline void batch_is_its_examples(const std::string& text, std::vector<std::int64_t> lengths,
                                  double tolerance = 1e-12) {
  const driver::ModelFile file = model_of(text);
  const kernel::FunctionSpec spec = gradient_of(file);
  const Examples examples(file, lengths);

  // Each by itself, with the equations of one example.
  System alone = file.model.system;
  std::vector<TensorId> params;
  for (const Declaration& d : file.model.declarations)
    if (file.tensor(d.tensor).role == Role::param) params.push_back(d.tensor);
  std::vector<TensorId> wanted{file.model.objective};
  for (TensorId t : add_adjoints(alone, file.model.objective, params)) wanted.push_back(t);
  std::vector<std::vector<double>> sums(wanted.size());
  for (std::size_t n = 0; n < examples.count(); ++n) {
    const Point<double> one = examples.one(n);
    Evaluator<double> evaluator(alone, one);
    for (std::size_t k = 0; k < wanted.size(); ++k) {
      const auto value = evaluator.tensor(wanted[k]);
      ASSERT_TRUE(value) << evaluator.error();
      sums[k].resize(value->reals.size());
      for (std::size_t i = 0; i < sums[k].size(); ++i) sums[k][i] += value->reals[i];
    }
  }

  for (const bool products : {true, false}) {
    const kernel::Program program = kernel::lower(spec, {.products = products});
    const codegen::JitModel jit({"test", GRADC_F64, std::span(&program, 1)});
    const Point<double> point = examples.many(spec, 0, examples.count());
    std::vector<std::int64_t> sizes;
    for (const std::string& name : program.size_names)
      sizes.push_back(name == "batch" ? static_cast<std::int64_t>(examples.count())
                                      : *std::ranges::max_element(lengths));
    Call interpreted(program, spec, point, sizes);
    ASSERT_EQ(interpreted.interpret(), GRADC_OK);
    const auto values = interpreted.results();
    ASSERT_EQ(values.size(), wanted.size());
    for (std::size_t k = 0; k < wanted.size(); ++k)
      for (std::size_t i = 0; i < sums[k].size(); ++i)
        EXPECT_NEAR(values[k][i], sums[k][i], tolerance * std::max(1.0, std::abs(sums[k][i])))
            << file.tensor(wanted[k]).name << " element " << i;
    Call compiled(program, spec, point, sizes);
    EXPECT_EQ(compiled.run(jit.info().functions[0]), GRADC_OK);
    EXPECT_EQ(different_bits(values, compiled.results()), "");
    Evaluator<double> evaluator(spec.system, point);
    const auto loss = evaluator.tensor(spec.results[0].tensor);
    ASSERT_TRUE(loss) << evaluator.error();
    EXPECT_NEAR(loss->reals[0], sums[0][0], tolerance * std::max(1.0, std::abs(sums[0][0])));
  }
}

}  // namespace gradc::test
