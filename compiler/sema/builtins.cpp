// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/sema/builtins.h"

#include <array>

#include "compiler/operators/build.h"
#include "compiler/operators/table.h"

namespace gradc::sema {
namespace {

constexpr Builtin derivative(std::string_view name, std::string_view form, std::size_t least,
                             std::size_t most) {
  return {.name = name, .form = form, .least = least, .most = most, .is_derivative = true};
}

constexpr std::array table = {
    Builtin{.name = "softmax"},
    Builtin{.name = "log_softmax"},
    Builtin{.name = "logsumexp", .result = BuiltinResult::without_last},
    Builtin{.name = "cumsum"},
    Builtin{.name = "cumprod"},
    Builtin{.name = "norm", .takes = "a vector or a matrix", .most_rank = 2, .result = BuiltinResult::scalar},
    Builtin{.name = "dot",
            .form = "a, b",
            .least = 2,
            .most = 2,
            .takes = "two vectors",
            .most_rank = 1,
            .result = BuiltinResult::scalar},
    Builtin{.name = "outer",
            .form = "a, b",
            .least = 2,
            .most = 2,
            .takes = "two vectors",
            .most_rank = 1,
            .result = BuiltinResult::outer},
    Builtin{.name = "trace",
            .form = "A",
            .takes = "a matrix",
            .least_rank = 2,
            .most_rank = 2,
            .result = BuiltinResult::scalar},
    Builtin{
        .name = "diag", .takes = "a vector or a matrix", .most_rank = 2, .result = BuiltinResult::diagonal},
    derivative("diff", "z, x", 2, 9),
    derivative("jacobian", "z, x", 2, 2),
    derivative("hessian", "E, x", 2, 3),
    derivative("hvp", "E, x, v", 3, 3),
    derivative("jvp", "z, x, v", 3, 3),
    derivative("vjp", "z, x, u", 3, 3),
    Builtin{.name = "prev", .form = "s"},
};

}  // namespace

std::span<const Builtin> builtins() { return table; }

const Builtin* find_builtin(std::string_view name) {
  for (const Builtin& b : table)
    if (b.name == name) return &b;
  return nullptr;
}

const Operator* language_operator(std::string_view name) {
  if (name == "div") return &op_floor_div;
  if (name == "mod") return &op_mod;
  const Operator* op = find_operator(name);
  return op && op->name == name && op->arity > 0 ? op : nullptr;
}

const CallOperator* language_call(std::string_view name) {
  const CallOperator* op = find_call(name);
  return op && op->name == name ? op : nullptr;
}

std::size_t language_arity(std::string_view name) {
  if (const Operator* op = language_operator(name)) return static_cast<std::size_t>(op->arity);
  if (const CallOperator* op = language_call(name)) return op->arity();
  const Builtin* b = find_builtin(name);
  return b && !b->is_derivative && name != "prev" ? b->least : 0;
}

std::string language_form(std::string_view name) {
  std::string_view arguments = "x";
  if (const Operator* op = language_operator(name)) {
    const bool of_gamma = name == "gammainc" || name == "gammaincc";
    arguments = op->has_order()   ? "n, x"
                : of_gamma        ? "a, x"
                : name == "atan2" ? "y, x"
                : op->arity == 2  ? "x, y"
                : name == "clamp" ? "x, lo, hi"
                : op->arity == 3  ? "x, y, z"
                                  : "x";
  } else if (const CallOperator* call = language_call(name)) {
    arguments = call->right ? "A, b" : "A";
  } else if (const Builtin* builtin = find_builtin(name)) {
    arguments = builtin->form;
  }
  return std::string(name) + "(" + std::string(arguments) + ")";
}

}  // namespace gradc::sema
