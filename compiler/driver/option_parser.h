// Which commands and options there are: the parser that fills Options.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "compiler/driver/options.h"

namespace gradc::driver {

class OptionParser {
 public:
  OptionParser();

  Options options;
  CLI::App& app() { return app_; }
  std::vector<std::string> commands();

 private:
  using Words = std::vector<std::string>;

  // The commands.
  void check();
  void diff();
  void eval();
  void train();
  void predict();
  void verify();
  void compile();
  void graph();
  void plot();
  void claim();
  void explain_cost();

  CLI::App* command(const char* name, const char* about, const char* file = "FILE",
                    const char* file_help = "the model file");
  // An option that may be repeated.
  CLI::Option* list(CLI::App* c, const char* name, Words& into, const char* value, const char* help);

  // Options that several commands have.
  void dims(CLI::App* c);
  void dump(CLI::App* c);
  void json(CLI::App* c);
  void quantities(CLI::App* c, const char* wrt_help = "derivatives by these; default: params, or inputs");
  void values(CLI::App* c);
  void precision(CLI::App* c);
  void recompute(CLI::App* c);
  void threads(CLI::App* c, const char* by_default = "all there are");
  void mode(CLI::App* c);
  void sample(CLI::App* c);
  void order(CLI::App* c, int at_most, int by_default);
  void output(CLI::App* c);
  CLI::Option* data(CLI::App* c);

  CLI::App app_;
};

// "unknown option `--fromat`", with the nearest of those that there are as help.
std::string unknown_word(std::string_view what, const std::string& word,
                         const std::vector<std::string>& known);

}  // namespace gradc::driver
