// The visitor of a std::variant, written as a list of lambdas.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace gradc {

template <class... Ts>
struct overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
overloaded(Ts...) -> overloaded<Ts...>;  // clang 14 needs the guide

}  // namespace gradc
