// `gradc`: the commands that make no machine code. LLVM takes longer to start than these take to run, so the
// others are those of a second program beside this one, which takes this one's place.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>

#include "compiler/driver/command_compile.h"
#include "compiler/driver/commands.h"
#include "compiler/driver/numbers_at.h"

namespace gradc::driver {
namespace {

char** arguments = nullptr;

[[noreturn]] void start_native() {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::string native = (self.parent_path() / "gradc-native").string();
  ::execv(native.c_str(), arguments);
  std::fprintf(stderr,
               "gradc: error: `%s` cannot be started: %s\n"
               "   = help: it makes machine code, and belongs beside `gradc`\n",
               native.c_str(), std::strerror(errno));
  std::exit(status_user_error);
}

int run_natively(const Options&) { start_native(); }

constexpr Command commands[] = {
    {"check", check_command},  {"diff", diff_command},         {"graph", graph_command},
    {"claim", claim_command},  {"eval", run_natively},         {"train", run_natively},
    {"predict", run_natively}, {"verify", run_natively},       {"compile", run_natively},
    {"plot", run_natively},    {"explain-cost", run_natively},
};

// Also `check --dump=llvm` and `diff --at x=2`.
bool needs_native(int argc, char** argv) {
  const bool of_code = argc > 1 && std::ranges::any_of(commands, [&](const Command& c) {
                         return c.run == &run_natively && std::string_view(argv[1]) == c.name;
                       });
  return of_code || std::any_of(argv + 1, argv + argc, [](std::string_view argument) {
           return argument.starts_with("--at") || argument.starts_with("--dump");
         });
}

}  // namespace

// The two functions behind which machine code is made.
Result<Point<double>> numbers_at(const ModelFile&, const Derivatives&, const Options&) { start_native(); }
int dump_functions(const ModelFile&, const Options&, Dump&) { start_native(); }

}  // namespace gradc::driver

int main(int argc, char** argv) {
  using namespace gradc::driver;
  arguments = argv;
  if (needs_native(argc, argv)) start_native();
  return run(argc, argv, commands);
}
