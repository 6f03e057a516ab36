// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/blocks.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/kernel/arithmetic.h"
#include "compiler/kernel/builder.h"
#include "compiler/kernel/work.h"
#include "compiler/support/overloaded.h"

namespace gradc::kernel {

namespace {

// Adding up an element of a part of a sum may cost this much of what its block computes: where the parts stay
// in a core's cache, and where they go to memory and come back.
constexpr std::int64_t work_per_added = 16, work_per_added_far = 128;
constexpr std::int64_t most_near = 1 << 15;  // elements

// What a kernel does with its buffers, seen from its only loop.
class Cut {
 public:
  Cut(const Program& program, const Kernel& kernel, const Storage& storage)
      : program_(program), kernel_(kernel), storage_(storage) {}

  // False if the iterations may depend on each other.
  bool run() {
    if (!outside() || !loop_ || !is_independent(*loop_)) return false;
    inside(loop_->body);
    return classify();
  }

  std::vector<BufferId> scratch, sums;

 private:
  // Of one access inside the loop: its leading subscripts.
  struct Access {
    enum Kind { load, add, write, product } kind;
    const std::vector<Value>* at;
  };

  bool outside() {
    return std::ranges::all_of(kernel_.body, [&](const Statement& s) {
      return std::visit(overloaded{[&](const Load& l) {
                                     read_outside_.insert(l.buffer);
                                     return true;
                                   },
                                   [&](const Zero& z) {
                                     zeroed_.insert(z.buffer);
                                     return !loop_ && z.leading.empty();
                                   },
                                   [&](const For& f) {
                                     const bool only = !loop_;
                                     loop_ = &f;
                                     return only;
                                   },
                                   [&](const Store& s) { return loop_ && is_sum_of_loop(s); },
                                   [&](const Constant& c) {
                                     constants_[c.result] = c.bits;
                                     return true;
                                   },
                                   [&](const Accumulate&) { return false; }, [&](const If&) { return false; },
                                   [&](const Gemm&) { return false; }, [](const auto&) { return true; }},
                        s.node);
    });
  }

  bool is_sum_of_loop(const Store& s) {
    if (!s.subscripts.empty() || s.mask.valid()) return false;
    stored_.insert(s.buffer);
    return std::ranges::any_of(loop_->reductions, [&](const For::Reduction& r) {
      return r.result == s.value && program_.buffer(s.buffer).element == kernel_.type(r.result);
    });
  }

  bool is_independent(const For& f) const {
    return f.carried.empty() && !f.stop.valid() && std::ranges::all_of(f.reductions, [&](const auto& r) {
             const auto initial = constants_.find(r.initial);
             return r.combine == Combine::add && initial != constants_.end() &&
                    initial->second == identity(r.combine, kernel_.type(r.initial)).bits;
           });
  }

  void note(BufferId buffer, Access::Kind kind, const std::vector<Value>* at) {
    accesses_[buffer].push_back({kind, at});
  }

  void inside(const Block& body) {
    for (const Statement& s : body)
      std::visit(overloaded{[&](const Load& l) { note(l.buffer, Access::load, &l.subscripts); },
                            [&](const Store& l) { note(l.buffer, Access::write, &l.subscripts); },
                            [&](const Accumulate& l) { note(l.buffer, Access::add, &l.subscripts); },
                            [&](const Zero& z) { note(z.buffer, Access::write, &z.leading); },
                            [&](const Gemm& g) {
                              for (BufferId read : {g.a.buffer, g.b.buffer})
                                note(read, Access::load, nullptr);
                              note(g.c.buffer, Access::product, nullptr);
                            },
                            [&](const For& f) { inside(f.body); },
                            [&](const If& i) {
                              inside(i.then);
                              inside(i.otherwise);
                            },
                            [](const auto&) {}},
                 s.node);
  }

  bool classify() {
    for (const auto& [id, accesses] : accesses_) {
      if (std::ranges::all_of(accesses, [](const Access& a) { return a.kind == Access::load; })) {
        if (zeroed_.contains(id) || stored_.contains(id)) return false;
        continue;
      }
      if (read_outside_.contains(id) || stored_.contains(id)) return false;
      if (zeroed_.contains(id)) {
        const bool only_added =
            std::ranges::all_of(accesses, [](const Access& a) { return a.kind == Access::add; });
        if (!only_added || !is_real(program_.buffer(id).element)) return false;
        sums.push_back(id);
      } else if (storage_.is_of_iteration(id)) {
        scratch.push_back(id);
      } else if (!is_of_own_elements(accesses)) {
        return false;
      }
    }
    for (BufferId id : zeroed_)
      if (!accesses_.contains(id)) return false;
    sums.insert(sums.end(), stored_.begin(), stored_.end());
    return std::ranges::none_of(stored_, [&](BufferId id) { return read_outside_.contains(id); });
  }

