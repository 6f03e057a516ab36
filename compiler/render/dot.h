// The graph of a system for Graphviz: tensors with their shapes, and what reads what.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>

#include "compiler/equations/system.h"

namespace gradc {

std::string dot_graph(const System& system);

}  // namespace gradc
