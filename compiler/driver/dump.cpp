// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/dump.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "compiler/driver/commands.h"
#include "compiler/render/dump.h"

namespace gradc::driver {

const std::vector<std::string>& dump_passes() {
  static const std::vector<std::string> passes{"syntax",     "equations", "batch", "adjoint", "simplified",
                                               "stabilised", "kernels",   "llvm",  "all"};
  return passes;
}

bool Dump::reaches(std::string_view pass) const {
  const std::vector<std::string>& passes = dump_passes();
  return wanted() && std::ranges::find(passes, wanted_) >= std::ranges::find(passes, pass);
}

void Dump::show(std::string_view pass, const std::function<std::string()>& text) {
  shown_.emplace_back(pass);
  if (wanted_ != pass && wanted_ != "all") return;
  if (wanted_ == "all") fmt::print("{}# ---- {}\n", printed_ ? "\n" : "", pass);
  printed_ = true;
  fmt::print("{}", text());
}

void Dump::show(std::string_view pass, const System& system) {
  show(pass, [&] { return gradc::dump(system); });
}

int Dump::finish(std::string_view command) const {
  if (printed_) return status_ok;
  fmt::print(stderr, "gradc: error: `gradc {}` has no pass `{}` for this file\n   = help: it has: {}\n",
             command, wanted_, fmt::join(shown_, ", "));
  return status_usage;
}

}  // namespace gradc::driver
