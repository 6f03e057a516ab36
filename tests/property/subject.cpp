// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/property/subject.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <cstdlib>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "compiler/batch/batch.h"
#include "compiler/diff/derivative.h"
#include "compiler/equations/verify.h"
#include "compiler/operators/noise.h"
#include "compiler/sema/check.h"
#include "grammar/used_files.h"

namespace gradc::test {

// Examples, whose losses are added up.
void take_batch(Subject& s) {
  Batched batched = batch(s.model.system);
  for (Declaration& d : s.model.declarations) d.tensor = batched(d.tensor);
  for (TensorId& t : s.model.equations) t = batched(t);
  s.model.objective = add_batch_sum(batched, s.model.objective);
  s.model.system = std::move(batched.system);
  s.point.sizes[batched.batch] = batch_size;
}

int programs_of_each_policy() {
  const char* text = std::getenv("GRADC_PROGRAMS");
  return text ? std::atoi(text) : 200;
}

std::size_t set_extents(Values<double>& values, const Context& context, std::span<const DimId> dims,
                        const Point<double>& point) {
  std::size_t count = 1;
  for (DimId dim : dims) {
    values.extents.push_back(size_of(context, dim, point).value());
    count *= static_cast<std::size_t>(values.extents.back());
  }
  return count;
}

std::optional<Subject> make_subject(std::uint64_t seed, Policy policy, std::string& problem) {
  const RandomProgram text = random_program(seed, policy);
  Subject s{text.whole(), std::make_unique<Context>(), {}, {}, {}, {}, {}};
  Sources sources{Source("random.grad", text.text)};
  const auto find = [&](const std::string&, const std::string& path) -> Result<UsedFile> {
    return UsedFile{path, path, text.functions};
  };
  const Result<syntax::Program> program = parse_with_uses(sources, "random.grad", find);
  if (!program) {
    problem = render(program.diagnostics(), sources);
    return std::nullopt;
  }
  Result<Model> model = check(*program, *s.context);
  if (!model) {
    problem = render(model.diagnostics(), sources);
    return std::nullopt;
  }
  s.model = std::move(*model);
  Context& c = *s.context;
  if (policy == Policy::batches) take_batch(s);
  std::mt19937_64 random(seed);
  for (const Declaration& d : s.model.declarations) {
    const Tensor& t = c.tensor(d.tensor);
    if (t.type == Type::real) {
      s.wrt.push_back(d.tensor);
      continue;
    }
    Values<double>& v = s.point.tensors[d.tensor];
    const std::size_t count = set_extents(v, c, t.dims, s.point);
    const auto members = static_cast<std::uint64_t>(size_of(c, t.member_of, s.point).value());
    for (std::size_t i = 0; i < count; ++i)
      v.integers.push_back(static_cast<std::int64_t>(random() % members));
  }
  for (TensorId t : s.wrt) {  // also those that no equation reads
    Values<double>& v = s.point.tensors[t];
    const std::size_t count = set_extents(v, c, c.tensor(t).dims, s.point);
    std::uniform_real_distribution<double> uniform(-2, 2);
    for (std::size_t i = 0; i < count; ++i) v.reals.push_back(uniform(random));
  }
  s.derived = s.model.system;
  s.wanted = add_adjoints(s.derived, s.model.objective, s.wrt);
  s.wanted.insert(s.wanted.begin(), s.model.objective);
  s.derived.set_outputs(s.wanted);
  s.derived = given_noise(reachable(s.derived));
  problem = verify(s.derived);
  if (!problem.empty()) return std::nullopt;
  return s;
}

std::vector<std::vector<double>> plain_values(const System& system, const std::vector<TensorId>& wanted,
                                              const Point<double>& point) {
  std::vector<std::vector<double>> result;
  Evaluator<double> evaluator(system, point);
  for (TensorId t : wanted) {
    const auto values = evaluator.tensor(t);
    if (!values) {
      ADD_FAILURE() << evaluator.error();
      return {};
    }
    result.push_back(values->reals);
  }
  return result;
}

std::vector<std::vector<double>> exact_values(const Subject& s) {
  const Point<Precise> point = to_precise(s.point);
  std::vector<std::vector<double>> result;
  Evaluator<Precise> evaluator(s.derived, point);
  for (TensorId t : s.wanted) {
    const auto values = evaluator.tensor(t);
    if (!values) {
      ADD_FAILURE() << evaluator.error();
      return {};
    }
    std::vector<double>& row = result.emplace_back();
    for (const Precise& p : values->reals) row.push_back(p.to_double());
  }
  return result;
}

std::string disagreement(const std::vector<std::vector<double>>& want,
                         const std::vector<std::vector<double>>& plain,
                         const std::vector<std::vector<double>>& got) {
  if (got.size() != want.size()) return "no value";
  for (std::size_t t = 0; t < want.size(); ++t) {
    if (got[t].size() != want[t].size()) return "another shape";
    double largest = 1, error = 0;
    for (std::size_t i = 0; i < want[t].size(); ++i)
      if (std::isfinite(want[t][i])) {
        largest = std::max(largest, std::abs(want[t][i]));
        if (std::isfinite(plain[t][i])) error = std::max(error, std::abs(want[t][i] - plain[t][i]));
      }
    for (std::size_t i = 0; i < want[t].size(); ++i) {
      const double a = want[t][i], b = got[t][i];
      if (std::isnan(a) ? std::isnan(b) : a == b || std::abs(a - b) <= 1e-12 * largest + 1000 * error)
        continue;
      return fmt::format("quantity {} element {}: {} instead of {}", t, i, b, a);
    }
  }
  return "";
}

}  // namespace gradc::test
