// What the user is told. A diagnostic is data: the code that finds a mistake states it, the driver prints it.
//
//   mlp.grad:9:15: error: axis `H` of `w1` meets axis `D` of `x` [E203]
//    9 | z1 = sum(h) x[h] * w1[h] + b1
//      |               ^ `h` ranges over `H` (declared at 2:12)
//      = help: write `a0[h]`, or declare `x[H]`
//
// Wording: lower case, no full stop, says what was seen, names in backticks; the help is a concrete edit.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/support/source.h"

namespace gradc {

enum class Severity { error, warning };

// One per line of diagnostics.def. The code's letter says the severity (E, W), its hundreds the stage.
enum class DiagnosticCode {
#define GRADC_DIAGNOSTIC(code, summary) code,
#include "compiler/support/diagnostics.def"
#undef GRADC_DIAGNOSTIC
};

struct DiagnosticInfo {
  std::string_view code;     // "E203"
  std::string_view summary;  // one line for the list in docs/
};
std::span<const DiagnosticInfo> all_diagnostics();

struct Label {
  SourceRange range;
  std::string text;  // may be empty: a caret alone
};

struct Diagnostic {
  DiagnosticCode code;
  std::string message;
  Label at;                  // the guilty operand
  std::vector<Label> notes;  // other places: declarations, the bracket still open
  std::string help;          // may be empty
  // Mistakes in data files and options stand in no Source: `place` is then printed instead ("data.csv:7:3").
  std::string place = {};

  Severity severity() const;
};

using Diagnostics = std::vector<Diagnostic>;

// About something that stands in no model file: a data file, an option, a run.
Diagnostic error_at(DiagnosticCode code, std::string place, std::string message, std::string help = {});

bool has_errors(const Diagnostics& diagnostics);

// The text shown to the user, with source lines and carets.
std::string render(const Diagnostic& diagnostic, std::span<const Source> sources);
std::string render(const Diagnostics& diagnostics, std::span<const Source> sources);

// The nearest of `candidates` if it is near enough to be a slip of the keyboard, else "".
std::string did_you_mean(std::string_view name, std::span<const std::string> candidates);

}  // namespace gradc
