// `gradc-native`: all commands, with LLVM inside.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/commands.h"

int main(int argc, char** argv) {
  using namespace gradc::driver;
  static constexpr Command commands[] = {
      {"check", check_command},
      {"diff", diff_command},
      {"eval", eval_command},
      {"train", train_command},
      {"predict", predict_command},
      {"verify", verify_command},
      {"compile", compile_command},
      {"graph", graph_command},
      {"plot", plot_command},
      {"claim", claim_command},
      {"explain-cost", explain_cost_command},
  };
  return run(argc, argv, commands);
}
