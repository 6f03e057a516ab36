// Files that use others: where these are found, what they may hold, and that nothing else is opened.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/driver/command.h"

namespace gradc::test {
namespace {

namespace fs = std::filesystem;

class Use : public Command {
 public:
  Use() {
    fs::create_directories(folder() / "model/lib");
    fs::create_directories(folder() / "shared");
    write("outside.grad", "f(x) = x\n");
    write("model/lib/cube.grad", "cube(x) = x^3\n");
  }
  // What `gradc check` says of a model with this text.
  std::string said(const std::string& text, const std::string& options = "") const {
    write("model/main.grad", text);
    const Outcome outcome = gradc("check model/main.grad " + options);
    return outcome.err + (outcome.status == 0 ? "" : "status " + std::to_string(outcome.status) + "\n");
  }
  void expect_said(const std::string& text, const std::string& part) const {
    const std::string all = said(text);
    EXPECT_NE(all.find(part), std::string::npos) << all;
    EXPECT_NE(all.find("status 1"), std::string::npos) << all;
  }
};

TEST_F(Use, FindsFunctionsBesideTheFileThatUsesThem) {
  write("model/lib/more.grad", "use \"cube.grad\"\ntwice(x) = 2*cube(x)\n");
  write("model/main.grad", "use \"lib/more.grad\"\ninput x\ny = twice(x)\n");
  const Outcome outcome = gradc("eval model/main.grad --set x=2");
  EXPECT_EQ(outcome.out, "y = 16\ndy/dx = 24\n") << outcome.err;
  // A file sees what it uses itself, and no more.
  expect_said("use \"lib/more.grad\"\ninput x\ny = twice(x) + cube(x)\n",
              "model/main.grad:3:16: error: there is no function `cube` [E201]");
}

// Names of the main file mean nothing in a used one: its `D` is any dim, its `k` an index.
TEST_F(Use, DoesNotChangeWhatAFileSays) {
  write("model/lib/sum.grad", "total(v[D]) = sum(k) square(v[k])\nsquare(x) = x^2\n");
  EXPECT_EQ(said("use \"lib/sum.grad\"\ndim D = 2, H = 3\nconst k = 5\ninput x[H], z[D]\n"
                 "doubled(t) = 2*t\ny = total(x) + k*doubled(total(z))\n"),
            "");
}

TEST_F(Use, PointsIntoTheFileThatIsWrong) {
  write("model/lib/wrong.grad", "# a mistake\nf(x) = sin(x) + yy\n");
  expect_said("use \"lib/wrong.grad\"\ninput x\ny = f(x)\n",
              "model/lib/wrong.grad:2:17: error: nothing is called `yy` [E201]\n 2 | f(x) = sin(x) + yy\n");
  write("model/lib/wrong.grad", "f(x) = (x\n");
  expect_said("use \"lib/wrong.grad\"\ninput x\ny = f(x)\n", "model/lib/wrong.grad:1:8: error:");
}

TEST_F(Use, RefusesWhatBelongsToOneModel) {
  write("model/lib/model.grad", "input x\nparam w init 0\nf(t) = t\nminimize E = w*x\n");
  const std::string all = said("use \"lib/model.grad\"\ninput x\ny = f(x)\n");
  for (const char* part :
       {"model/lib/model.grad:1:1: error: a file that others use holds functions, and this is an input "
        "[E119]",
        "model/lib/model.grad:2:1: error: a file that others use holds functions, and this is a param [E119]",
        "model/lib/model.grad:4:1: error: a file that others use holds functions, and this is a line of "
        "training",
        "model/main.grad:1:5\n 1 | use \"lib/model.grad\""})
    EXPECT_NE(all.find(part), std::string::npos) << part << "\n" << all;
}

TEST_F(Use, TellsTheWayRoundACircle) {
  write("model/lib/a.grad", "use \"b.grad\"\nf(x) = g(x)\n");
  write("model/lib/b.grad", "use \"a.grad\"\ng(x) = x\n");
  expect_said("use \"lib/a.grad\"\ninput x\ny = f(x)\n",
              "model/lib/b.grad:1:5: error: `model/lib/a.grad` uses itself: `model/lib/a.grad` → "
              "`model/lib/b.grad` → `model/lib/a.grad`");
  write("model/lib/b.grad", "use \"../main.grad\"\ng(x) = x\n");
  expect_said("use \"lib/a.grad\"\nh(x) = f(x)\n", "`model/main.grad` uses itself: `model/main.grad` → ");
  // Used twice, on two ways, is no circle.
  write("model/lib/b.grad", "use \"cube.grad\"\ng(x) = cube(x)\n");
  EXPECT_EQ(said("use \"lib/a.grad\"\nuse \"lib/b.grad\"\nuse \"lib/cube.grad\"\ninput x\n"
                 "y = f(x) + g(x) + cube(x)\n"),
            "");
}

TEST_F(Use, OpensNothingOutsideItsFolders) {
  fs::create_symlink(folder() / "outside.grad", folder() / "model/link.grad");
  fs::create_directory_symlink(folder(), folder() / "model/up");
  fs::create_directory(folder() / "model/folder.grad");
  const std::string rest = "\ninput x\ny = f(x)\n";
  for (const char* path : {"../outside.grad", "lib/../../outside.grad", "link.grad", "up/outside.grad"})
    expect_said("use \"" + std::string(path) + "\"" + rest, "leads out of the folders that files are used from");
  expect_said("use \"" + (folder() / "model/lib/cube.grad").string() + "\"" + rest,
              "is not said from where the file stands");
  expect_said("use \"lib/data.csv\"" + rest, "`lib/data.csv` is no model file");
  expect_said("use \"folder.grad\"" + rest, "`folder.grad` is no file that can be read");
  expect_said("use \"lib/none.grad\"" + rest, "there is no file `lib/none.grad` [E500]");
  ASSERT_EQ(shell("mkfifo model/pipe.grad").status, 0);
  expect_said("use \"pipe.grad\"" + rest, "`pipe.grad` is no file that can be read");
}

TEST_F(Use, LooksInFoldersOfTheCommandLine) {
  write("shared/sine.grad", "use \"deep/wave.grad\"\nf(x) = wave(x)\n");
  fs::create_directory(folder() / "shared/deep");
  write("shared/deep/wave.grad", "wave(x) = sin(x)\n");
  const std::string model = "use \"sine.grad\"\ninput x\ny = f(x)\n";
  expect_said(model, "there is no file `sine.grad`");
  EXPECT_EQ(said(model, "-I shared"), "");
  // The file's own folder comes first.
  write("model/sine.grad", "f(x) = x\n");
  write("model/main.grad", model);
  EXPECT_EQ(gradc("eval model/main.grad -I shared --set x=7 --order 0").out, "y = 7\n");
}

TEST_F(Use, TellsNamesThatTwoFilesDefine) {
  write("model/lib/other.grad", "cube(x) = x*x*x\n");
  expect_said("use \"lib/cube.grad\"\ninput x\ncube(t) = t\ny = cube(x)\n",
              "model/main.grad:1:5: error: `cube` is defined twice [E202]");
  expect_said("use \"lib/cube.grad\"\nuse \"lib/other.grad\"\ninput x\ny = cube(x)\n",
              "model/main.grad:2:5: error: `cube` is defined twice [E202]");
  EXPECT_NE(said("use \"lib/cube.grad\"\ninput x\ny = x\n").find("warning: nothing of `lib/cube.grad` is called"),
            std::string::npos);
}

TEST_F(Use, IsKeptByARun) {
  write("model/fit.grad",
        "use \"lib/cube.grad\"\ninput x\ntarget y\nparam w init 0\nz = w*cube(x)\nminimize E = (z - y)^2\n"
        "train { optimizer = sgd(rate = 0.01)\n batch = 2\n epochs = 400 }\n");
  write("data.csv", "x,y\n1,2\n-1,-2\n");
  const Outcome trained = gradc("train model/fit.grad --data data.csv --out run");
  ASSERT_EQ(trained.status, 0) << trained.err;
  fs::remove_all(folder() / "model");
  write("new.csv", "x\n2\n");
  const Outcome predicted = gradc("predict run --data new.csv --digits 3");
  EXPECT_EQ(predicted.out, "z\n16\n") << predicted.err;
  write("run/used.json", "{\"files\": [{\"name\": 1}], \"uses\": []}");
  EXPECT_EQ(gradc("predict run --data new.csv").status, 1);
}

}  // namespace
}  // namespace gradc::test
