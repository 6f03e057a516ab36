/* Linked with the object file; includes the generated header. Compares the typed functions with the table.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include "exercise.h"
#include "net.h"

static int typed_functions_agree(void) {
  enum { n = 7 };
  double x[n * net_D], w[net_D], f[n], other_f[n], E, other_E;
  char room[4096], *workspace = room + (64 - (uintptr_t)room % 64) % 64;
  const int64_t sizes[] = {n};
  void* arrays[net_value_arrays];
  int i;
  for (i = 0; i < n * net_D; ++i) x[i] = i * 0.25 - 1;
  for (i = 0; i < net_D; ++i) w[i] = 1.5 - i;
  if (net_value_workspace_bytes(sizes) > (int64_t)sizeof room - 64) return 0;
  if (net_value(n, x, w, f, &E, workspace) != GRADC_OK) return 0;
  arrays[net_value_array_x] = x;
  arrays[net_value_array__ce_b8] = w;
  arrays[net_value_array_f] = other_f;
  arrays[net_value_array_E] = &other_E;
  if (net_value_call(sizes, arrays, NULL, workspace, NULL) != GRADC_OK) return 0;
  return memcmp(f, other_f, sizeof f) == 0 && memcmp(&E, &other_E, sizeof E) == 0;
}

int main(int argc, char** argv) {
  (void)argv;
  if (!typed_functions_agree()) return 1;
  exercise(&gradc_model_net, argc > 1, stdout);
  return 0;
}
