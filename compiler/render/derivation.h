// A system for people: every definition on a line of its own, values first, then derivatives; named
// quantities are never written out, and an adjoint that is used again gets a short name, δ^z_h := ∂E/∂z_h.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/equations/system.h"
#include "compiler/operators/evaluate.h"
#include "compiler/render/notation.h"
#include "compiler/steps/steps.h"

namespace gradc {

enum class RenderFormat { text, latex, json, dot, mathml };

// "line 3", of an equation of the file.
using PlaceName = std::function<std::string(SourceRange)>;

struct RenderOptions {
  RenderFormat format = RenderFormat::text;
  DerivativeNotation notation = DerivativeNotation::leibniz;
  bool matrix = false;  // formulas of whole matrices where there are such
  System further = {};  // with `matrix`: definitions whose names may stand for their values, shown if they do
  bool short_names = true;
  std::vector<Chain> chains = {};  // how the derivatives came about, printed behind them
  PlaceName place = {};
  const Point<double>* numbers = nullptr;  // put in behind each line
};

// `system` holds values and derivatives (Role::adjoint, Role::tangent). LaTeX comes as an align* environment,
// MathML as one <math display="block"> for each.
std::string render_system(const System& system, const RenderOptions& options = {});

// A file that pdflatex compiles, with nothing but amsmath and amssymb.
std::string latex_document(std::string_view body);

// ---- the lines, for other printers
struct DerivationLine {
  TensorId tensor = {};
  bool is_derivative = false;
  bool is_local = false;    // u_1 = …, a part of the line above
  bool is_numbers = false;  // the line above at a point
  std::string name;         // what stands before `:=`; empty: nothing does
  std::string left;
  std::string relation;              // "=", "\sim"
  std::vector<std::string> right;    // pieces: a line may be broken between them
  std::vector<std::string> indices;  // the tensor's, in the order of its axes
  std::string rule;
  std::vector<TensorId> reads;  // what the right side names
};
std::vector<DerivationLine> derivation(const System& system, Format format, const RenderOptions& options);

// δ for adjoints of values between, that other definitions use.
Notation choose_notation(const System& system, const RenderOptions& options);

}  // namespace gradc
