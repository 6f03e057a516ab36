// Other machines: objects for them, and what is said of those that are not known.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include "tests/aot/files.h"
#include "tests/aot/hand_made.h"

namespace gradc {
namespace {

using codegen::Artefact;
using codegen::Model;
using codegen::Options;
using test::Folder;

struct Net {
  std::vector<kernel::Program> programs{test::value(), test::gradient(), test::product()};
  Model model{"net", GRADC_F64, programs};
};

std::string refusal(const Options& options, Artefact what, const std::string& folder) {
  const Net net;
  const auto written = codegen::write_model(net.model, options, folder, std::span(&what, 1));
  return written ? "" : render(written.diagnostics(), {});
}

TEST(Targets, ObjectsForOtherMachines) {
  const Net net;
  const std::pair<const char*, const char*> machines[] = {{"aarch64-linux-gnu", "AArch64"},
                                                          {"riscv64-linux-gnu", "RISC-V"},
                                                          {"powerpc64le-linux-gnu", "PowerPC64"},
                                                          {"x86_64-linux-gnu", "X86-64"}};
  for (const auto& [target, machine] : machines) {
    const Folder folder;
    folder.write(net.model, {Artefact::object, Artefact::assembly, Artefact::llvm}, {.target = target});
    EXPECT_NE(folder.run({"readelf", "-h", folder / "net.o"}).find(machine), std::string::npos) << target;
    // Real arithmetic in registers, not in library calls.
    EXPECT_EQ(test::contents(folder / "net.s").find("__muldf3"), std::string::npos) << target;
  }
}

TEST(Targets, UnknownOnesAreListed) {
  const Folder folder;
  EXPECT_EQ(refusal({.target = "aarch65-linux-gnu"}, Artefact::object, folder.path()),
            "--target: error: unknown target `aarch65-linux-gnu` [E801]\n"
            "   = help: did you mean `aarch64-linux-gnu`? the targets are x86_64-linux-gnu, "
            "aarch64-linux-gnu, riscv64-linux-gnu, powerpc64le-linux-gnu\n");
  const std::string windows = refusal({.target = "x86_64-pc-windows-msvc"}, Artefact::object, folder.path());
  EXPECT_NE(windows.find("[E801]"), std::string::npos) << windows;
  for (const char* junk : {"", "-", "x86_64", "i386-linux-gnu", "wasm32", "x86_64-linux-gnux32", "\xff\xfe"})
    if (*junk) {
      const std::string text = refusal({.target = junk}, Artefact::object, folder.path());
      EXPECT_NE(text.find("[E801]"), std::string::npos) << junk << ": " << text;
    }
}

TEST(Targets, UnknownProcessorsAreListed) {
  const Folder folder;
  const std::string text =
      refusal({.cpu = "cortex-a27", .target = "aarch64-linux-gnu"}, Artefact::object, folder.path());
  EXPECT_NE(text.find("--cpu: error: unknown processor `cortex-a27` for aarch64 [E802]"), std::string::npos)
      << text;
  EXPECT_NE(text.find("cortex-a76"), std::string::npos) << text;
  EXPECT_NE(refusal({.cpu = "bogus"}, Artefact::object, folder.path()).find("[E802]"), std::string::npos);
}

TEST(Targets, SharedLibrariesAreLinkedAtHome) {
#ifndef __aarch64__
  const Folder folder;
  const std::string text = refusal({.target = "aarch64-linux-gnu"}, Artefact::shared, folder.path());
  EXPECT_NE(text.find("[E803]"), std::string::npos) << text;
  EXPECT_EQ(folder.files(), 0u);
#endif
}

TEST(Targets, WithoutACompilerLinkingIsRefused) {
  const Folder folder, empty;
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", empty.path().c_str(), 1);
  const std::string none = refusal({}, Artefact::shared, folder.path());
  std::ofstream(empty / "cc") << "#!/bin/sh\necho out of paper >&2\nexit 1\n";
  std::filesystem::permissions(empty / "cc", std::filesystem::perms::owner_all);
  const std::string failing = refusal({}, Artefact::shared, folder.path());
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_NE(none.find("[E804]"), std::string::npos) << none;
  EXPECT_NE(failing.find("[E805]"), std::string::npos) << failing;
  EXPECT_NE(failing.find("out of paper"), std::string::npos) << failing;
  EXPECT_EQ(folder.files(), 0u);
}

TEST(Targets, FoldersThatCannotBeMade) {
  EXPECT_NE(refusal({}, Artefact::header, "/proc/no/such").find("[E530]"), std::string::npos);
}

}  // namespace
}  // namespace gradc
