/* What compiled models look like from outside: the one C ABI of JIT, object file and shared library.
 * C99, and includes nothing of ours: the code generator fills these tables, the runtime and other programs
 * read them. Compiled code keeps no state and allocates nothing; every function may be called from several
 * threads at once. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef GRADC_ABI_H
#define GRADC_ABI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define GRADC_ABI_VERSION 4
#define GRADC_WORKSPACE_ALIGNMENT 64 /* bytes; other arrays need the alignment of their element only */

/* What a call answers. */
enum {
  GRADC_OK = 0,
  GRADC_BAD_ARGUMENT = 1, /* a size below 0 or beyond what memory has, a pointer missing */
  GRADC_OUT_OF_RANGE = 2, /* a computed subscript outside its dim, or a computed integer beyond 32 bits;
                           * outputs are undefined */
  GRADC_NOT_CONVERGED = 3 /* an iterate met its limit first; outputs hold the last values */
};
/* A matrix that cannot be factorised is no error of a call: what is made of it is NaN. */

/* The type of an array's elements. */
enum { GRADC_F32 = 0, GRADC_F64 = 1, GRADC_I32 = 2 /* members of a dim, counted from 0; lengths */ };

/* What an array is for; outputs are GRADC_LOSS and above. Losses, metrics and penalties are f64, of rank 0.
 */
enum {
  GRADC_LENGTH = -3, /* [N] of GRADC_I32: how long each example is along the run-time size `members`. Arrays
                        are as long as the longest, and what lies behind an example's end is not read */
  GRADC_STATISTIC = -2, /* in place of what is computed across a batch: see GRADC_BATCH_VALUE (no N) */
  GRADC_NOISE = -1,     /* [N, ...]: drawn by the caller for every example and step, as `noise` says */
  GRADC_INPUT = 0,      /* [N, ...]: new for every example */
  GRADC_TARGET = 1,     /* [N, ...]: likewise, and not needed to predict */
  GRADC_CONST = 2,      /* given once */
  GRADC_PARAM = 3,      /* learned */
  GRADC_LOSS = 4,       /* the minimised quantity, summed over the N examples */
  GRADC_METRIC = 5,     /* a metric, summed over the N examples */
  GRADC_PENALTY = 6,    /* a penalty: of params and consts only, once and not per example */
  GRADC_GRADIENT = 7,   /* named d_NAME, of the shape and type of the array `of`; with N: summed */
  GRADC_VALUE = 8,      /* what was asked for; [N, ...] if it differs from example to example */
  GRADC_BATCH_VALUE = 9 /* of `gradient`: what was computed across the batch (no N). Its mean over an epoch's
                           steps is what `evaluate` and `predict` take as the GRADC_STATISTIC of that name */
};

/* What noise is drawn from, independently for each element. */
enum {
  GRADC_NORMAL = 0,   /* mean a, standard deviation b */
  GRADC_UNIFORM = 1,  /* from a to b */
  GRADC_BERNOULLI = 2 /* 1 with the probability a, else 0 */
};
typedef struct gradc_noise_info {
  int32_t distribution; /* GRADC_NORMAL ... */
  double a, b;
} gradc_noise_info;

/* How long an axis is: `fixed`, or, where fixed < 0, the run-time size argument number `size`; from n_sizes
 * on the numbers are those of derived sizes. */
typedef struct gradc_extent {
  int64_t fixed;
  int32_t size;
} gradc_extent;

typedef struct gradc_array_info {
  const char* name;            /* as written in the model, UTF-8 */
  const char* symbol;          /* the same as a C identifier */
  int32_t role;                /* GRADC_INPUT ... */
  int32_t scalar;              /* GRADC_F32 ... */
  int32_t rank;                /* 0: a scalar, passed as an array of one element */
  const gradc_extent* extents; /* `rank` of them, outermost first; of an array per example the first is N */
  gradc_extent members;        /* of GRADC_I32: the size of the dim that the values are members of, or of
                                  GRADC_LENGTH, the size that they are at most; else {0, -1} */
  int32_t of; /* of GRADC_GRADIENT: the array with respect to which, counted in this function; else -1 */
  const gradc_noise_info* noise; /* of GRADC_NOISE; else NULL */
} gradc_array_info;

/* Threads that a call may use. `run` calls task(data, part) once for every part from 0 to parts - 1, from
 * up to `threads` threads (that of the caller is one of them), in any order, and returns when all have
 * returned. Compiled code makes no threads of its own. */
typedef struct gradc_pool {
  int32_t threads;
  void (*run)(const struct gradc_pool* pool, void (*task)(void* data, int64_t part), void* data,
              int64_t parts);
} gradc_pool;

/* sizes: the run-time sizes, in the order of size_names.
 * arrays: caller-owned, in the order of gradc_function_info.arrays; outputs are overwritten, and overlap with
 * nothing. strides: in elements, per array and axis; NULL (all arrays) or a NULL entry (this one) means
 * contiguous, row-major. workspace: workspace_bytes(sizes) bytes, aligned to GRADC_WORKSPACE_ALIGNMENT; its
 * content means nothing between calls. pool: NULL, or threads to share the work; the results are the same to
 * the bit. Returns GRADC_OK or another status from above. */
typedef int32_t (*gradc_call)(const int64_t* sizes, void* const* arrays, const int64_t* const* strides,
                              void* workspace, const gradc_pool* pool);

typedef struct gradc_function_info {
  const char* name;
  gradc_call call;
  int64_t (*workspace_bytes)(const int64_t* sizes); /* < 0: the sizes overflow */
  int32_t n_sizes;
  const char* const* size_names; /* dims' names, UTF-8; the number of examples is called "batch" */
  int32_t batch;                 /* which size is the number of examples N, or -1 */
  int32_t n_arrays;
  const gradc_array_info* arrays;
  int32_t n_derived; /* sizes that follow from those given: of an axis of one position more than T, say */
  void (*derived_sizes)(const int64_t* sizes, int64_t* derived); /* NULL if there are none */
} gradc_function_info;

/* A model that is trained has these functions, found by name:
 *   gradient   inputs, targets, lengths, noise, consts, params -> loss, metrics, batch values, d_PARAM for
 * each param (all but batch values: sums over the N examples) evaluate   inputs, targets, lengths,
 * statistics, consts, params -> loss, metrics (sums over the N examples) predict    inputs, lengths,
 * statistics, consts, params -> GRADC_VALUE outputs, [N, ...] penalty    params, consts -> penalties, d_PARAM
 * of their sum (no N; absent if there are none) In `evaluate` and `predict` noise stands for its mean, and is
 * no argument. A loss that needs no example (a model without inputs) is its own sum: `batch` is -1, and N
 * counts as 1. The caller divides by N, and adds the penalties and their gradient after that. Further
 * functions (values, Jacobians, Hessian-vector products) bear the names under which they were asked for. */
typedef struct gradc_model_info {
  int32_t version;   /* GRADC_ABI_VERSION */
  const char* name;  /* of the model file, without its ending */
  int32_t precision; /* GRADC_F32 or GRADC_F64: of all quantities but sums of losses and metrics */
  int32_t n_functions;
  const gradc_function_info* functions;
} gradc_model_info;

#ifdef __cplusplus
}
#endif
#endif
