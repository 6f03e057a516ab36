// Collects what the checker has to say. The body of a function is checked once for each set of argument
// types, and the same mistake in it is told once. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "compiler/support/diagnostic.h"

namespace gradc::sema {

class Reports {
 public:
  void add(DiagnosticCode code, SourceRange at, std::string message, std::string label = {},
           std::string help = {}, std::vector<Label> notes = {}) {
    if (!told_.emplace(static_cast<int>(code), at.begin, at.end).second) return;
    diagnostics_.push_back(
        {code, std::move(message), {at, std::move(label)}, std::move(notes), std::move(help)});
  }
  void add(Diagnostic diagnostic) { diagnostics_.push_back(std::move(diagnostic)); }

  const Diagnostics& all() const { return diagnostics_; }
  std::size_t size() const { return diagnostics_.size(); }
  // So many that looking for similar names would take long, and nobody reads on.
  bool crowded() const { return size() > 2 * most_shown; }
  // What was said after `size` diagnostics, to be added to.
  template <class Change>
  void change_from(std::size_t size, const Change& change) {
    for (std::size_t k = size; k < diagnostics_.size(); ++k) change(diagnostics_[k]);
  }
  void retract(DiagnosticCode code, SourceRange at) {
    std::erase_if(diagnostics_, [&](const Diagnostic& d) { return d.code == code && d.at.range == at; });
  }
  // Forgets what was said after `size` diagnostics, but for the codes that `keeps` wants.
  template <class Keeps>
  void keep_only_from(std::size_t size, const Keeps& keeps) {
    std::erase_if(diagnostics_, [&, k = std::size_t{0}](const Diagnostic& d) mutable {
      return k++ >= size && !keeps(d.code);
    });
  }

  static constexpr std::size_t most_shown = 50;

 private:
  Diagnostics diagnostics_;
  std::set<std::tuple<int, std::uint32_t, std::uint32_t>> told_;
};

// "`a`, `b` and `c`"
inline std::string listed(const std::vector<std::string>& names) {
  std::string result;
  for (std::size_t k = 0; k < names.size(); ++k)
    result += (k == 0 ? "" : k + 1 == names.size() ? " and " : ", ") + ("`" + names[k] + "`");
  return result;
}

}  // namespace gradc::sema
