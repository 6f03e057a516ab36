// Examples of different lengths in one batch: the sum of what each gives alone, whatever lies behind their
// ends. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
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
namespace {

// Values for examples of a model, padded to the longest; behind the ends stands what must not be read.
class Examples {
 public:
  Examples(const driver::ModelFile& file, std::vector<std::int64_t> lengths)
      : file_(file), lengths_(std::move(lengths)), random_(7) {
    for (const Declaration& d : file_.model.declarations) {
      const bool shared = file_.tensor(d.tensor).role == Role::param;
      for (std::size_t n = 0; n < (shared ? 1 : lengths_.size()); ++n)
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
    const Context& c = *file_.context;
    Point<double> point;
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
      if (t.role == Role::param) {
        v = values_.at(single)[0];
        continue;
      }
      point.sizes[t.dims[0]] = static_cast<std::int64_t>(last - first);
      for (DimId dim : t.dims) v.extents.push_back(size_of(c, dim, point).value());
      for (std::size_t n = first; n < last; ++n)
        append(v, values_.at(single)[n], {v.extents.begin() + 1, v.extents.end()});
    }
    return point;
  }

  std::size_t count() const { return lengths_.size(); }

 private:
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

void batch_is_its_examples(const std::string& text, std::vector<std::int64_t> lengths) {
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
        EXPECT_NEAR(values[k][i], sums[k][i], 1e-12 * std::max(1.0, std::abs(sums[k][i])))
            << file.tensor(wanted[k]).name << " element " << i;
    Call compiled(program, spec, point, sizes);
    EXPECT_EQ(compiled.run(jit.info().functions[0]), GRADC_OK);
    EXPECT_EQ(different_bits(values, compiled.results()), "");
    Evaluator<double> evaluator(spec.system, point);
    const auto loss = evaluator.tensor(spec.results[0].tensor);
    ASSERT_TRUE(loss) << evaluator.error();
    EXPECT_NEAR(loss->reals[0], sums[0][0], 1e-12 * std::max(1.0, std::abs(sums[0][0])));
  }
}

constexpr const char* gru = R"(
dim D = 3, H = 4, K = 5
seq T
input x[T, D]
target label in K
param wz[D, H] init normal(0, 1), uz[H, H] init normal(0, 1), bz[H] init 0
param wr[D, H] init normal(0, 1), ur[H, H] init normal(0, 1), br[H] init 0
param wn[D, H] init normal(0, 1), un[H, H] init normal(0, 1), bn[H] init 0
param v[H, K] init normal(0, 1), c[K] init 0
z[t] = sigmoid(x[t] @ wz + h[t] @ uz + bz)
r[t] = sigmoid(x[t] @ wr + h[t] @ ur + br)
n[t] = tanh(x[t] @ wn + (r[t]*h[t]) @ un + bn)
h[0] = 0
h[t + 1] = (1 - z[t])*n[t] + z[t]*h[t]
logit = h[T] @ v + c
minimize loss = logsumexp(logit) - logit[label]
)";

TEST(Sequences, TheLastStateIsTheExamplesOwn) { batch_is_its_examples(gru, {6, 1, 4, 3, 6, 0}); }

TEST(Sequences, AttentionLooksAtTheExampleAlone) {
  batch_is_its_examples(R"(
dim D = 4, K = 3, V = 5
seq T
input token[T] in V
target following[T] in V
param emb[V, D] init normal(0, 1), wq[D, K] init normal(0, 1), wk[D, K] init normal(0, 1), wv[D, D] init normal(0, 1)
x[t] = emb[token[t]]
q[t, k] = sum(d) x[t, d]*wq[d, k]
key[t, k] = sum(d) x[t, d]*wk[d, k]
score[t, s] = sum(k) q[t, k]*key[s, k] / sqrt(K)
att[t] = softmax(score[t])
y[t, d] = x[t, d] + sum(s, j) att[t, s]*x[s, j]*wv[j, d]
z[t, c] = sum(d) y[t, d]*emb[c, d]
minimize loss = mean(t) ((logsumexp(c) z[t, c]) - z[t, following[t]])
)",
                        {5, 2, 1, 3});
}

// Read from the end, with windows that fit, and the length as a number.
TEST(Sequences, SizesAndRangesAreTheExamplesOwn) {
  batch_is_its_examples(R"(
dim W = 3
seq T
input x[T]
param w[W] init normal(0, 1), a init normal(0, 1)
back[t] = a*x[T - 1 - t] + t
y[i] = sum(k) x[i + k]*w[k]
best = max(t) back[t]
minimize E = (sum(i) y[i]^2) + best*T + (sum(t) log(back[t]^2 + 1)) / T
)",
                        {3, 7, 4, 5});
}

// Behind an example's end nothing is computed that could go wrong.
TEST(Sequences, StepsBehindTheEndAreNotTaken) {
  batch_is_its_examples(R"(
seq T
input x[T]
param a init 0.5
s[0] = 1
s[t + 1] = s[t]*(1.5 + a*x[t]) + sqrt(s[t])/s[t]
minimize E = log(s[T])
)",
                        {4, 1, 6, 2});
}

}  // namespace
}  // namespace gradc::test
