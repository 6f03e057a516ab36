// A compiled function with its arguments: sizes by name, arrays that are the caller's or its own, and a
// workspace that is taken once and grows if a larger batch asks for it. SPDX-License-Identifier: Apache-2.0
// WITH LLVM-exception
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/host_array.h"
#include "runtime/model.h"
#include "runtime/thread_pool.h"
#include "runtime/workspace.h"

namespace gradc {

struct NamedSize {
  std::string name;
  std::int64_t value;
};

class BoundCall {
 public:
  // `sizes`: the values of the run-time sizes, but for the number of examples, which each run gives.
  BoundCall(const gradc_function_info& function, std::span<const NamedSize> sizes);

  const gradc_function_info& info() const { return *function_; }
  void use(const gradc_pool* pool) { pool_ = pool; }  // instead of thread_pool(); null: this thread alone

  // The array's memory stays the caller's, and is used by every following run. Arrays without elements may
  // have none.
  void bind(int array, void* data) { pointers_[static_cast<std::size_t>(array)] = data ? data : &nothing_; }
  // Binds all arrays of this role to those of the same name, which must be there with the shape and type that
  // fit.
  void bind_role(int role, std::span<const NamedArray> values);
  // Makes an array of the function's shape for this many examples, and binds it.
  HostArray allocate(int array, std::int64_t batch);

  std::int32_t run(std::int64_t batch);

 private:
  const gradc_function_info* function_;
  std::vector<std::int64_t> sizes_;
  std::vector<void*> pointers_;
  inline static double nothing_ = 0;  // what arrays without elements point to
  Workspace workspace_;
  const gradc_pool* pool_ = thread_pool();
  std::int64_t workspace_batch_ = -1;  // the number of examples that the workspace was asked for last
};

}  // namespace gradc
