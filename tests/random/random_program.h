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
  derivatives,
  large,     // a dim of 40 to 100, and neighbours along it: loops with inner parts, lanes and rests
  sequences  // recurrences over a `seq T`, whose length no example shares
};

// The program of a seed: always the same text. It minimises `E`, has real inputs, params and consts without
// values, noise, and members; operators are drawn so that values stay finite and of moderate size.
struct RandomProgram {
  std::string text;
  std::string functions;  // of the file `functions.grad` that the program uses; empty: it uses none

  std::string whole() const;  // in one file
};
RandomProgram random_program(std::uint64_t seed, Policy policy);

}  // namespace gradc::test
