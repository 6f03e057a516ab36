// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/commands.h"

int main(int argc, char** argv) { return gradc::driver::run(argc, argv); }
