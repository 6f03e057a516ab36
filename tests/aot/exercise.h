/* Calls all functions of a model through its table, with several batch sizes, and prints every bit of what
 * they give. C99, and C++ for the tests themselves. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */
#ifndef GRADC_TESTS_AOT_EXERCISE_H
#define GRADC_TESTS_AOT_EXERCISE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
#include "runtime/abi.h"
#else
#include "gradc_abi.h"
#endif

#define EXERCISE_SLACK 3 /* strided arrays: so many unused elements behind each row */

static int64_t exercise_extent(const gradc_extent* e, const int64_t* sizes) {
  return e->fixed >= 0 ? e->fixed : sizes[e->size];
}

static size_t exercise_width(const gradc_array_info* a) { return a->scalar == GRADC_F64 ? 8 : 4; }

static void exercise_set(const gradc_array_info* a, void* memory, int64_t place, int64_t number,
                         int64_t members) {
  const double value = (double)(number * 37 % 101) / 64 - 0.75;
  if (a->scalar == GRADC_F64) ((double*)memory)[place] = value;
  if (a->scalar == GRADC_F32) ((float*)memory)[place] = (float)value;
  if (a->scalar == GRADC_I32) ((int32_t*)memory)[place] = (int32_t)(members > 0 ? number * 5 % members : 0);
}

static double exercise_get(const gradc_array_info* a, const void* memory, int64_t place) {
  if (a->scalar == GRADC_F64) return ((const double*)memory)[place];
  if (a->scalar == GRADC_F32) return ((const float*)memory)[place];
  return ((const int32_t*)memory)[place];
}

/* One call with all run-time sizes `size`; `strided` puts slack behind each row. */
static void exercise_call(const gradc_function_info* f, int64_t size, int strided, FILE* out) {
  int64_t sizes[16]; /* those given, then those that follow from them */
  int64_t strides[64][8];
  const int64_t* stride_pointers[64];
  void* arrays[64];
  int64_t counts[64], rows[64];
  size_t bytes;
  char *room, *workspace;
  int32_t k, axis, status;
  int64_t i;
  for (k = 0; k < f->n_sizes; ++k) sizes[k] = size;
  if (f->n_derived > 0) f->derived_sizes(sizes, sizes + f->n_sizes);
  for (k = 0; k < f->n_arrays; ++k) {
    const gradc_array_info* a = &f->arrays[k];
    int64_t stride = 1;
    counts[k] = 1;
    rows[k] = 1;
    for (axis = a->rank - 1; axis >= 0; --axis) {
      const int64_t extent = exercise_extent(&a->extents[axis], sizes);
      strides[k][axis] = stride;
      counts[k] *= extent;
      stride *= extent;
      if (axis == a->rank - 1) {
        rows[k] = extent;
        if (strided) stride += EXERCISE_SLACK;
      }
    }
    stride_pointers[k] = a->rank > 0 ? strides[k] : NULL;
    bytes = (size_t)(counts[k] * (1 + EXERCISE_SLACK) + 1) * exercise_width(a);
    arrays[k] = malloc(bytes);
    memset(arrays[k], 0x5a, bytes);
    for (i = 0; i < counts[k] && a->role < GRADC_LOSS; ++i)
      exercise_set(a, arrays[k], i + (strided && a->rank ? i / rows[k] * EXERCISE_SLACK : 0), i + k,
                   exercise_extent(&a->members, sizes));
  }
  bytes = (size_t)f->workspace_bytes(sizes);
  room = (char*)malloc(bytes + GRADC_WORKSPACE_ALIGNMENT);
  workspace = room + (GRADC_WORKSPACE_ALIGNMENT - (uintptr_t)room % GRADC_WORKSPACE_ALIGNMENT) %
                         GRADC_WORKSPACE_ALIGNMENT;
  memset(workspace, 0xa5, bytes);
  status = f->call(sizes, arrays, strided ? stride_pointers : NULL, workspace, NULL);
  fprintf(out, "%s %ld: status %d\n", f->name, (long)size, (int)status);
  for (k = 0; k < f->n_arrays; ++k) {
    const gradc_array_info* a = &f->arrays[k];
    for (i = 0; i < counts[k] && a->role >= GRADC_LOSS; ++i)
      fprintf(out, "%s[%ld] %a\n", a->symbol, (long)i,
              exercise_get(a, arrays[k], i + (strided && a->rank ? i / rows[k] * EXERCISE_SLACK : 0)));
    free(arrays[k]);
  }
  free(room);
}

static void exercise(const gradc_model_info* model, int strided, FILE* out) {
  static const int64_t batches[] = {1, 7, 32, 1000};
  int32_t k;
  size_t b;
  for (k = 0; k < model->n_functions; ++k)
    for (b = 0; b < sizeof batches / sizeof batches[0]; ++b)
      exercise_call(&model->functions[k], batches[b], strided, out);
}

#endif
