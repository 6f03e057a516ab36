// A Program: one function of a compiled model, as kernels over planned buffers, with all that its ABI says.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/kernel/loop.h"
#include "runtime/abi.h"

namespace gradc::kernel {

struct Buffer {
  enum class Place : std::uint8_t {
    argument,   // the caller's, read only
    result,     // the caller's, overwritten
    workspace,  // in the arena, at `slot`
    local,      // small, of fixed size, inside one kernel
  };
  std::string name;
  Scalar element = Scalar::f64;
  std::vector<SizeId> extents;
  Place place = Place::workspace;
  std::int32_t array = -1;  // argument, result: which array of the function
  std::int32_t slot = -1;   // workspace: which slot of the arena
  SizeId slot_bytes = {};   // workspace: how much of it, if that is not what its elements take
};

// A kernel that is one loop from 0 to `extent`, cut into `count` blocks of iterations, which several threads
// may compute: block b has those from b*extent/count to (b + 1)*extent/count. How many blocks there are
// depends on the sizes alone, and so the bits do not depend on the threads.
struct Blocks {
  static constexpr std::int64_t most = 16;
  SizeId extent, count;
  // What an iteration makes for itself: block b has copy number b, so many bytes from the one before it.
  struct Scratch {
    BufferId buffer;
    SizeId bytes;
  };
  std::vector<Scratch> scratch = {};
  // What iterations add to: block 0 to the buffer itself, block b to number b - 1 of `parts`, each of so many
  // bytes. The next kernel adds them up, in order.
  struct Sum {
    BufferId total, parts;
    SizeId bytes;
  };
  std::vector<Sum> sums = {};
};

// A straight sequence of statements; becomes one machine function.
struct Kernel {
  std::string name;
  std::vector<Scalar> types;  // of the values
  Block body;
  std::optional<Blocks> blocks = {};

  Scalar type(Value v) const { return types[static_cast<std::size_t>(v.id)]; }
};

// One array of the function as abi.h describes it.
struct Array {
  std::string name;
  std::int32_t role = 0;
  std::int32_t of = -1;
  std::optional<gradc_noise_info> noise = {};
  std::optional<SizeId> members = {};  // integer arrays: the size of the dim whose members the values are
  BufferId buffer;
  std::vector<std::string> axes = {};  // the dims' names, for headers; may be fewer than there are axes
};

struct Program {
  std::string name;
  std::vector<std::string> size_names;  // the run-time sizes, in order
  std::int32_t batch = -1;              // which of them is the number of examples
  Sizes sizes;
  std::vector<Buffer> buffers;
  std::vector<Array> arrays;
  std::vector<SizeId> slots;  // bytes of each arena slot
  std::vector<Kernel> kernels;

  const Buffer& buffer(BufferId id) const { return buffers[static_cast<std::size_t>(id.value)]; }
};

std::size_t bytes(Scalar element);  // in memory

// Sizes of arrays that are computed from the arguments: what the ABI calls derived.
std::vector<SizeId> derived_sizes(const Program& program);
// The number by which the ABI knows a size that is not a constant: an argument's, or behind them a derived one's.
std::int64_t size_number(const Program& program, SizeId id);

// Our own mistakes, found before they become machine code: every use is defined and typed, vector loops are
// independent, buffers are subscripted by rank. Ends with GRADC_CHECK.
void verify(const Program& program);

// What --dump=kernels shows.
std::string print(const Program& program);

// Runs the program as it stands, bit for bit as its machine code does. Arrays are contiguous. Returns a
// status of abi.h.
std::int32_t interpret(const Program& program, std::span<const std::int64_t> sizes,
                       std::span<void* const> arrays);

}  // namespace gradc::kernel
