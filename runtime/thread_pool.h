// The threads among which calls of compiled models share their work, as abi.h describes them. One pool for
// the process, by OpenMP, whose threads wait for work where they were used last. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
#pragma once

#include <algorithm>
#include <cstdint>

#include "runtime/abi.h"

namespace gradc {

// How many threads to use; 0, and unless it is said: as OMP_NUM_THREADS says, or as many as there are
// processors for this process. For the program to say before it calls anything.
void set_threads(int count);
int threads();

// Null if one thread is all there is.
const gradc_pool* thread_pool();

// f(first, end) for ranges that are together 0 to `size`, each of at least `least`, in several threads if
// there is enough for them.
template <class F>
void in_ranges(std::int64_t size, std::int64_t least, F f) {
  const gradc_pool* pool = thread_pool();
  const std::int64_t parts = pool ? std::min<std::int64_t>(pool->threads, size / least) : 1;
  if (parts <= 1) return f(std::int64_t{0}, size);
  struct Shared {
    F& f;
    std::int64_t size, parts;
  } shared{f, size, parts};
  pool->run(
      pool,
      [](void* data, std::int64_t part) {
        const Shared& s = *static_cast<const Shared*>(data);
        s.f(part * s.size / s.parts, (part + 1) * s.size / s.parts);
      },
      &shared, parts);
}

}  // namespace gradc
