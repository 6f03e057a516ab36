// What indices are called where they are printed. Inside the representation they have no names, only hints;
// here each gets one that is not taken by an enclosing index or by a tensor. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
#pragma once

#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "compiler/equations/system.h"

namespace gradc {

class IndexNames {
 public:
  // No index gets a name of `taken`.
  IndexNames(const Context& context, std::unordered_set<std::string> taken)
      : context_(&context), taken_(std::move(taken)) {}

  // Leaves all scopes and enters that of a definition: slot k has dim dims[k] and, if it can, the name
  // hints[k].
  void begin(std::span<const DimId> dims, std::span<const std::string> hints);
  // Enters binder k of a reduction. A reduction keeps the name that it got first, wherever that is free.
  const std::string& enter(Expr reduce, std::size_t k);
  // Enters an index that stands for itself, in no reduction.
  std::string enter_as(Index index) {
    scope_.emplace_back(index, choose({}, index.dim));
    return scope_.back().second;
  }
  void leave(std::size_t count) { scope_.resize(scope_.size() - count); }

  // What is in scope, to be put back where a term of this scope is printed later.
  using Scope = std::vector<std::pair<Index, std::string>>;
  const Scope& scope() const { return scope_; }
  void restore(Scope scope) { scope_ = std::move(scope); }

  const std::string& of(Index index) const;
  const std::string& slot(std::size_t k) const { return scope_[k].second; }
  bool is_free(const std::string& name) const;

 private:
  std::string choose(std::string_view hint, DimId dim) const;

  const Context* context_;
  std::unordered_set<std::string> taken_;
  Scope scope_;
  std::unordered_map<std::int32_t, std::vector<std::string>> first_names_;  // by the reduction's id
};

// The names of all tensors that a system defines, reads or puts out.
std::unordered_set<std::string> tensor_names(const System& system);

}  // namespace gradc
