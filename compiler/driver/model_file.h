// A model file, read and checked: what every command begins with.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "compiler/driver/dump.h"
#include "compiler/driver/options.h"
#include "compiler/sema/check.h"
#include "compiler/support/result.h"
#include "grammar/used_files.h"

namespace gradc::driver {

struct ModelFile {
  std::string name;  // of the file, without folder and ending: what the model is called
  Sources sources;   // where diagnostics point to: the file itself, then those that it uses
  std::vector<UseOf> uses = {};
  std::unique_ptr<Context> context;
  Model model;

  std::string_view text() const { return sources.front().text(); }
  const Tensor& tensor(TensorId id) const { return context->tensor(id); }
};

// A model's text, and where it finds the files that it uses.
struct ModelText {
  std::string name;
  Source source;
  std::string identity = {};
  FindFile find = uses_nothing;

  static Result<UsedFile> uses_nothing(const std::string& user, const std::string& path);
};

// Mistakes and warnings are printed to stderr, and put into `diagnostics`, which point into `sources`; none:
// there were mistakes.
std::optional<ModelFile> load_model(const Options& options, Dump& dump, Diagnostics* diagnostics = nullptr,
                                    Sources* sources = nullptr);
// The same from a text that is in memory already, as a run keeps it; quiet: nothing is printed.
std::optional<ModelFile> check_model(ModelText text, const CheckOptions& options, Dump& dump,
                                     Diagnostics* diagnostics = nullptr, Sources* sources = nullptr,
                                     bool quiet = false);
// The model of --claim: what the file says, and one claim more, in a source of its own.
std::optional<ModelFile> load_model_with_claim(const Options& options, Dump& dump);

// Prints to stderr; the status that they ask for.
int report(const Diagnostics& diagnostics, const Sources& sources = {});

// To the terminal, or with -o into a file that is there whole or not at all.
int deliver(const Options& options, const std::string& text);

// "did you mean `x`?", or "there are: a, b", or nothing.
std::string nearest(std::string_view name, std::span<const std::string> known, std::string_view what);

}  // namespace gradc::driver
