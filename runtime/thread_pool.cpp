// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/thread_pool.h"

#include <omp.h>

#include <algorithm>
#include <cstdint>

namespace gradc {
namespace {

void run_with_openmp(const gradc_pool* pool, void (*task)(void* data, std::int64_t part), void* data,
                     std::int64_t parts) {
  const int used = static_cast<int>(std::min<std::int64_t>(pool->threads, parts));
  // Neighbouring parts in one thread, and the same in every call: what it made is still in its cache.
#pragma omp parallel for schedule(static) num_threads(used)
  for (std::int64_t part = 0; part < parts; ++part) task(data, part);
}

gradc_pool the_pool = {0, run_with_openmp};

}  // namespace

void set_threads(int count) { the_pool.threads = count > 0 ? count : omp_get_max_threads(); }

int threads() {
  if (the_pool.threads == 0) set_threads(0);
  return the_pool.threads;
}

const gradc_pool* thread_pool() { return threads() > 1 ? &the_pool : nullptr; }

}  // namespace gradc
