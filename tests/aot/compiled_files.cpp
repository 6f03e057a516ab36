// Object file, shared library and header, used by C programs: the same bits as the JIT's.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <regex>
#include <thread>

#include "compiler/codegen/c_header.h"
#include "compiler/codegen/jit.h"
#include "tests/aot/files.h"
#include "tests/aot/hand_made.h"

#include "tests/aot/exercise.h"

namespace gradc {
namespace {

using codegen::Artefact;
using codegen::JitModel;
using codegen::Model;
using test::Folder;

const std::string tests = GRADC_SOURCE_DIR "/tests/aot/";

std::string exercised(const gradc_model_info& model, bool strided) {
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* out = ::open_memstream(&text, &size);
  exercise(&model, strided, out);
  std::fclose(out);
  std::string result(text, size);
  std::free(text);
  return result;
}

struct Net {
  std::vector<kernel::Program> programs{test::value(), test::gradient(), test::product()};
  Model model{"net", GRADC_F64, programs};
};

TEST(CompiledFiles, StridedArraysGiveTheBitsOfDenseOnes) {
  const Net net;
  const JitModel jit(net.model);
  EXPECT_EQ(exercised(jit.info(), false), exercised(jit.info(), true));
}

TEST(CompiledFiles, ObjectAndHeaderInC) {
  const Net net;
  const Folder folder;
  folder.write(net.model, {Artefact::object, Artefact::header});
  const std::string program = folder.compile(tests + "use_object.c", "use", {folder / "net.o", "-lm"});
  const JitModel jit(net.model);
  EXPECT_EQ(folder.run({program}), exercised(jit.info(), false));
  EXPECT_EQ(folder.run({program, "strided"}), exercised(jit.info(), true));
}

TEST(CompiledFiles, SharedLibraryOpenedFromC) {
  const Net net;
  const Folder folder;
  folder.write(net.model, {Artefact::shared, Artefact::header});
  EXPECT_EQ(folder.files(), 3u) << "nothing of the linker's stays behind";
  const std::string program = folder.compile(tests + "use_library.c", "use", {"-ldl"});
  const JitModel jit(net.model);
  EXPECT_EQ(folder.run({program, folder / "net.so"}), exercised(jit.info(), false));
}

TEST(CompiledFiles, LibraryShowsTheAbiAndNothingElse) {
  const Net net;
  const Folder folder;
  folder.write(net.model, {Artefact::shared});
  std::istringstream lines(folder.run({"nm", "-D", "--defined-only", "--format=posix", folder / "net.so"}));
  std::set<std::string> symbols;
  for (std::string line; std::getline(lines, line);) symbols.insert(line.substr(0, line.find(' ')));
  EXPECT_EQ(symbols, (std::set<std::string>{"gradc_model", "gradc_model_net", "net_value_call",
                                            "net_value_workspace_bytes", "net_gradient_call",
                                            "net_gradient_workspace_bytes", "net_product_call",
                                            "net_product_workspace_bytes"}));
}

TEST(CompiledFiles, CodeForAnyX86GivesTheBitsOfTheHost) {
#ifdef __x86_64__
  const Net net;
  const Folder folder;
  folder.write(net.model, {Artefact::object, Artefact::header}, {.cpu = "x86-64"});
  const std::string program = folder.compile(tests + "use_object.c", "use", {folder / "net.o", "-lm"});
  const JitModel jit(net.model);
  EXPECT_EQ(folder.run({program}), exercised(jit.info(), false));
#else
  GTEST_SKIP() << "this machine is no x86";
#endif
}

TEST(CompiledFiles, SameModelSameBytes) {
  const Net net;
  const Folder a, b;
  const std::vector<Artefact> all = {Artefact::object, Artefact::shared, Artefact::header, Artefact::llvm,
                                     Artefact::assembly};
  a.write(net.model, all);
  b.write(net.model, all);
  for (const char* file : {"net.o", "net.h", "net.ll", "net.s", "net.so", "gradc_abi.h"}) {
    EXPECT_FALSE(test::contents(a / file).empty()) << file;
    EXPECT_EQ(test::contents(a / file), test::contents(b / file)) << file;
  }
}

TEST(CompiledFiles, AssemblyIsThatOfTheObject) {
  const Net net;
  const Folder folder;
  folder.write(net.model, {Artefact::object, Artefact::assembly, Artefact::header});
  folder.run({"gcc", "-c", folder / "net.s", "-o", folder / "assembled.o"});
  const std::string program = folder.compile(tests + "use_object.c", "use", {folder / "assembled.o", "-lm"});
  const JitModel jit(net.model);
  EXPECT_EQ(folder.run({program}), exercised(jit.info(), false));
}

TEST(CompiledFiles, TwoThreadsAtOnce) {
  const Net net;
  const JitModel jit(net.model);
  const std::string expected = exercised(jit.info(), false);
  std::string results[2];
  {
    std::jthread one([&] { results[0] = exercised(jit.info(), false); });
    std::jthread two([&] { results[1] = exercised(jit.info(), false); });
  }
  EXPECT_EQ(results[0], expected);
  EXPECT_EQ(results[1], expected);
}

TEST(CompiledFiles, BadArgumentsAreRefused) {
  const Net net;
  const JitModel jit(net.model);
  const gradc_function_info& f = jit.info().functions[0];
  std::int64_t n = 1;
  double x[3] = {1, 2, 3}, w[3] = {1, 1, 1}, y = 0, e = 0;
  alignas(64) char workspace[4096];
  ASSERT_GE(f.workspace_bytes(&n), 0);
  ASSERT_LE(f.workspace_bytes(&n), static_cast<std::int64_t>(sizeof workspace));
  void* arrays[] = {x, w, &y, &e};
  EXPECT_EQ(f.call(&n, arrays, nullptr, workspace, nullptr), GRADC_OK);
  EXPECT_EQ(f.call(&n, arrays, nullptr, nullptr, nullptr), GRADC_BAD_ARGUMENT);
  for (void*& pointer : arrays) {
    void* const given = std::exchange(pointer, nullptr);
    EXPECT_EQ(f.call(&n, arrays, nullptr, workspace, nullptr), GRADC_BAD_ARGUMENT);
    pointer = given;
  }
  EXPECT_EQ(f.call(&n, nullptr, nullptr, workspace, nullptr), GRADC_BAD_ARGUMENT);
  EXPECT_EQ(f.call(nullptr, arrays, nullptr, workspace, nullptr), GRADC_BAD_ARGUMENT);
  EXPECT_LT(f.workspace_bytes(nullptr), 0);
  n = -1;
  EXPECT_LT(f.workspace_bytes(&n), 0);
  EXPECT_EQ(f.call(&n, arrays, nullptr, workspace, nullptr), GRADC_BAD_ARGUMENT);
  n = 0;  // no example needs no memory
  arrays[0] = arrays[2] = nullptr;
  EXPECT_EQ(f.call(&n, arrays, nullptr, workspace, nullptr), GRADC_OK);
  EXPECT_EQ(e, 0);
}

}  // namespace
}  // namespace gradc
