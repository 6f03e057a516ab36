// What runs along one time: the circles of equations that make values, going up or going down; those that
// come back and read what the first have made; and all equations that read these element by element. Time is
// an axis of a recurrence, or the steps of an iterate.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "compiler/equations/system.h"

namespace gradc {

struct Cluster {
  bool up = true;                        // the way that values are made
  std::map<TensorId, std::size_t> time;  // which axis runs along it
  std::set<TensorId> forward;            // what the values need
  std::set<TensorId> backward;           // all others
  std::set<TensorId> copied;             // of `forward`: what those that are backward need
  std::set<TensorId> after;              // outside of it: what needs something of it
  TensorId live = {};                    // of the steps of an iterate: says whether each is taken

  bool contains(TensorId t) const { return time.contains(t); }
};

// None if nothing comes back, or if it reads in a way that is no step along time. What has been tried before
// is not looked at, nor what is in segments already.
std::optional<Cluster> find_cluster(const System& system, const std::set<TensorId>& tried);

}  // namespace gradc
