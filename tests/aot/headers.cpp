// The generated header: C99 and C++, with any names, and an example that runs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include "compiler/codegen/c_header.h"
#include "tests/aot/files.h"
#include "tests/aot/hand_made.h"

namespace gradc {
namespace {

using codegen::Artefact;
using codegen::Model;
using test::Folder;

void put(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

// The program in the header's first comment.
std::string example_in(const std::string& header) {
  std::istringstream lines(header);
  std::string program;
  for (std::string line; std::getline(lines, line) && line != " */";)
    if (line.starts_with(" *     ")) program += line.substr(7) + "\n";
  return program;
}

TEST(Headers, AnyNamesInCAndCpp) {
  std::vector<kernel::Program> programs{test::value(), test::product(), test::product()};
  programs[0].arrays[0].axes[1] = "value";  // a dim named as a function is
  const Folder folder;
  for (const char* name : {"net", "20_netz", "größe", "a b*", "double"}) {
    const Model model{name, GRADC_F64, programs};
    folder.write(model, {Artefact::header});
    const std::string include = std::string("#include \"") + name + ".h\"\n";
    put(folder / "both.c", include + include + "int main(void) { return 0; }\n");
    put(folder / "both.cpp", include + include + "int main() { return 0; }\n");
    folder.run({"gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-Wno-unused-function", "-c",
                folder / "both.c", "-o", folder / "both.o"});
    folder.run({"g++", "-std=c++11", "-Wall", "-Wextra", "-Werror", "-pedantic", "-Wno-unused-function", "-c",
                folder / "both.cpp", "-o", folder / "both.o"});
  }
}

TEST(Headers, TheExampleRuns) {
  const std::vector<kernel::Program> programs{test::value(), test::gradient()};
  const Model model{"net", GRADC_F64, programs};
  const Folder folder;
  folder.write(model, {Artefact::header, Artefact::object});
  put(folder / "example.c", example_in(test::contents(folder / "net.h")));
  const std::string program = folder.compile(folder / "example.c", "example", {folder / "net.o", "-lm"});
  EXPECT_EQ(folder.run({program}), "E = 0\n");
  put(folder / "example.cpp", example_in(test::contents(folder / "net.h")));
  folder.run({"g++", "-std=c++11", "-Wall", "-Werror", "-pedantic", folder / "example.cpp", folder / "net.o",
              "-o", folder / "example"});
  EXPECT_EQ(folder.run({folder / "example"}), "E = 0\n");
}

}  // namespace
}  // namespace gradc
