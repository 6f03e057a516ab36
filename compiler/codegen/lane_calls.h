// Calls of the C library's functions, which take one number at a time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>

#include <string_view>

namespace gradc::codegen {

// function(x…), on doubles.
llvm::Value* call_library(llvm::IRBuilder<>& ir, std::string_view function,
                          llvm::ArrayRef<llvm::Value*> arguments);

// In each lane function(x…) where `lanes` holds, else `otherwise`. A function of the module of its own, since
// W calls in place, most of them behind a branch, would be more code than the kernel around them.
llvm::Value* call_in_lanes(llvm::IRBuilder<>& ir, std::string_view function,
                           llvm::ArrayRef<llvm::Value*> arguments, llvm::Value* otherwise,
                           llvm::Value* lanes);

}  // namespace gradc::codegen
