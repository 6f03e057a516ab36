// One right side in the making: an equation, what a noise is drawn by, a function for given argument types,
// or a value of a declaration.
//
// A frame first infers the shapes of its expressions, children before parents; then it settles the ranges of
// its indices; then it builds. Where it needs an equation or function that is not done yet, that one's frame
// goes on top of it and it waits. So definitions come out after what they read, and nothing here is
// recursive. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/equations/system.h"
#include "compiler/sema/model.h"
#include "compiler/sema/names.h"
#include "compiler/sema/recurrence.h"
#include "compiler/sema/shape.h"
#include "grammar/syntax.h"

namespace gradc::sema {

// An index, of the left side or bound by a reduction.
struct IndexVariable {
  // It stood alone as a subscript of an axis of this dim.
  struct Use {
    DimId dim;
    SourceRange at;
    std::string of;  // whose axis: "`w0`"
  };

  syntax::Spelled name;
  bool on_left = false;
  std::optional<syntax::Range> stated = {};
  bool used = false;
  std::vector<Use> uses = {};
  bool resolved = false;
  bool is_batch = false;
  bool failed = false;             // a mistake was reported
  const LeftAxis* axis = nullptr;  // of a recurrence's line: what it ranges over is known already
  Index index = {};                // fresh; its dim is invalid where the range is numeric
  Expr lower = {};  // lower <= index < upper; stated numeric ranges of reductions are built with the body
  Expr upper = {};
};

// What is in force at an expression: the innermost index, or the states of the innermost `iterate`, and the
// scope around it.
struct Scope {
  std::int32_t parent = -1;
  std::size_t variable = 0;
  std::int32_t iteration = -1;  // not an index: the states of this one,
  bool in_until = false;        // as they are after a step
};

// An `iterate`. Its states are tensors over the positions 0 (the first values) to N; step b leads from
// position b to b + 1.
struct Iteration {
  syntax::ExprId at;
  const syntax::Iterate* syntax = nullptr;
  DimId steps = {}, positions = {};
  Index step = {}, position = {};  // of the steps, and of where `until` is asked
  std::vector<Expr> leads = {};    // the indices that it depends on, outermost first
  std::vector<std::string> lead_names = {};
  std::vector<TensorId> states = {};
  TensorId lives = {};  // over the steps: whether it is taken; valid once they are declared
  TensorId met = {};    // over the positions: whether the condition holds there
  TensorId count = {};  // how many steps were taken
  Expr wanted = {};     // where it is run at all; null: everywhere
  // Implicit: the values found, over `leads`; and whether the step is being built at these.
  std::vector<TensorId> roots = {};
  bool at_root = false;
};

// A condition on the way to an expression: of a choice, or of a reduction.
struct Guard {
  std::int32_t parent = -1;  // the one around it
  syntax::ExprId condition;
  bool holds = true;  // or must not
};

// An argument that a function as an argument has already: `2` and `y` of `f(_, y, 2)`.
struct Captured {
  Shape shape = {};
  syntax::ExprId at = {};     // where it stands, in the frame that it stands in
  TensorId placeholder = {};  // stands for it in a function that it is handed to,
  Expr literal = {};          // or this, where it is a number
};

// A function as an argument: of the file, or of the language.
struct FunctionValue {
  std::size_t entity = 0;
  std::string_view language = {};                   // instead, the name of one of the language
  std::uint32_t primes = 0;                         // its derivative
  std::vector<std::optional<Captured>> given = {};  // by parameter; nothing: still open

