// Memory for a call's intermediate values: as large as the model's limits ask for, of which the machine gives
// what is reached. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <string>

namespace gradc {

// More than the machine has.
class NotEnoughMemory : public std::bad_alloc {
 public:
  NotEnoughMemory(std::int64_t needed, std::int64_t present);
  const char* what() const noexcept override { return text_->c_str(); }

 private:
  std::shared_ptr<std::string> text_;  // exceptions are copied
};

// Bytes of this machine; not positive if it does not say.
std::int64_t present_memory();

class Workspace {
 public:
  Workspace() = default;
  Workspace(Workspace&& other) noexcept;
  Workspace& operator=(Workspace&& other) noexcept;
  ~Workspace() { release(); }

  // At least so many bytes, aligned to GRADC_WORKSPACE_ALIGNMENT. What was in it may be gone.
  void reserve(std::int64_t bytes);
  void* data() const { return data_; }

 private:
  void release();
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace gradc
