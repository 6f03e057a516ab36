// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/bound_call.h"

#include <algorithm>

namespace gradc {

BoundCall::BoundCall(const gradc_function_info& function, std::span<const NamedSize> sizes)
    : function_(&function), pointers_(static_cast<std::size_t>(function.n_arrays), nullptr) {
  for (std::int32_t i = 0; i < function.n_sizes; ++i) {
    const auto found = std::find_if(sizes.begin(), sizes.end(), [&](const NamedSize& size) {
      return size.name == function.size_names[i];
    });
    GRADC_CHECK(found != sizes.end() || i == function.batch,
                std::string("a value for the size `") + function.size_names[i] + "` was expected");
    sizes_.push_back(found != sizes.end() ? found->value : 0);
  }
}

void BoundCall::bind_role(int role, std::span<const NamedArray> values) {
  for (std::int32_t i = 0; i < function_->n_arrays; ++i) {
    const gradc_array_info& info = function_->arrays[i];
    if (info.role != role) continue;
    const HostArray* array = find(values, info.name);
    GRADC_CHECK(array != nullptr, std::string("a value for `") + info.name + "` was expected");
    GRADC_CHECK(array->storage() == storage_of(info.scalar) && array->shape() == shape_of(info, all_sizes(*function_, sizes_)),
                std::string("`") + info.name + "` was expected in the model's shape and type");
    // The ABI has one type for all arrays; inputs are not written to.
    bind(i, const_cast<std::byte*>(array->bytes().data()));
  }
}

HostArray BoundCall::allocate(int array, std::int64_t batch) {
  if (function_->batch >= 0) sizes_[static_cast<std::size_t>(function_->batch)] = batch;
  const gradc_array_info& info = function_->arrays[array];
  HostArray memory(storage_of(info.scalar), shape_of(info, all_sizes(*function_, sizes_)));
  bind(array, memory.bytes().data());
  return memory;
}

std::int32_t BoundCall::run(std::int64_t batch) {
  for (std::size_t i = 0; i < pointers_.size(); ++i)
    GRADC_CHECK(pointers_[i] != nullptr || batch == 0,
                std::string("`") + function_->arrays[i].name + "` is not bound");
  if (function_->batch >= 0) sizes_[static_cast<std::size_t>(function_->batch)] = batch;
  if (workspace_batch_ != batch) {
    const std::int64_t bytes =
        function_->workspace_bytes == nullptr ? 0 : function_->workspace_bytes(sizes_.data());
    if (bytes < 0) return GRADC_BAD_ARGUMENT;
    workspace_.reserve(bytes);
    workspace_batch_ = batch;
  }
  return function_->call(sizes_.data(), pointers_.data(), nullptr, workspace_.data(), pool_);
}

}  // namespace gradc
