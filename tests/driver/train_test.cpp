// gradc train and predict: runs that can be used, also when they end early; data that does not fit.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <nlohmann/json.hpp>

#include "tests/driver/command.h"

namespace gradc::test {
namespace {

namespace fs = std::filesystem;

const char* const line =
    "input x\ntarget y\nparam w init 0, b init 0\nz = w*x + b\nminimize E = 1/2*(z - y)^2\nmetric miss = "
    "abs(z - y)\n"
    "train { optimizer = sgd(rate = 0.1)\n batch = 2\n epochs = 200 }\n";

class Train : public Command {
 public:
  Train() {
    write("line.grad", line);
    write("line.csv", "x,y\n0,1\n1,3\n2,5\n");
  }
  std::vector<std::string> files(const std::string& run) const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder() / run)) names.push_back(entry.path().filename());
    std::ranges::sort(names);
    return names;
  }
};

const std::vector<std::string> whole_run = {"consts.safetensors", "history.csv",        "loss.svg",
                                            "model.grad",         "params.safetensors", "results.json",
                                            "settings.json"};

TEST_F(Train, LearnsALineAndPredicts) {
  const Outcome trained = gradc("train line.grad --data line.csv --test line.csv --out run");
  ASSERT_EQ(trained.status, 0) << trained.err;
  EXPECT_EQ(files("run"), whole_run);
  EXPECT_NE(trained.out.find("w = 2\n"), std::string::npos) << trained.out;
  write("new.csv", "x\n10\n20\n");
  EXPECT_EQ(gradc("predict run --data new.csv --digits 3").out, "z\n21\n41\n");
  const Outcome scored = gradc("predict run --data line.csv --out z.csv");
  EXPECT_NE(scored.err.find("over 3 examples"), std::string::npos) << scored.err;
  EXPECT_TRUE(read("z.csv").starts_with("z\n"));
}

TEST_F(Train, IsTheSameEveryTime) {
  const auto params = [&](const std::string& run, const std::string& options) {
    EXPECT_EQ(gradc("train line.grad --data line.csv --epochs 3 --out " + run + options).status, 0);
    return read(run + "/params.safetensors");
  };
  EXPECT_EQ(params("a", ""), params("b", ""));
  EXPECT_NE(params("c", " --seed 9"), params("a", ""));
  EXPECT_NE(params("d", " --set w=1"), params("a", ""));
}

// The equation, and the example that does it.
TEST_F(Train, SaysWhereASubscriptMisses) {
  write("miss.grad",
        "dim N = 3\ninput x[N], k in N\ntarget t\nparam w init 1\n"
        "y = x[k + 1]*w\nminimize E = (y - t)^2\n");
  write("miss.csv", "k,x.0,x.1,x.2,t\n0,1,2,3,4\n1,1,2,3,4\n2,1,2,3,4\n");
  const char* const where = " [E544]\n 5 | y = x[k + 1]*w\n   | ^\n";
  const Outcome trained = gradc("train miss.grad --data miss.csv --out run");
  EXPECT_EQ(trained.status, 1);
  EXPECT_EQ(trained.err, std::string("miss.grad:5:1: error: `gradient` reports a subscript outside its dim, "
                                     "for example 2 (from 0) of the data") +
                             where);
  const Outcome evaluated = gradc("eval miss.grad --set x=[1,2,3] --set k=2 --set t=0");
  EXPECT_EQ(evaluated.status, 1);
  EXPECT_EQ(evaluated.err,
            std::string("miss.grad:5:1: error: `miss` reports a subscript outside its dim") + where);
}

// A warning about an earlier batch does not hide it.
TEST_F(Train, PredictsNothingBehindAWarningAndAMistake) {
  write("both.grad",
        "dim N = 3\ninput x[N], k in N\ninput z\ntarget t\nparam w init 1\n"
        "r = iterate s = z to s/2 until s < 1 at most 3\n"
        "y = x[k + 1]*w + r\nminimize E = (y - t)^2\n");
  const std::string head = "k,z,x.0,x.1,x.2,t\n", good = "0,1,1,2,3,4\n";
  write("good.csv", head + good);
  std::string rows = head + "0,100,1,2,3,4\n";  // does not converge
  for (int row = 0; row < 300; ++row) rows += good;
  write("bad.csv", rows + "2,1,1,2,3,4\n");  // reads out of range, in the second batch
  ASSERT_EQ(gradc("train both.grad --data good.csv --epochs 1 --out run").status, 0);
  const Outcome predicted = gradc("predict run --data bad.csv");
  EXPECT_EQ(predicted.status, 1);
  EXPECT_NE(predicted.err.find("for example 301 (from 0) of the data [E544]"), std::string::npos)
      << predicted.err;
}

TEST_F(Train, MinimisesWithoutData) {
  write("bowl.grad",
        "param x init 4\nminimize E = (x - 1)^2\ntrain { optimizer = sgd(rate = 0.25)\n epochs = 60 }\n");
  const Outcome outcome = gradc("train bowl.grad --out run");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("x = 1\n"), std::string::npos) << outcome.out;
}

