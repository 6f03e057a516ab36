// Generated inputs of any size, none of them degenerate: no result is 0 or tied by chance.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "tests/gradbench/reference/ba.h"
#include "tests/gradbench/reference/gmm.h"
#include "tests/gradbench/reference/ht.h"
#include "tests/gradbench/reference/kmeans.h"
#include "tests/gradbench/reference/lstm.h"

namespace gradc::reference {

Ba make_ba(std::size_t cameras, std::size_t points, std::size_t observations);
Gmm make_gmm(std::size_t dims, std::size_t kinds, std::size_t points);
Ht make_ht(std::size_t vertices, std::size_t points, bool complicated);
Kmeans make_kmeans(std::size_t kinds, std::size_t points, std::size_t dims);
Lstm make_lstm(std::size_t layers, std::size_t characters, std::size_t bits);
std::vector<double> make_uniform(std::size_t n);

}  // namespace gradc::reference
