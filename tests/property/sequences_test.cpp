// Random programs over a `seq T`: a batch of examples of different lengths is the sum of what each gives
// alone. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/support/sequences.h"
#include "tests/property/subject.h"

namespace gradc::test {
namespace {

TEST(RandomSequences, ABatchIsItsExamples) {
  const int count = programs_of_each_policy() / 8;
  for (int seed = 0; seed < count && !testing::Test::HasFailure(); ++seed) {
    const std::string text = random_program(static_cast<std::uint64_t>(seed), Policy::sequences).whole();
    SCOPED_TRACE(text);
    batch_is_its_examples(text, {5, 1, 4, 7, 2}, 1e-9);
  }
}

}  // namespace
}  // namespace gradc::test
