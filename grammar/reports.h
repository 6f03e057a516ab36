// The diagnostics of one file, and no more of them than a person would
// read. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "compiler/support/diagnostic.h"

namespace gradc::grammar {

class Reports {
 public:
  static constexpr std::size_t most = 50;

  void add(Diagnostic diagnostic) {
    if (full()) return;
    list_.push_back(std::move(diagnostic));
    if (list_.size() == most)
      list_.push_back(plain(DiagnosticCode::E117, list_.back().at.range,
                            "too many mistakes: the rest of the file is not read", ""));
  }
  void add(DiagnosticCode code, SourceRange at, std::string message, std::string help) {
    add(plain(code, at, std::move(message), std::move(help)));
  }
  bool full() const { return list_.size() > most; }
  bool empty() const { return list_.empty(); }
  // From the top of the file to its end: the lexer, the parser and the checks behind it each go through it
  // once.
  Diagnostics take() {
    std::stable_sort(
        list_.begin(), full() ? list_.end() - 1 : list_.end(),
        [](const Diagnostic& a, const Diagnostic& b) { return a.at.range.begin < b.at.range.begin; });
    return std::move(list_);
  }

 private:
  static Diagnostic plain(DiagnosticCode code, SourceRange at, std::string message, std::string help) {
    Diagnostic diagnostic;
    diagnostic.code = code;
    diagnostic.message = std::move(message);
    diagnostic.at.range = at;
    diagnostic.help = std::move(help);
    return diagnostic;
  }
  Diagnostics list_;
};

}  // namespace gradc::grammar
