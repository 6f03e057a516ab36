// Noise, and reductions over the batch: trained, verified, predicted.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <nlohmann/json.hpp>

#include <cmath>

#include "tests/driver/command.h"

namespace gradc::test {
namespace {

class Batchwise : public Command {
 public:
  // Twelve pictures of five pixels, two kinds of them.
  Batchwise() {
    std::string text = "x.0,x.1,x.2,x.3,x.4\n";
    for (int n = 0; n < 12; ++n) text += n % 2 == 0 ? "250,240,10,5,0\n" : "3,0,120,255,240\n";
    write("pictures.csv", text);
  }
  // The losses of the first and last epoch.
  std::pair<double, double> losses(const std::string& run) const {
    std::istringstream lines(read(run + "/history.csv"));
    std::string line;
    std::getline(lines, line);
    std::vector<double> all;
    while (std::getline(lines, line)) all.push_back(std::stod(line.substr(line.find(',') + 1)));
    EXPECT_GE(all.size(), 2u);
    return {all.front(), all.back()};
  }
  void expect_verified(const std::string& arguments) const {
    const Outcome outcome = gradc("verify " + arguments);
    EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
    EXPECT_EQ(outcome.out.find("WRONG"), std::string::npos) << outcome.out;
  }
  void expect_learns(const std::string& arguments, double at_most) const {
    const Outcome outcome = gradc("train " + arguments + " --out run");
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const auto [first, last] = losses("run");
    EXPECT_LT(last, at_most * first) << outcome.out;
  }
};

TEST_F(Batchwise, DropoutLearns) {
  expect_verified("samples/21_dropout.grad");
  expect_learns("samples/21_dropout.grad --data samples/data/linear.csv --epochs 60", 0.5);
  EXPECT_EQ(gradc("predict run --data samples/data/linear.csv").out,
            gradc("predict run --data samples/data/linear.csv --seed 5").out);
  EXPECT_NE(gradc("predict run --data samples/data/linear.csv --sample").out,
            gradc("predict run --data samples/data/linear.csv --sample --seed 5").out);
}

TEST_F(Batchwise, BatchNormalisationLearnsAndKeepsItsStatistics) {
  expect_verified("samples/22_batch_norm.grad --dim H=3");
  expect_learns("samples/22_batch_norm.grad --data samples/data/linear.csv --epochs 60", 0.5);
  EXPECT_NE(read("run/statistics.safetensors").find("\"mu\""), std::string::npos);
  // Predictions do not depend on which examples come together.
  const Outcome all = gradc("predict run --data samples/data/linear.csv --of out");
  ASSERT_EQ(all.status, 0) << all.err;
  std::istringstream data(read_file(GRADC_SOURCE_DIR "/samples/data/linear.csv"));
  std::string heading, first;
  std::getline(data, heading), std::getline(data, first);
  write("one.csv", heading + "\n" + first + "\n");
  const Outcome one = gradc("predict run --data one.csv --of out");
  EXPECT_EQ(one.out, all.out.substr(0, one.out.size()));
}

TEST_F(Batchwise, AutoencoderLearns) {
  const std::string sizes = " --dim P=5 --dim H=6 --dim Z=2";
  expect_verified("samples/23_variational_autoencoder.grad" + sizes);
  expect_learns("samples/23_variational_autoencoder.grad --data pictures.csv --epochs 3000" + sizes, 0.5);
  EXPECT_NE(gradc("predict run --data pictures.csv --of picture").out,
            gradc("predict run --data pictures.csv --of picture --sample").out);
}

// The mean over two equal batches of the mean over a batch is that over all examples.
TEST_F(Batchwise, KeepsTheMeanOfTheLastEpoch) {
  write("mean.grad",
        "input x\nparam w init 0\nmu = mean(batch) x\nz = w + mu + x\nminimize E = (w - mu)^2\n"
        "train { optimizer = sgd(rate = 0)\n batch = 2\n epochs = 2 }\n");
  write("x.csv", "x\n1\n2\n3\n10\n");
  ASSERT_EQ(gradc("train mean.grad --data x.csv --out run").status, 0);
  write("new.csv", "x\n0\n");
  EXPECT_EQ(gradc("predict run --data new.csv --of z").out, "z\n4\n");
}

// E is Σ (x_n - mu)² / N, and moves with each x through mu too.
TEST_F(Batchwise, LooksAtAFileAsAWholeBatch) {
  write("spread.grad", "input x\nparam w init 1\na = w*x\nmu = mean(batch) a\nminimize E = (a - mu)^2\n");
  const Outcome outcome = gradc("eval spread.grad --set x=[1,2,6] --json");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_NEAR(json["E_mean"]["value"].get<double>(), 14.0 / 3, 1e-12) << outcome.out;
  write("x.csv", "x\n1\n2\n6\n");
  EXPECT_EQ(gradc("eval spread.grad --data x.csv").out, gradc("eval spread.grad --set x=[1,2,6]").out);
  expect_verified("spread.grad --order 2");
}

// Where others subtract two great numbers: the variance is that of differences.
TEST_F(Batchwise, VarianceOfGreatNumbers) {
  write("variance.grad", "input x\nmu = mean(batch) x\nvar = mean(batch) (x - mu)^2\n");
  const Outcome outcome = gradc("eval variance.grad --set x=[100000000,100000001,100000002] --of var --json");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(nlohmann::json::parse(outcome.out)["var"]["value"].get<double>(), 2.0 / 3) << outcome.out;
}

// The last batch has fewer examples: one is its own mean, and has no variance.
TEST_F(Batchwise, BatchesOfOneAreOrdinary) {
  write("x.csv", "x.0,x.1,x.2,y\n1,2,3,1\n2,0,1,2\n4,1,1,0\n");
  const Outcome outcome =
      gradc("train samples/22_batch_norm.grad --data x.csv --batch 2 --epochs 20 --out run");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto [first, last] = losses("run");
  EXPECT_TRUE(std::isfinite(last));
  EXPECT_LT(last, first);
}

TEST_F(Batchwise, NoiseIsTheSameWithTheSameSeed) {
  write("walk.grad",
        "input x\nparam w init 0\nnoise e ~ normal(x, 1)\nminimize E = (w - e)^2\n"
        "train { optimizer = sgd(rate = 0.1)\n batch = 3\n epochs = 3 }\n");
  write("x.csv", "x\n1\n2\n3\n10\n");
  const auto learned = [&](const std::string& options) {
    EXPECT_EQ(gradc("train walk.grad --data x.csv --out run" + options).status, 0);
    return read("run/params.safetensors");
  };
  EXPECT_EQ(learned(""), learned(""));
  EXPECT_NE(learned(""), learned(" --seed 3"));
}

// Noise may be all that differs from step to step.
TEST_F(Batchwise, TrainsOnNoiseAlone) {
  write("mean.grad",
        "param m init 0\nnoise e ~ uniform(2, 4)\nminimize E = (m - e)^2\n"
        "train { optimizer = sgd(rate = 0.01)\n epochs = 2000 }\n");
  const Outcome outcome = gradc("train mean.grad --out run");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const std::size_t at = outcome.out.find("m = ");
  ASSERT_NE(at, std::string::npos) << outcome.out;
  EXPECT_NEAR(std::stod(outcome.out.substr(at + 4)), 3, 0.25);
}

TEST_F(Batchwise, CompiledFunctionsTakeNoiseAsAnArgument) {
  const Outcome outcome = gradc("compile samples/21_dropout.grad -o out --emit header");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const std::string header = read("out/21_dropout.h");
  EXPECT_NE(header.find("noise ~ "), std::string::npos) << header;
}

}  // namespace
}  // namespace gradc::test
