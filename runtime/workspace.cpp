// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/workspace.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <utility>

namespace gradc {

NotEnoughMemory::NotEnoughMemory(std::int64_t needed, std::int64_t present)
    : text_(std::make_shared<std::string>(
          fmt::format("this takes {:.1f} GB of memory, and the machine has {:.1f} GB",
                      static_cast<double>(needed) / 1e9, static_cast<double>(present) / 1e9))) {}

Workspace::Workspace(Workspace&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Workspace& Workspace::operator=(Workspace&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

std::int64_t present_memory() { return std::int64_t{sysconf(_SC_PHYS_PAGES)} * sysconf(_SC_PAGE_SIZE); }

// Pages come when they are first touched: an iterate's states have room for all the steps that it may take.
void Workspace::reserve(std::int64_t bytes) {
  const auto wanted = static_cast<std::size_t>(bytes);
  if (wanted <= size_) return;
  const std::int64_t present = present_memory();
  if (present > 0 && bytes > present) throw NotEnoughMemory(bytes, present);
  release();
  void* const made =
      mmap(nullptr, wanted, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (made == MAP_FAILED) throw NotEnoughMemory(bytes, present);
  // In small pages, a sweep over much memory waits for their table. What is large beside the machine stays in
  // them, since little of it may ever be touched.
  if (bytes <= present / 8) madvise(made, wanted, MADV_HUGEPAGE);
  data_ = made;
  size_ = wanted;
}

void Workspace::release() {
  if (data_) munmap(data_, size_);
  data_ = nullptr;
  size_ = 0;
}

}  // namespace gradc
