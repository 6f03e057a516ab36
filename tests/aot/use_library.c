/* Opens the shared library that its argument names; knows nothing of the model.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include <dlfcn.h>

#include "exercise.h"

int main(int argc, char** argv) {
  void* library = dlopen(argc > 1 ? argv[1] : "", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  exercise((const gradc_model_info*)dlsym(library, "gradc_model"), argc > 2, stdout);
  return 0;
}
