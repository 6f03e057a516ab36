// Hand tracking: how far a posed hand of bones and skin is from measured points, and the Jacobian, by hand.
// Taylor et al., User-specific hand modeling from monocular depth sequences, 2014.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <vector>

namespace gradc::reference {

struct Ht {
  std::size_t bones, vertices, triangles, points;
  bool complicated = true;    // points lie within triangles, at places to be found; else on vertices
  std::vector<double> theta;  // [26]
  std::vector<double> us;     // [points][2], if complicated
  std::vector<int> parent;    // [bones]; -1: the root
  std::vector<double> relative, inverse;  // [bones][4][4]: base relative, inverse base absolute
  std::vector<double> base;               // [vertices][4]
  std::vector<double> weight;             // [vertices][bones]
  std::vector<int> triangle;              // [triangles][3]
  std::vector<int> correspondence;        // [points]: a triangle, or a vertex
  std::vector<double> point;              // [points][3]
  bool mirrored = false;                  // x is turned round before the hand as a whole is
};

std::vector<double> ht_value(const Ht& in);     // [points][3]
std::vector<double> ht_jacobian(const Ht& in);  // [points][3][28 or 26]: by its own us, then by theta

}  // namespace gradc::reference
