// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/batch_feeder.h"

#include <algorithm>

#include "runtime/dataset/gather.h"

namespace gradc {

BatchFeeder::BatchFeeder(BoundCall& call, const Dataset& data, std::int64_t capacity) {
  for (std::int32_t i = 0; i < call.info().n_arrays; ++i) {
    const gradc_array_info& info = call.info().arrays[i];
    const bool length = info.role == GRADC_LENGTH;
    if (info.role != GRADC_INPUT && info.role != GRADC_TARGET && !length) continue;
    const HostArray* column =
        length ? find(data.lengths, call.info().size_names[info.members.size]) : data.column(info.name);
    GRADC_CHECK(column != nullptr, std::string("data for `") + info.name + "` was expected");
    HostArray buffer = call.allocate(i, capacity);
    GRADC_CHECK(buffer.size() * data.examples == column->size() * capacity,
                std::string("data of the model's shape was expected for `") + info.name + "`");
    lanes_.push_back({column, std::move(buffer)});
  }
}

std::vector<NamedSize> with_longest(std::span<const NamedSize> sizes, const Dataset* data) {
  std::vector<NamedSize> result(sizes.begin(), sizes.end());
  if (data == nullptr) return result;
  for (const auto& [dim, longest] : data->longest) {
    std::erase_if(result, [&](const NamedSize& size) { return size.name == dim; });
    result.push_back({dim, longest});
  }
  return result;
}

std::span<const std::int64_t> batch_from(std::span<const std::int64_t> examples, std::int64_t first,
                                         std::int64_t batch) {
  const auto from = static_cast<std::size_t>(first);
  return examples.subspan(from, std::min(static_cast<std::size_t>(batch), examples.size() - from));
}

void BatchFeeder::feed(std::span<const std::int64_t> examples) {
  constexpr std::int64_t least = std::int64_t{1} << 15;  // elements that are worth a thread's help
  for (Lane& lane : lanes_) {
    const std::int64_t width = std::max<std::int64_t>(1, lane.buffer.size() / lane.buffer.shape()[0]);
    in_ranges(std::ssize(examples), 1 + least / width, [&](std::int64_t first, std::int64_t end) {
      gather(*lane.column, batch_from(examples, first, end - first), lane.buffer, first);
    });
  }
}

}  // namespace gradc
