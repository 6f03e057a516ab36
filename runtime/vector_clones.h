// A function with this attribute is compiled for AVX-512, AVX2 and the base set, and chosen when the program
// starts. Only for loops whose elements are independent, so that the width cannot be seen in the result.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define GRADC_VECTOR_CLONES __attribute__((target_clones("default", "avx2", "arch=x86-64-v4")))
#else
#define GRADC_VECTOR_CLONES
#endif
