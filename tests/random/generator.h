// The generator of random programs: its state, and who draws what.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <random>
#include <string>
#include <vector>

#include "tests/random/random_program.h"

namespace gradc::test {

class Generator {
 public:
  Generator(std::uint64_t seed, Policy policy) : random_(seed), policy_(policy) {}

  // The functions by themselves where they go into a file of their own.
  RandomProgram program();

 private:
  struct Dim {
    std::string name;
    int size;
    bool sequence = false;
  };

  struct Tensor {
    std::string name;
    std::vector<int> dims;
    int member_of = -1;  // an integer tensor, if >= 0
  };

  struct BoundIndex {
    std::string name;
    int dim;
  };

  int pick(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  const Dim& dim(int number) const { return dims_[static_cast<std::size_t>(number)]; }
  bool is_large(int number) const { return dim(number).size >= 20; }
  bool chance(int percent) { return pick(100) < percent; }
  std::string index_name(std::size_t k) { return std::string(1, "ijklmnopqrs"[k % 11]); }

  // ---- random_program.cpp: declarations and equations
  void declare();
  void noise(int dims);
  std::string brackets(const std::vector<int>& dims);
  void equation(int k);
  void recurrence(const Tensor& t, const std::string& left);
  bool derivative(int k);
  bool operators(int k);
  void objective();

  // ---- random_parts.cpp: what a program may have besides
  void functions();
  void matrices();
  std::string of_matrices(int depth);
  void recurrences();

  // ---- random_expressions.cpp
  std::string real(int depth);
  std::string special(const std::string& a);
  std::string smooth(int depth);
  std::string iterate(int depth);
  std::string kink(int depth);
  std::string reduction(int depth);
  std::string ranked(const std::string& name, int dim);
  std::string across_batch(int depth);
  std::string condition(int depth);
  std::string leaf();
  std::string neighbour(const Tensor& t);
  std::string element(const Tensor& t);
  std::string subscript(int dim);

  std::mt19937_64 random_;
  Policy policy_;
  bool across_ = false;  // inside a reduction over the batch
  bool many_ = false;    // inside a reduction over many
  std::string text_, functions_;
  std::vector<Dim> dims_;
  std::vector<Tensor> tensors_, members_;
  std::vector<Tensor> moved_;  // states of recurrences, by which there are derivatives
  std::vector<BoundIndex> indices_;
  std::vector<std::string> states_;  // of the iterates around
};

}  // namespace gradc::test
