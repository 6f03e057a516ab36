// What a command line says, before anything in it is looked up.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gradc::driver {

struct Options {
  std::string command;
  std::string file;                          // a model file; for predict: the folder of a run
  std::vector<std::string> include;          // -I: further folders that files are used from
  std::map<std::string, std::int64_t> dims;  // --dim N=5
  std::string dump;                          // --dump=PASS; empty: none
  bool json = false;

  // Which quantities, and which derivatives of them.
  std::vector<std::string> of, wrt;
  std::optional<int> order;
  std::string mode;     // "forward", "reverse"; empty: the cheaper one
  bool sparse = false;  // derivatives of many by many as their entries

  // How formulas are printed.
  std::string format = "text", notation = "leibniz", style = "index";
  bool steps = false;
  bool expand = false;          // no names between
  bool update = false;          // how the optimiser moves the params
  bool batch_mean = false;      // the mean over a batch of examples
  std::vector<std::string> at;  // numbers to put in: x=1, or the number of an example of --data

  // At which point, and how numbers are computed.
  std::vector<std::string> set;
  std::vector<std::string> data, test;
  std::optional<std::int64_t> example;  // only this one of --data, from 0
  std::string precision;                // "f32", "f64"; empty: f64, or the run's
  std::string recompute;  // "sqrt": states of recurrences at checkpoints; empty: the file's, or "none"
  std::optional<int> threads;  // none: as many as the machine has
  std::optional<std::uint64_t> seed;
  bool sample = false;  // noise is drawn, and does not stand for its mean

  // Training and what it leaves behind.
  std::optional<std::int64_t> epochs, batch;
  std::string out;
  std::optional<int> digits;  // of predictions; without: as many as read back

  // Compiling ahead of time.
  std::vector<std::string> emit;
  std::string target, cpu;

  std::string claim;  // claim: one more than the file has

  int points = 3;  // verify
};

}  // namespace gradc::driver
