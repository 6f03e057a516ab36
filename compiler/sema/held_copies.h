// Equations in which something is held, beside the equations themselves: what has a derivative that is
// stated, or that follows from a theorem, must not be derived through its value as well. The copies make the
// value; the equations are what the derivative is written with, and move with everything
// (operators/stated.h). SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <functional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/equations/system.h"

namespace gradc::sema {

class HeldCopies {
 public:
  using Namer = std::function<std::string(const std::string& stem)>;
  // For the `stated` of this number.
  HeldCopies(Context& context, Namer name, int number)
      : c_(context), name_(std::move(name)), number_(number) {}

  // What is read of t is held,
  void hold(TensorId t) { held_.insert(t); }
  // or read of another tensor, which holds it.
  void hold(TensorId t, TensorId copy);

  // Copies of those equations that read what is held, by themselves or through each other.
  std::vector<Definition> of(const std::vector<Definition>& equations);
  // An expression as the copies read it.
  Expr held(Expr e) const;

 private:
  bool reads_held(const Definition& d) const;
  TensorId whole(TensorId t, std::vector<Definition>& made);

  Context& c_;
  Namer name_;
  int number_;
  std::set<TensorId> held_;
  std::unordered_map<TensorId, TensorId> copies_;
};

}  // namespace gradc::sema
