// One random program made ready for comparison: its model, a point to evaluate at, and the derivatives of E.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/sema/model.h"
#include "tests/random/random_program.h"
#include "tests/support/differences.h"

namespace gradc::test {

constexpr std::int64_t batch_size = 3;  // of what is a batch; the only size that is not fixed

// How many programs of each policy are tried, 2000 in all; GRADC_PROGRAMS sets it (./dev soak sets many).
int programs_of_each_policy();

struct Subject {
  std::string text;
  std::unique_ptr<Context> context;
  Model model;
  std::vector<TensorId> wrt;     // every real tensor that is given
  System derived;                // the model and its adjoints, as differentiation left them
  std::vector<TensorId> wanted;  // E, then ∂E/∂wrt
  Point<double> point;
};

// Says how long the axes of a tensor are at a point; how many elements it has.
std::size_t set_extents(Values<double>& values, const Context& context, std::span<const DimId> dims,
                        const Point<double>& point);

// Parses and checks the program of a seed; an error in it is a failure, described by `problem`.
std::optional<Subject> make_subject(std::uint64_t seed, Policy policy, std::string& problem);

// What the numbers should be: the system of `of` evaluated with 100 digits; empty where that fails.
std::vector<std::vector<double>> exact_values(const Subject& subject);
std::vector<std::vector<double>> plain_values(const System& system, const std::vector<TensorId>& wanted,
                                              const Point<double>& point);

// "" if `got` agrees with `want` as well as double arithmetic can be asked to: to 1e-12 of the largest value
// around, or to 1000 times the error that plain evaluation of the unsimplified system makes itself.
std::string disagreement(const std::vector<std::vector<double>>& want,
                         const std::vector<std::vector<double>>& plain,
                         const std::vector<std::vector<double>>& got);

}  // namespace gradc::test
