// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/table.h"

#include <unordered_map>

namespace gradc {

#define OPERATOR(name) extern const Operator op_##name;
#define REDUCTION(name) extern const ReductionOperator reduce_##name;
#define CALL(name) extern const CallOperator call_##name;
#include "compiler/operators/table.inc"
#undef OPERATOR
#undef REDUCTION
#undef CALL

namespace {

#define OPERATOR(name) &op_##name,
#define REDUCTION(name)
#define CALL(name)
constinit const Operator* const operators[] = {
#include "compiler/operators/table.inc"
};
#undef OPERATOR
#undef REDUCTION

#define OPERATOR(name)
#define REDUCTION(name) &reduce_##name,
constinit const ReductionOperator* const reductions[] = {
#include "compiler/operators/table.inc"
};
#undef REDUCTION
#undef CALL

#define REDUCTION(name)
#define CALL(name) &call_##name,
constinit const CallOperator* const calls[] = {
#include "compiler/operators/table.inc"
};
#undef OPERATOR
#undef REDUCTION
#undef CALL

using ByName = std::unordered_map<std::string_view, const Operator*>;

// Ids go first: an id is never another operator's name.
ByName index_operators() {
  ByName by_name;
  for (const Operator* op : operators) by_name.emplace(op->id, op);
  for (const Operator* op : operators)
    if (!op->name.empty()) by_name.emplace(op->name, op);
  return by_name;
}

}  // namespace

std::span<const Operator* const> all_operators() { return operators; }
std::span<const ReductionOperator* const> all_reductions() { return reductions; }
std::span<const CallOperator* const> all_calls() { return calls; }

const Operator* find_operator(std::string_view id_or_language_name) {
  static const ByName by_name = index_operators();
  const auto found = by_name.find(id_or_language_name);
  return found == by_name.end() ? nullptr : found->second;
}

const ReductionOperator* find_reduction(std::string_view name) {
  for (const ReductionOperator* op : reductions)
    if (op->name == name) return op;
  return nullptr;
}

const CallOperator* find_call(std::string_view id_or_language_name) {
  for (const CallOperator* op : calls)
    if (op->id == id_or_language_name) return op;
  for (const CallOperator* op : calls)
    if (!op->name.empty() && op->name == id_or_language_name) return op;
  return nullptr;
}

}  // namespace gradc
