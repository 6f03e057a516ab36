// Writes random programs (tests/property) as files, for the scripts that read what gradc prints of them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "tests/random/random_program.h"

int main(int argc, char** argv) {
  using gradc::test::Policy;
  if (argc != 3) {
    std::cerr << "usage: write_programs FOLDER COUNT\n";
    return 2;
  }
  const Policy policies[] = {Policy::balanced, Policy::deep, Policy::kinky, Policy::choices,
                             Policy::reductions};
  const int count = std::atoi(argv[2]);
  for (int seed = 0; seed < count; ++seed) {
    const Policy policy = policies[static_cast<std::size_t>(seed) % std::size(policies)];
    std::ofstream(std::string(argv[1]) + "/program_" + std::to_string(seed) + ".grad")
        << random_program(static_cast<std::uint64_t>(seed), policy).whole();
  }
}
