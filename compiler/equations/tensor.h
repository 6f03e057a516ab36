// Dims and tensors: the names of a model, declared once and kept in the Context.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/equations/expr.h"
#include "compiler/equations/index.h"
#include "compiler/support/source.h"

namespace gradc {

// A nominal size: an axis of D never meets an axis of H, even where both are 8.
struct Dim {
  enum class Kind : std::uint8_t {
    fixed,     // `dim D = 3`, or --dim: `size` is a constant
    run_time,  // from the data, or the batch: a symbol down to the ABI
    computed,  // `dim L = D*(D-1)/2`, or one position more than T: `size` is an integer expression of sizes
  };
  std::string name;
  Kind kind = Kind::run_time;
  Expr size = {};  // fixed, computed
  SourceRange declared = {};
  bool is_batch = false;     // the index that nobody writes
  bool is_sequence = false;  // `seq T`
  bool anonymous = false;    // made by an equation, not declared
  bool of_steps = false;     // of an `iterate`: most of its positions are never reached
  bool of_segments = false;  // counts segments of time: see Segments
};

enum class Role : std::uint8_t {
  input,     // new for every example
  target,    // new for every example; not needed to predict
  constant,  // given once
  param,     // learned
  noise,     // drawn for every example and step
  length,    // made by batching: how long an example is along a `seq`
  derived,   // defined by an equation of the file
  adjoint,   // ∂of/∂wrt, made by differentiation (reverse)
  tangent,   // directional derivative (forward)
  seed,      // a given direction or cotangent
};

// Work of a loop over segments of time (compiler/checkpoint), by its number: for each time there is one on
// the way up, and one on the way down.
enum class Segments : std::int32_t { none = 0 };

struct Tensor {
  std::string name;  // as written (NFC); for derivatives a unique name such as "d_E_w0"
  Role role = Role::derived;
  Type type = Type::real;
  std::vector<DimId> dims = {};  // one per axis
  SourceRange declared = {};
  bool auxiliary = false;  // a part of an equation that got a tensor of its own; the file does not name it
  DimId member_of = {};    // integer tensors: the dim whose members the values are
  DimId length_of = {};    // Role::length: the `seq`
  bool wide = false;       // integer tensors: values may be beyond 32 bits
  // Boolean tensors: it holds at the first counted_by[…] positions of its last axis, and at no other.
  TensorId counted_by = {};
  Segments segments = Segments::none;
  // A copy of that one's equation with something held in it: the same value, which does not move with what is
  // held. Whoever differentiates writes the original into the derivative (operators/stated.h).
  TensorId held_of = {};
  int held_for = 0;  // the number of the `stated` whose value is made with it

  // For adjoint and tangent: ∂of/∂wrt, elementwise. The first axes are `of`'s, the last are `wrt`'s.
  TensorId of = {};
  TensorId wrt = {};
  // Or of and by certain elements: the subscripts of `of`, then those of wrt, in the tensor's slots. Empty:
  // axis by axis as above.
  std::vector<Expr> at = {};

  std::size_t rank() const { return dims.size(); }
};

}  // namespace gradc
