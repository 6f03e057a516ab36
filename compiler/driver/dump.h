// `--dump=PASS`: what stands after each pass, as text that can be read back.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/equations/system.h"

namespace gradc::driver {

// syntax, equations, …, all
const std::vector<std::string>& dump_passes();

// Passes tell it what they made; it prints the one that was asked for, or all of them under headings.
class Dump {
 public:
  explicit Dump(std::string wanted) : wanted_(std::move(wanted)) {}

  bool wanted() const { return !wanted_.empty(); }
  // Whether this pass, or one behind it, is of interest.
  bool reaches(std::string_view pass) const;
  void show(std::string_view pass, const std::function<std::string()>& text);
  void show(std::string_view pass, const System& system);
  // The status of a command that stops after dumping: what was asked for may not exist there.
  int finish(std::string_view command) const;

 private:
  std::string wanted_;
  bool printed_ = false;
  std::vector<std::string> shown_ = {};  // all that there was
};

}  // namespace gradc::driver