  bool of_file() const { return language.empty(); }
  std::size_t open() const {
    return static_cast<std::size_t>(std::ranges::count_if(given, [](const auto& g) { return !g; }));
  }
};

struct Parameter {
  Shape shape = {};
  TensorId placeholder = {};                   // stands for the argument in the body
  Expr literal = {};                           // instead, where the argument is a number
  std::optional<FunctionValue> function = {};  // instead, where it is a function
};

// A name of a `where`: in force in the whole right side and in the other names of the `where`.
struct LocalName {
  syntax::Spelled name;
  const syntax::Local* local = nullptr;
  std::size_t item = 0;     // which of its names
  syntax::ExprId first;     // its expressions are [first, local->value]
  std::size_t own = 0;      // the first of its own indices, those of `u[k] = …`,
  std::size_t own_end = 0;  // behind the last of them,
  std::size_t end = 0;      // and behind those bound in its value
  std::vector<DimId> declared_axes = {};
  DimId member_of = {};
  bool active = false;              // its shape is being found
  std::optional<Shape> shape = {};  // once found
  Expr value = {};                  // once built: over the frame's indices and the axes of its shape
  std::vector<syntax::ExprId> uses = {};
};

// What a frame knows of one expression.
struct NodeInfo {
  bool needed = false;
  bool inferred = false;  // the shape is known
  bool integer = false;   // inside a subscript, a range or a member: `/` must come out whole
  bool alone = false;     // a name that is a whole subscript
  std::int32_t scope = -1;
  std::int32_t guard = -1;
  std::size_t variables = 0;   // reduction: its first variable
  std::int32_t instance = -1;  // call: the function for these argument types
  bool as_argument = false;    // of a function of the file: it may be a function itself
  bool lifted = false;         // call: of a scalar function, element by element
  bool several = false;        // each of its values gets a name: (x, v) = iterate …, (p, q) = f(…)
  Shape shape = {};
  Expr value = {};  // over the frame's indices and the axes of its shape
};

enum class FrameKind : std::uint8_t { equation, noise, function, stated, given, condition, claim };

// A subscript that is arithmetic: it bounds the indices in it.
struct ArithmeticUse {
  syntax::ExprId subscript;
  DimId dim;
};

struct Frame {
  FrameKind kind = FrameKind::equation;
  std::size_t entity = 0;                  // equation, noise
  std::size_t instance = 0;                // function, stated
  std::size_t parameter = 0;               // stated: by which the derivative is
  std::string name;                        // what auxiliary equations are named after
  SourceRange range;                       // of the name, for messages
  std::optional<SourceRange> called = {};  // function: where with these arguments
  syntax::ExprId first;                    // the nodes are [first, first + nodes.size())
  std::vector<NodeInfo> nodes;
  std::size_t cursor = 0;

  Line* line = nullptr;  // equation: one of several, or part of a circle
  const std::vector<syntax::LeftSubscript>* left = nullptr;
  const std::vector<syntax::Left>* tuple = nullptr;  // equation: `(x, v) = iterate …`, `(p, q) = f(…)`
  const syntax::Tail* tail = nullptr;
  const syntax::Claim* claim = nullptr;
  const syntax::Deriv* deriv = nullptr;
  std::vector<syntax::LeftSubscript> subscripts = {};  // stated: those of the function, then its own
  std::size_t next_deriv = 0;                          // function: how many of its derivatives were begun,
  bool has_body = false;                               // once the body is made,
  std::size_t auxiliary_of_body = 0;                   // with so many equations of its own
  std::vector<LocalName> locals;
  std::vector<syntax::ExprId> roots;  // one, the results of a function, or the elements of a given array
  DimId member_of = {};
  bool integer = false;
  Type type = Type::real;  // given: of the values

  std::vector<IndexVariable> variables;  // those of the left side first
  std::size_t left_variables = 0;
  std::vector<DimId> declared_axes;  // R[A, B] = [[…]]: dims on the left
  std::vector<Scope> scopes;
  std::vector<Iteration> iterations;
  syntax::ExprId building;  // the expression whose value is being made
  std::vector<Guard> guards;
  std::vector<ArithmeticUse> arithmetic_uses;
  std::unordered_map<syntax::TextId, Parameter> parameters;
  std::unordered_map<syntax::TextId, DimId> generic_dims;
  std::map<std::int32_t, FunctionValue> functions;  // by expression: those that stand as arguments
  std::map<std::int32_t, std::vector<Expr>> values;  // by call: of a function with several results
  std::vector<Definition> auxiliary;                // function: its own intermediate equations
  bool in_system = false;            // function: they stand in the system, while a derivative is made
  std::set<syntax::TextId> unbound;  // indices that were told to be bound by nothing
  bool across_batch = false;         // equation: its value is a reduction over the batch
  bool failed = false;
  bool finished = false;

