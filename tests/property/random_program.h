// Random well-typed programs, as text in the language: what goes in is what a user could have written.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <string>

namespace gradc::test {

// What a run of programs leans towards, so that rare paths are met (YARPGen's policies, OOPSLA 2020).
enum class Policy {
  balanced,
  deep,
  wide,
  kinky,
  choices,
  reductions,
  matrices,
  batches,
  iterates,
  recurrences,
  derivatives
};

// The program of a seed: always the same text. It minimises `E`, has real inputs, params and consts without
// values, noise, and members; operators are drawn so that values stay finite and of moderate size.
std::string random_program(std::uint64_t seed, Policy policy);

}  // namespace gradc::test
