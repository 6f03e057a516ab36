// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/lower.h"

#include <unordered_set>

#include "compiler/checkpoint/segments.h"
#include "compiler/kernel/guarded_reads.h"
#include "compiler/kernel/items.h"
#include "compiler/kernel/routines.h"
#include "compiler/kernel/schedule.h"
#include "compiler/kernel/seeds.h"
#include "compiler/kernel/steps_taken.h"
#include "compiler/kernel/storage.h"
#include "compiler/kernel/write.h"
#include "compiler/operators/build.h"
#include "compiler/operators/integers.h"
#include "compiler/support/check.h"

namespace gradc::kernel {

namespace {

// Every result is computed, and is a tensor of its own: one that is an argument, or wanted twice, is copied.
FunctionSpec with_own_results(FunctionSpec spec, bool recompute) {
  Context& c = spec.system.context();
  std::unordered_set<TensorId> taken;
  for (const ArraySpec& a : spec.arguments) taken.insert(a.tensor);
  std::vector<TensorId> outputs;
  for (ArraySpec& r : spec.results) {
    if (!taken.insert(r.tensor).second) {
      Tensor copy = c.tensor(r.tensor);
      if (r.name.empty()) r.name = copy.name;
      copy.name = c.unused_name(copy.name + "_copy");
      const TensorId tensor = c.add_tensor(copy);
      std::vector<Expr> slots;
      for (DimId dim : copy.dims)
        slots.push_back(c.position(Index::slot(static_cast<std::int32_t>(slots.size()), dim)));
      spec.system.add({tensor, Define{c.access(r.tensor, slots)}, {{}, "copy"}, {}});
      r.tensor = tensor;
    }
    outputs.push_back(r.tensor);
  }
  spec.system.set_outputs(std::move(outputs));
  // What is given is not computed.
  System given(c);
  std::unordered_set<TensorId> arguments;
  for (const ArraySpec& a : spec.arguments) arguments.insert(a.tensor);
  for (const Definition& d : spec.system.definitions())
    if (!arguments.contains(d.tensor)) given.add(d);
  given.set_outputs(spec.system.outputs());
  System expanded = expand_calls(reachable(given));
  // Segments make counts of steps that nobody reads yet.
  spec.system = put_behind_guards(with_seeds(recompute ? reachable(end_with_steps(in_segments(expanded)))
                                                       : end_with_steps(std::move(expanded))));
  return spec;
}

// Without what the results do not need: parts that were named and then not used.
std::vector<Item> needed(std::vector<Item> items, const FunctionSpec& spec) {
  std::unordered_set<TensorId> wanted;
  for (const ArraySpec& r : spec.results) wanted.insert(r.tensor);
  std::vector<bool> keep(items.size(), false);
  std::unordered_map<TensorId, std::size_t> by_tensor;
  for (std::size_t i = 0; i < items.size(); ++i)
    for (TensorId t : made_by(items[i])) by_tensor.emplace(t, i);
  std::vector<TensorId> pending(wanted.begin(), wanted.end());
  while (!pending.empty()) {
    const TensorId t = pending.back();
    pending.pop_back();
    auto found = by_tensor.find(t);
    if (found == by_tensor.end() || keep[found->second]) continue;
    keep[found->second] = true;
    for (Expr access : accesses_of(items[found->second])) pending.push_back(access->tensor);
  }
  std::vector<Item> result;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (keep[i]) result.push_back(std::move(items[i]));
  return result;
}

}  // namespace

Program lower(const FunctionSpec& wanted, const LowerOptions& options) {
  const std::string pass = set_current_pass("lower");
  const FunctionSpec spec = with_own_results(wanted, options.recompute);
  Context& c = spec.system.context();
  Program program;
  program.name = spec.name;
  Extents extents(c, program);
  Storage storage(c, extents, program, spec, options);
  std::vector<Item> items = needed(ItemMaker(c, extents, options.products).run(spec.system), spec);
  for (const Item& item : items)
    if (item.kind == Item::Kind::assign && item.value->type == Type::integer)
      c.tensor(item.tensor).wide = Magnitudes().of(item.value) > Magnitudes::of_memory;
  // As many lanes as the widest vectors of 64 bytes have; part of the program, and so of its bits.
  const int width = options.f32 ? 16 : 8;
  Scheduler scheduler(c, extents, program, items, width);
  const std::vector<Loop::Member> outermost = scheduler.run();
  storage.place(items, outermost);
  KernelWriter(c, extents, storage, options, program, items, width).run(outermost);
  storage.share_arena();
  verify(program);
  set_current_pass(pass);
  return program;
}

}  // namespace gradc::kernel
