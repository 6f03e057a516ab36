// Any graph, by what each node reads. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <vector>

namespace gradc {

// Groups of nodes, each after what it reads; more than one in a group (or one that reads itself): a circle.
std::vector<std::vector<std::size_t>> strongly_connected(
    const std::vector<std::vector<std::size_t>>& successors);

}  // namespace gradc
