/* run_function MODEL.so FUNCTION SIZE: calls the function once, with all run-time sizes SIZE.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include <dlfcn.h>

#include "exercise.h"

int main(int argc, char** argv) {
  const gradc_model_info* model;
  int32_t k;
  void* library = argc == 4 ? dlopen(argv[1], RTLD_NOW) : NULL;
  if (library == NULL || (model = (const gradc_model_info*)dlsym(library, "gradc_model")) == NULL) return 1;
  for (k = 0; k < model->n_functions; ++k)
    if (strcmp(model->functions[k].name, argv[2]) == 0) {
      exercise_call(&model->functions[k], atoi(argv[3]), 0, stdout);
      return 0;
    }
  return 1;
}
