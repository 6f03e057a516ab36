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

namespace gradc {

// What a const is given, or a param starts from: one expression for every element, or one for each in
// row-major order. The expressions have no free index; they may read sizes and consts with values, nothing
// else.
struct GivenValue {
  Expr uniform = {};
  std::vector<Expr> elements = {};
};

enum class InitialiserKind : std::uint8_t {
  value,           // init 0, init [1, 1, 1]
  normal,          // normal(mean, deviation)
  uniform,         // uniform(low, high)
  glorot_uniform,  // Glorot and Bengio 2010: ±sqrt(6/(in + out)); in is the product of all axes but the last
  glorot_normal,   // deviation sqrt(2/(in + out))
  he_uniform,      // He et al. 2015: ±sqrt(6/in)
  he_normal,       // deviation sqrt(2/in)
  lecun_normal,    // LeCun et al. 1998: deviation sqrt(1/in)
};

struct Initialiser {
  InitialiserKind kind = InitialiserKind::value;
  GivenValue given = {};  // value
  double first = 0;       // normal: mean; uniform: low
  double second = 1;      // normal: deviation; uniform: high
  SourceRange range = {};
};

// One input, target, const or param, in the order of the file. Role, dims and member_of are the tensor's.
struct Declaration {
  TensorId tensor;
  std::vector<std::string> columns = {};        // data columns: input x "sepal length (cm)", "…"
  std::optional<GivenValue> value = {};         // const with a value
  std::optional<Initialiser> initialiser = {};  // param
};

enum class OptimizerKind : std::uint8_t { sgd, momentum, adam };

struct OptimizerSettings {
  OptimizerKind kind = OptimizerKind::sgd;
  double rate = 0.01;
  double momentum = 0.9;  // momentum
  bool nesterov = false;  // momentum
  double beta1 = 0.9;     // adam
  double beta2 = 0.999;   // adam
  double epsilon = 1e-8;  // adam
};

// train { … }: every key is checked; the defaults are what a file without the key gets.
struct TrainSettings {
  bool stated = false;  // the file has a train block
  OptimizerSettings optimizer = {};
  std::int64_t batch = 32;
  std::int64_t epochs = 10;
  std::uint64_t seed = 0;
  double validation = 0;  // the share of the examples that is held back, 0 <= share < 1
  bool shuffle = true;
  std::vector<std::string> keys;  // the keys that the file states, in its order
};

// An assertion that the compiler could not prove by itself: to be tested on values.
struct Check {
  Expr condition;  // boolean, without free indices
  SourceRange range = {};
};

struct Model {
  System system;                          // every equation of the file, for one example; outputs as below
  std::vector<Declaration> declarations;  // inputs, targets, consts and params
  std::vector<TensorId> equations;  // what the file defines, in its order (objective, penalties, metrics too)
  TensorId objective = {};          // minimize; may be absent
  std::vector<TensorId> penalties = {};  // scalars of params and consts: added to the objective once
  std::vector<TensorId> metrics = {};    // scalars per example; the mean is reported
  std::vector<Check> checks = {};
  TrainSettings train = {};
  std::map<std::string, DimId> dims = {};  // the declared ones
  std::vector<TensorId> default_outputs =
      {};  // the objective, or every real scalar that no other equation uses
  Diagnostics warnings = {};
};

}  // namespace gradc
