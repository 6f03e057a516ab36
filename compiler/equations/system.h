// A System: the definitions reachable from the wanted outputs, in one Context. The only thing passes
// exchange: the model, its adjoints, its Hessian and what is batched, simplified or stabilised are all
// Systems. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "compiler/equations/context.h"

namespace gradc {

// tensor[slot 0, slot 1, …] = value, for all positions of the tensor's dims. A recurrence is a circle of
// Defines; its base cases are choices on positions: h[t'] = if t' == 0 then h0 else step(t' - 1).
struct Define {
  Expr value;
};

// A function from tensors to tensors that is not an equation of elements: cholesky, solve. It acts on the
// trailing axes of its arguments; leading axes are slots.
struct CallOperator;
struct Call {
  const CallOperator* op;
  std::vector<TensorId> arguments;
  std::vector<TensorId> results;
};

// Random numbers from (seed, step, example, name, position); their mean outside training.
struct Noise {
  enum class Distribution : std::uint8_t { normal, uniform, bernoulli } distribution;
  std::vector<Expr> parameters;
};

// Who made a definition: an equation of the file, or a rule of a pass (what --steps prints).
struct Origin {
  SourceRange range = {};
  std::string rule = {};  // "chain rule through a0", "batch", …; empty: written by the user
};

struct Definition {
  TensorId tensor;  // Call: the first of several
  std::variant<Define, Call, Noise> rule;
  Origin origin = {};
  std::vector<std::string> index_names = {};  // hints for the slots

  const Define* define() const { return std::get_if<Define>(&rule); }
};

class System {
 public:
  System() = default;
  explicit System(Context& context) : context_(&context) {}

  Context& context() const { return *context_; }
  const std::vector<Definition>& definitions() const { return definitions_; }
  const std::vector<TensorId>& outputs() const { return outputs_; }

  void add(Definition definition);
  void add_output(TensorId tensor);
  void set_outputs(std::vector<TensorId> outputs) { outputs_ = std::move(outputs); }
  // The definition of a tensor, or null if it is given from outside.
  const Definition* find(TensorId tensor) const;
  // A definition with this very value, of a tensor that is like another: of its role, dims and derivation.
  const Definition* find_equal(Expr value, const Tensor& like) const;
  // Takes back what was added last, until so many are left.
  void drop_from(std::size_t count);

 private:
  Context* context_ = nullptr;
  std::vector<Definition> definitions_;
  std::unordered_map<TensorId, std::size_t> by_tensor_;
  std::unordered_multimap<Expr, std::size_t> by_value_;
  std::vector<TensorId> outputs_;
};

// What a definition reads, each once, in order of first use.
std::vector<TensorId> reads(const Definition& definition);

// The same outputs, with only the definitions that they need, each after what it reads; what a held copy is
// of may be needed later, and stays too. Definitions of one circle stand next to each other, in their old
// order.
System reachable(const System& system);
// The same for these outputs; the cost is that of what they need, however large the system is.
System reachable(const System& system, std::vector<TensorId> outputs);

// Groups of definitions, each after what it reads.
std::vector<std::vector<std::size_t>> strongly_connected(const System& system);
// Whether a group is a circle: more than one definition, or one that reads itself.
bool is_circle(const System& system, const std::vector<std::size_t>& group);
// The tensors that a circle defines.
std::unordered_set<TensorId> in_circles(const System& system);

}  // namespace gradc
