#!/usr/bin/env bash
# Runs the benchmarks of a build made with GRADC_BENCH, and prints one table. One thread throughout.
# `functions`: elementary functions, against MPFR and the C library.
set -euo pipefail
cd "$(dirname "$0")/../.."
unset OPENBLAS_CORETYPE
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
[ "${1:-}" = functions ] && exec build/tests/bench/bench_functions
exec /usr/bin/python3 tests/bench/table.py "$@"