TEST_F(Train, AddsPenaltiesOnce) {
  write("ridge.grad",
        "input x\ntarget y\nparam w init 0\nminimize E = 1/2*(w*x - y)^2\npenalty size = 1/2*w^2\n"
        "train { optimizer = sgd(rate = 0.1)\n batch = 4\n epochs = 300 }\n");
  write("ridge.csv", "x,y\n1,3\n1,3\n1,3\n1,3\n");  // (w - 3) + w = 0
  const Outcome outcome = gradc("train ridge.grad --data ridge.csv --out run");
  EXPECT_NE(outcome.out.find("w = 1.5\n"), std::string::npos) << outcome.out << outcome.err;
}

TEST_F(Train, CountsWhatNoExampleChangesOncePerExample) {
  write("fixed.grad",
        "input x\ntarget y\nparam w init 3\nconst c = 2\nz = w*x\nminimize E = 1/2*w^2\nmetric miss = abs(z "
        "- y)\n"
        "metric weight = c\ntrain { optimizer = sgd(rate = 0.5)\n batch = 3\n epochs = 1 }\n");
  const Outcome outcome = gradc("train fixed.grad --data line.csv --out run");
  EXPECT_NE(outcome.out.find("w = 1.5\n"), std::string::npos) << outcome.out << outcome.err;
  const std::string history = read("run/history.csv");
  EXPECT_TRUE(history.starts_with("epoch,train.E,train.miss,train.weight,seconds\n1,4.5,")) << history;
  EXPECT_NE(history.find(",2,"), std::string::npos) << history;
}

// A training that would go on for hours, in the background; the shell goes on when it has begun to learn.
const std::string endless =
    "rm -f log.txt; gradc train line.grad --data line.csv --epochs 100000000 --out run 2>log.txt & child=$!; "
    "until [ -s log.txt ]; do sleep 0.1; done; ";

TEST_F(Train, KeepsWhatWasLearnedWhenInterrupted) {
  const Outcome outcome = shell(endless + "kill -INT $child; wait $child");
  EXPECT_EQ(outcome.status, 130);
  EXPECT_EQ(files("run"), whole_run);
  EXPECT_NE(read("log.txt").find("interrupted"), std::string::npos);
  EXPECT_EQ(gradc("predict run --data line.csv --digits 3").out, "z\n1\n3\n5\n");
}

TEST_F(Train, EndsAtOnceAtTheSecondSignal) {
  EXPECT_EQ(shell(endless + "kill -TERM $child; wait $child").status, 143);
  EXPECT_EQ(files("run"), whole_run);
  EXPECT_EQ(shell(endless + "kill -INT $child; kill -INT $child; wait $child").status, 130);
  EXPECT_EQ(gradc("predict run --data line.csv --digits 3").out, "z\n1\n3\n5\n");
}

TEST_F(Train, LeavesNoHalfWrittenFiles) {
  ASSERT_EQ(gradc("train line.grad --data line.csv --epochs 2 --out run").status, 0);
  const std::string before = read("run/params.safetensors");
  shell(endless + "kill -KILL $child; wait $child");
  EXPECT_EQ(read("run/params.safetensors"), before);
  EXPECT_EQ(files("run"), whole_run);
  EXPECT_EQ(gradc("predict run --data line.csv").status, 0);
}

TEST_F(Train, RefusesDataThatDoesNotFit) {
  write("other.csv", "a,y\n0,1\n");
  expect_refused(gradc("train line.grad --data other.csv --out run"), 1,
                 "other.csv: error: the table has no column `x`");
  EXPECT_FALSE(fs::exists(folder() / "run"));
  expect_refused(gradc("train line.grad --data nothing.csv"), 1, "nothing.csv: error:");
  expect_refused(gradc("train line.grad"), 1, "there is no data for `x` [E605]");
  expect_refused(gradc("train line.grad --data line.csv --set x=1"), 1, "[E601]");
  write("text.csv", "x,y\n0,one\n");
  expect_refused(gradc("train line.grad --data text.csv --out run"), 1, "text.csv:2:3: error:");
  write("short.csv", "y\n1\n");
  ASSERT_EQ(gradc("train line.grad --data line.csv --epochs 1 --out run").status, 0);
  expect_refused(gradc("predict run --data short.csv"), 1, "no column `x`");
}

TEST_F(Train, TestsChecksOnExamples) {
  write("checked.grad", std::string(line) + "check x < 2\n");
  expect_refused(gradc("train checked.grad --data line.csv --out run"), 1,
                 "this check fails for example 2 of the data [E611]");
}

TEST_F(Train, RefusesModelsThatLearnNothing) {
  expect_refused(gradc("train samples/01_square.grad --data line.csv"), 1, "[E607]");
}

TEST_F(Train, RefusesFoldersOfOthers) {
  fs::create_directory(folder() / "mine");
  write("mine/letter.txt", "dear");
  const Outcome outcome = gradc("train line.grad --data line.csv --out mine");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.err.find("[E530]"), std::string::npos) << outcome.err;
  EXPECT_EQ(files("mine"), std::vector<std::string>{"letter.txt"});
}

TEST_F(Train, StopsWhenTheLossIsNotFinite) {
  write("wild.grad", std::string(line).replace(std::string(line).find("0.1"), 3, "1e9"));
  const Outcome outcome = gradc("train wild.grad --data line.csv --out run");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.err.find("[E543]"), std::string::npos) << outcome.err;
}

}  // namespace
}  // namespace gradc::test