  NodeInfo& operator[](syntax::ExprId id) { return nodes[static_cast<std::size_t>(id.value - first.value)]; }
  const NodeInfo& operator[](syntax::ExprId id) const {
    return nodes[static_cast<std::size_t>(id.value - first.value)];
  }
  // The name of its `where`, or null; the one whose value an expression is part of, or null.
  LocalName* local(syntax::TextId wanted) {
    for (LocalName& l : locals)
      if (l.name.text == wanted) return &l;
    return nullptr;
  }
  const LocalName* local_around(syntax::ExprId id) const {
    for (const LocalName& l : locals)
      if (l.first.value <= id.value && id.value <= l.local->value.value) return &l;
    return nullptr;
  }
  // The variable of that name in force at a scope, or null.
  IndexVariable* variable(std::int32_t scope, syntax::TextId wanted) {
    for (; scope >= 0; scope = scopes[static_cast<std::size_t>(scope)].parent) {
      const Scope& here = scopes[static_cast<std::size_t>(scope)];
      if (here.iteration >= 0) {
        if (state_of(here, wanted)) return nullptr;
        continue;
      }
      if (IndexVariable& v = variables[here.variable]; v.name.text == wanted) return &v;
    }
    return nullptr;
  }
  // The state of an `iterate` of that name in force at a scope.
  struct RunningState {
    std::size_t iteration = 0, which = 0;
    bool in_until = false;
  };
  std::optional<RunningState> state(std::int32_t scope, syntax::TextId wanted) const {
    for (; scope >= 0; scope = scopes[static_cast<std::size_t>(scope)].parent) {
      const Scope& here = scopes[static_cast<std::size_t>(scope)];
      if (here.iteration < 0) {
        if (variables[here.variable].name.text == wanted) return std::nullopt;
        continue;
      }
      if (const auto which = state_of(here, wanted))
        return RunningState{static_cast<std::size_t>(here.iteration), *which, here.in_until};
    }
    return std::nullopt;
  }
  std::optional<std::size_t> state_of(const Scope& scope, syntax::TextId wanted) const {
    const auto& states = iterations[static_cast<std::size_t>(scope.iteration)].syntax->states;
    for (std::size_t k = 0; k < states.size(); ++k)
      if (states[k].name.text == wanted) return k;
    return std::nullopt;
  }
  Iteration* iteration(syntax::ExprId at) {
    for (Iteration& i : iterations)
      if (i.at == at) return &i;
    return nullptr;
  }
};

// Its tensors are an instance's own, and not the system's.
inline bool in_function(const Frame& frame) {
  return frame.kind == FrameKind::function || frame.kind == FrameKind::stated;
}

// A function for given argument types: what a call puts its arguments into. `body` is over the parameters'
// placeholders and the axes of `result`.
struct Instance {
  std::size_t entity = 0;
  std::uint32_t derivative = 0;  // f', f'': made from the instance of one order less
  Progress progress = Progress::untouched;
  std::vector<Parameter> parameters = {};
  Shape result = {};
  Expr body = {};
  struct Further {  // the second result, the third, …
    Shape shape;
    Expr body;
  };
  std::vector<Further> further = {};
  std::vector<Definition> auxiliary = {};
  // Derivatives that the function states: by these placeholders, each carried by a term.
  std::vector<TensorId> held = {};
  std::vector<Expr> carried = {};
};

}  // namespace gradc::sema
