// The commands. Each returns the status that the process ends with.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <span>

#include "compiler/driver/options.h"

namespace gradc::driver {

inline constexpr int status_ok = 0;
inline constexpr int status_user_error = 1;
inline constexpr int status_usage = 2;
inline constexpr int status_internal = 3;

int check_command(const Options& options);
int diff_command(const Options& options);
int eval_command(const Options& options);
int train_command(const Options& options);
int predict_command(const Options& options);
int verify_command(const Options& options);
int compile_command(const Options& options);
int graph_command(const Options& options);
int plot_command(const Options& options);
int claim_command(const Options& options);
int explain_cost_command(const Options& options);

struct Command {
  const char* name;
  int (*run)(const Options&);
};
// What a command line says, by one of the commands.
int run(int argc, const char* const* argv, std::span<const Command> commands);

}  // namespace gradc::driver
