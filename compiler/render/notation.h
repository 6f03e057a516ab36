// How elements of tensors are written: plain ones by their names, derivatives as ∂E/∂w_{dh}, E'(x), E_w or
// [∇_w E]_{dh}, what has a short name by that. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "compiler/equations/context.h"
#include "compiler/equations/operator.h"
#include "compiler/render/latex_name.h"

namespace gradc {

enum class Format { text, latex };
enum class DerivativeNotation { leibniz, lagrange, nabla };

struct ShortName {
  LatexName latex;
  std::string text;
  Precedence binds = Precedence::atom;
};

struct Notation {
  DerivativeNotation derivatives = DerivativeNotation::leibniz;
  std::unordered_map<TensorId, ShortName> short_names;
  std::unordered_set<TensorId> primes;  // lagrange: functions of one number, whose derivative is f'(x)
};

// A tensor as a derivative: of `base` by each of `wrt` in turn. The axes of base come first, then those of
// each wrt; or else `at` says which elements they are.
struct DerivativeOf {
  TensorId base;
  std::vector<TensorId> wrt;
  bool is_whole = true;
  std::vector<Expr> base_at = {};              // in slots of the tensor
  std::vector<std::vector<Expr>> wrt_at = {};  // of each wrt
};
// None for plain tensors and for derivatives along a direction.
std::optional<DerivativeOf> derivative_of(const Context& context, TensorId tensor);

// An element as a row of pieces: literals, and names with some of its subscripts.
struct AccessPiece {
  std::string literal;
  LatexName name;                    // latex; unused if `count` is 0 and the base empty
  std::string text_name;             // text
  std::size_t first = 0, count = 0;  // which of the subscripts are this name's, or
  bool is_name = false;
  std::vector<Expr> at = {};  // what it has instead, in slots for those
};
struct AccessForm {
  std::vector<AccessPiece> pieces;
  Precedence binds = Precedence::atom;
};
AccessForm access_form(const Context& context, const Notation& notation, Format format, TensorId tensor);

}  // namespace gradc
