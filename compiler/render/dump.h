// The exact text of a System: what --dump=PASS prints and golden files of all stages hold. The notation is
// described in dump_syntax.h; read_dump.h reads it back.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>

#include "compiler/equations/system.h"

namespace gradc {

// dump(read_dump(dump(s))) == dump(s), and the nodes are the same up to ids. Source positions are not in it.
std::string dump(const System& system);

}  // namespace gradc
