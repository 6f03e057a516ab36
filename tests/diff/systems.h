// A short way to write systems in tests: dims, tensors and definitions as on paper.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <initializer_list>
#include <string>

#include "compiler/equations/system.h"
#include "compiler/operators/build.h"

namespace gradc::test {

struct Builder {
  Context c;
  System system{c};

  DimId dim(const std::string& name, std::int64_t size) {
    return c.add_dim({.name = name, .kind = Dim::Kind::fixed, .size = c.integer(size)});
  }
  TensorId given(const std::string& name, std::vector<DimId> dims = {}, Role role = Role::param) {
    return c.add_tensor({.name = name, .role = role, .dims = std::move(dims)});
  }
  TensorId members(const std::string& name, std::vector<DimId> dims, DimId of) {
    return c.add_tensor(
        {.name = name, .role = Role::input, .type = Type::integer, .dims = std::move(dims), .member_of = of});
  }
  // Declares first, so that a definition may read itself.
  TensorId derived(const std::string& name, std::vector<DimId> dims = {}) {
    return c.add_tensor({.name = name, .role = Role::derived, .dims = std::move(dims)});
  }
  void define(TensorId t, Expr value) { system.add({t, Define{value}}); }
  TensorId define(const std::string& name, std::vector<DimId> dims, Expr value) {
    const TensorId t = derived(name, std::move(dims));
    define(t, value);
    return t;
  }
  Expr slot(int k, DimId d) { return c.position(Index::slot(k, d)); }
  Expr at(const Binder& b) { return c.position(b.index); }
  Expr operator()(TensorId t, std::initializer_list<Expr> subscripts = {}) { return c.access(t, subscripts); }
};

}  // namespace gradc::test
