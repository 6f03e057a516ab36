// What LLVM takes as a target's triple: text until version 20, a Triple since.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <llvm/Config/llvm-config.h>
#include <llvm/TargetParser/Triple.h>

namespace gradc::codegen {

#if LLVM_VERSION_MAJOR < 21
inline const std::string& as_taken(const llvm::Triple& triple) { return triple.str(); }
#else
inline const llvm::Triple& as_taken(const llvm::Triple& triple) { return triple; }
#endif

}  // namespace gradc::codegen