  // One of the axes has the loop's index in every access.
  bool is_of_own_elements(const std::vector<Access>& accesses) const {
    if (std::ranges::any_of(accesses, [](const Access& a) { return !a.at; })) return false;
    for (std::size_t axis = 0; axis < accesses[0].at->size(); ++axis)
      if (std::ranges::all_of(accesses, [&](const Access& a) {
            return axis < a.at->size() && (*a.at)[axis] == loop_->index;
          }))
        return true;
    return false;
  }

  const Program& program_;
  const Kernel& kernel_;
  const Storage& storage_;
  const For* loop_ = nullptr;
  std::map<Value, std::uint64_t> constants_;
  std::set<BufferId> read_outside_, zeroed_, stored_;
  std::map<BufferId, std::vector<Access>> accesses_;
};

SizeId elements(Program& program, BufferId id) { return program.sizes.product(program.buffer(id).extents); }

SizeId bytes_of(Program& program, BufferId id) {
  return program.sizes.combine(
      Size::Kind::mul, elements(program, id),
      program.sizes.constant(static_cast<std::int64_t>(bytes(program.buffer(id).element))));
}

// total[…] = total[…] + parts[b, …] for b = 0, 1, …; of sums whose parts have one shape, in one loop.
void add_up(Builder& b, const Program& program, const std::vector<SizeId>& extents,
            const std::vector<Blocks::Sum>& sums, int width) {
  std::vector<Value> at;
  for (std::size_t axis = 0; axis < extents.size(); ++axis)
    at.push_back(
        b.begin_for(b.integer(0), b.size(extents[axis]), axis > 0 && axis + 1 == extents.size() ? width : 1));
  for (const Blocks::Sum& sum : sums) {
    const Value part = b.read(sum.parts, program.buffer(sum.parts).element, at);
    b.accumulate(sum.total, {at.begin() + 1, at.end()}, part);
  }
  for (std::size_t axis = 0; axis < extents.size(); ++axis) b.end_for();
}

}  // namespace

void cut_into_blocks(Program& program, Storage& storage, const OutermostLoop& loop) {
  Cut cut(program, program.kernels.back(), storage);
  if (!cut.run()) return;
  Sizes& sizes = program.sizes;
  SizeId least = sizes.constant(loop.least_work);
  for (BufferId sum : cut.sums) {
    const SizeId count = elements(program, sum);
    const bool near = sizes.known(count).value_or(most_near + 1) <= most_near;
    const SizeId added =
        sizes.combine(Size::Kind::mul, count, sizes.constant(near ? work_per_added : work_per_added_far));
    least = sizes.combine(Size::Kind::add, least, added);
  }
  const SizeId one = sizes.constant(1);
  SizeId count = sizes.combine(Size::Kind::floor_div, work(sizes, program.kernels.back()), least);
  count = sizes.combine(Size::Kind::min, count, sizes.constant(Blocks::most));
  count = sizes.combine(Size::Kind::min, count, loop.extent);
  count = sizes.combine(Size::Kind::max, count, one);
  if (count == one) return;
  Blocks blocks{loop.extent, count};
  for (BufferId id : cut.scratch) {
    // Lines of a cache that two threads write to would go back and forth.
    const SizeId line = sizes.constant(GRADC_WORKSPACE_ALIGNMENT);
    const SizeId up =
        sizes.combine(Size::Kind::add, bytes_of(program, id), sizes.constant(GRADC_WORKSPACE_ALIGNMENT - 1));
    const SizeId bytes = sizes.combine(Size::Kind::mul, sizes.combine(Size::Kind::floor_div, up, line), line);
    blocks.scratch.push_back({id, bytes});
    program.buffers[static_cast<std::size_t>(id.value)].slot_bytes =
        sizes.combine(Size::Kind::mul, bytes, count);
  }
  const SizeId others = sizes.combine(Size::Kind::sub, count, one);
  for (BufferId id : cut.sums)
    blocks.sums.push_back({id, storage.add_copies(id, others, loop.step), bytes_of(program, id)});
  program.kernels.back().blocks = blocks;
  if (blocks.sums.empty()) return;
  Kernel adding{.name = "k" + std::to_string(program.kernels.size()), .types = {}, .body = {}};
  {
    Builder builder(adding);
    std::map<std::vector<SizeId>, std::vector<Blocks::Sum>> by_shape;
    for (const Blocks::Sum& sum : blocks.sums) by_shape[program.buffer(sum.parts).extents].push_back(sum);
    for (const auto& [extents, sums] : by_shape) add_up(builder, program, extents, sums, loop.width);
  }
  program.kernels.push_back(std::move(adding));
}

}  // namespace gradc::kernel
