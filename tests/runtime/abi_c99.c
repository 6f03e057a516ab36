/* abi.h must be C99 on its own: this file is compiled with -std=c99 -pedantic-errors.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include "runtime/abi.h"

int gradc_abi_version_in_c(void);
int gradc_abi_version_in_c(void) {
  gradc_extent extent = {-1, 0};
  return extent.size == 0 ? GRADC_ABI_VERSION : -1;
}
