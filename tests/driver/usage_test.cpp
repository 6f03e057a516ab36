// Wrong usage ends with status 2 and a way out; mistakes in files and values with status 1.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/support/diagnostic.h"
#include "tests/driver/command.h"

namespace gradc::test {
namespace {

TEST_F(Command, SaysItsVersionInOneLine) {
  const Outcome outcome = gradc("--version");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_TRUE(outcome.out.starts_with("gradc ")) << outcome.out;
  EXPECT_EQ(std::ranges::count(outcome.out, '\n'), 1);
}

TEST_F(Command, HelpsWithEveryCommand) {
  for (const char* command :
       {"", "check", "diff", "eval", "train", "predict", "verify", "compile", "graph", "claim"}) {
    const Outcome outcome = gradc(std::string(command) + " --help");
    EXPECT_EQ(outcome.status, 0) << command;
    EXPECT_NE(outcome.out.find("Usage: gradc"), std::string::npos) << command;
  }
}

TEST_F(Command, RefusesWrongUsage) {
  const std::string square = "samples/01_square.grad";
  EXPECT_EQ(gradc("").status, 2);
  expect_refused(gradc("chekc x.grad"), 2, "did you mean `check`?");
  expect_refused(gradc("--versoin"), 2, "did you mean `--version`?");
  expect_refused(gradc("check"), 2, "FILE is required");
  expect_refused(gradc("diff --fromat latex " + square), 2, "did you mean `--format`?");
  expect_refused(gradc("diff " + square + " --format latx"), 2, "did you mean `latex`?");
  expect_refused(gradc("check " + square + " --dump=equatoins"), 2, "did you mean `equations`?");
  expect_refused(gradc("diff " + square + " other.grad"), 2, "`other.grad` is one argument too many");
  expect_refused(gradc("eval " + square + " --order 3"), 2, "--order");
  expect_refused(gradc("check " + square + " --dim N"), 2, "--dim N=5");
  expect_refused(gradc("check " + square + " --dim N=many"), 2, "--dim N=5");
  expect_refused(gradc("train " + square + " --epochs -1"), 2, "--epochs");
  expect_refused(gradc("train " + square + " --batch 0"), 2, "--batch");
  expect_refused(gradc("compile " + square), 2, "--out");
  expect_refused(gradc("compile " + square + " -o x --emit shard"), 2, "did you mean `shared`?");
}

TEST_F(Command, SaysWhenItsOutputIsLost) {
  const Outcome full = shell("gradc eval samples/01_square.grad --set x=0:1000 >/dev/full");
  EXPECT_EQ(full.status, 1);
  EXPECT_NE(full.err.find("cannot write the output"), std::string::npos) << full.err;
  const Outcome closed = shell("gradc eval samples/01_square.grad --set x=0:100000 | head -1");
  EXPECT_EQ(closed.status, 0);
  EXPECT_EQ(closed.err, "");
}

// What is asked for on the command line is used.
TEST_F(Command, DoesNotWarnOfWhatIsAskedFor) {
  write("aside.grad", "input x\nparam w init 0\naside = 2*w\nminimize E = (w*x - 1)^2\n");
  EXPECT_NE(gradc("check aside.grad").err.find("[W203]"), std::string::npos);
  EXPECT_EQ(gradc("diff aside.grad --of aside").err, "");
}

TEST_F(Command, RefusesFilesThatAreNoModels) {
  expect_refused(gradc("check nothing.grad"), 1, "nothing.grad: error: there is no such file [E500]");
  expect_refused(gradc("check ."), 1, "this is a folder");
  write("data.csv", "x,y\n1,2\n");
  expect_refused(gradc("plot data.csv"), 1, "data.csv: error: these are data, and a model file was expected");
  write("empty.grad", "");
  expect_refused(gradc("check empty.grad"), 1, "empty.grad:1:1: error:");
  expect_refused(gradc("predict . --data samples/data/or.csv"), 1, "[E531]");
}

TEST_F(Command, RefusesQuantitiesThatAreNotThere) {
  const std::string layer = "samples/13_hidden_layer.grad";
  expect_refused(gradc("diff " + layer + " --of F"), 1, "--of F: error: the file has no `F` [E601]");
  expect_refused(gradc("diff " + layer + " --of x"), 1, "`x` is given, not computed [E601]");
  expect_refused(gradc("diff " + layer + " --wrt w2"), 1, "[E601]");
  expect_refused(gradc("check " + layer + " --dim K=3"), 1, "the file declares no dim `K`");
  write("members.grad", "dim K = 3\ninput label in K, z[K]\nE = z[label]\ntop = argmax(k) z[k]\n");
  expect_refused(gradc("diff members.grad --wrt label"), 1,
                 "`label` is an integer, and there is no derivative by it [E606]");
  expect_refused(gradc("diff members.grad --of top"), 1, "`top` is an integer, and has no derivative [E606]");
}

TEST(Diagnostics, EveryCodeOfTheCommandHasATest) {
  std::string text;
  for (const char* folder : {"/tests/driver", "/tests/errors"})
    for (const auto& entry : std::filesystem::directory_iterator(std::string(GRADC_SOURCE_DIR) + folder))
      if (entry.is_regular_file()) text += read_file(entry.path());
  for (const DiagnosticInfo& info : all_diagnostics()) {
    if (!info.code.starts_with("E6") || info.code == "E610") continue;  // E610: gradc's own mistakes
    EXPECT_NE(text.find("[" + std::string(info.code) + "]"), std::string::npos)
        << info.code << ": " << info.summary;
  }
}

}  // namespace
}  // namespace gradc::test
