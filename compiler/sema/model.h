// The typed model: what a file says once every name, index and dim is resolved. Everything behind sema
// (batching, differentiation, rendering, code, training) reads this and never the syntax.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/equations/system.h"
#include "compiler/support/diagnostic.h"
#include "runtime/train_options.h"

namespace gradc {

// What a const is given, or a param starts from: one expression for every element, or one for each in
// row-major order. The expressions have no free index; they may read sizes and consts with values, nothing
// else.
struct GivenValue {
  Expr uniform = {};
  std::vector<Expr> elements = {};
};

// What a param starts from: a value (init 0, init [1, 1, 1]) or an entry of the runtime's table
// (init glorot_uniform), its arguments checked.
struct Initialiser {
  std::optional<NamedCall> call = {};
  GivenValue given = {};  // without a call
  SourceRange range = {};
};

// One input, target, const or param, in the order of the file. Role, dims and member_of are the tensor's.
struct Declaration {
  TensorId tensor;
  std::vector<std::string> columns = {};        // data columns: input x "sepal length (cm)", "…"
  std::optional<GivenValue> value = {};         // const with a value
  std::optional<Initialiser> initialiser = {};  // param
};

// train { … }: every key is checked, the optimizer against the runtime's table.
struct TrainSettings {
  bool stated = false;  // the file has a train block
  TrainOptions options = {};
  bool recompute = false;              // states of recurrences are kept at √T checkpoints
  std::vector<std::string> keys = {};  // the keys that the file states, in its order
};

// An assertion that the compiler could not prove by itself: to be tested on values.
struct Check {
  Expr condition;  // boolean, without free indices
  SourceRange range = {};
};

// Two sides that somebody says are equal, for all positions of the slots: what `gradc claim` decides.
struct Claim {
  Expr left = {}, right = {};  // real
  std::vector<DimId> dims = {};
  std::vector<std::string> index_names = {};  // of the slots; empty where the axis has none
  SourceRange left_range = {}, right_range = {};
  bool blank = false;  // not filled in yet: there are no sides
};

struct Model {
  System system;                          // every equation of the file, for one example; outputs as below
  std::vector<Declaration> declarations;  // inputs, targets, consts and params
  std::vector<TensorId> equations;  // what the file defines, in its order (objective, penalties, metrics too)
  TensorId objective = {};          // minimize; may be absent
  std::vector<TensorId> penalties = {};   // scalars of params and consts: added to the objective once
  std::vector<TensorId> metrics = {};     // scalars per example; the mean is reported
  std::vector<TensorId> statistics = {};  // reductions over the batch: their mean over an epoch is kept
  std::vector<Check> checks = {};
  std::vector<Claim> claims = {};
  TrainSettings train = {};
  std::map<std::string, DimId> dims = {};  // the declared ones
  std::vector<TensorId> default_outputs =
      {};  // the objective, or every real scalar that no other equation uses
  Diagnostics warnings = {};
};

}  // namespace gradc
