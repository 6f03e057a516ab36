// Examples of different lengths through the command: trained on, asked about, and compiled for others.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/driver/command.h"

namespace gradc::test {
namespace {

constexpr const char* decayed = R"(seq T
input  x[T]
target y
param  keep init 0.5
s[0] = 0
s[t + 1] = keep*s[t] + x[t]
minimize E = (s[T] - y)^2
check T > 0
)";

class SequencesCommand : public Command {
 public:
  SequencesCommand() {
    write("decayed.grad", decayed);
    write("data.csv", "x.0,x.1,x.2,y\n1,2,3,4\n2,,,4\n5,1,,0\n");
  }
};

// Gradients by keep of the three are 2·0.25·3, 0 and 2·3.5·5; 0.5 - 0.03·36.5/3.
TEST_F(SequencesCommand, AStepTakesEachExampleAtItsLength) {
  write("step.grad", std::string(decayed) + "train {\n  optimizer = sgd(rate = 0.03)\n  epochs = 1\n}\n");
  const Outcome outcome = gradc("train step.grad --data data.csv --out run");
  EXPECT_NE(outcome.out.find("keep = 0.135\n"), std::string::npos) << outcome.out << outcome.err;
}

TEST_F(SequencesCommand, ATableHasEachExampleAtItsLength) {
  EXPECT_EQ(gradc("eval decayed.grad --data data.csv --of E --order 0").out,
            gradc("eval decayed.grad --data data.csv --of E --order 0 --precision f64").out);
  EXPECT_NE(gradc("eval decayed.grad --data data.csv --of E --order 0").out.find("0.0625"), std::string::npos);
  EXPECT_EQ(gradc("eval decayed.grad --set x=[5,1] --set y=0 --of E --order 0").out, "E = 12.25\n");
}

// Nothing stands behind an example's end, of what it brings and of what is computed; nor in a mean with that.
TEST_F(SequencesCommand, ATableIsEmptyBehindAnExamplesEnd) {
  EXPECT_EQ(gradc("eval decayed.grad --data data.csv --of E --wrt x").out,
            "example  x[0]  x[1]  x[2]  y       E  dE/dx[0]  dE/dx[1]  dE/dx[2]\n"
            "      0     1     2     3  4  0.0625     0.125      0.25       0.5\n"
            "      1     2              4       4        -4\n"
            "      2     5     1        0   12.25       3.5         7\n"
            "   mean                       5.4375    -0.125\n");
  EXPECT_EQ(gradc("eval decayed.grad --data data.csv --of s --order 0 --set keep=[0.1,0.5]").out,
            "x[0]  x[1]  x[2]  keep  s[0]  s[1]  s[2]  s[3]\n"
            "   1     2     3   0.1     0     1   2.1  3.21\n"
            "   1     2     3   0.5     0     1   2.5  4.25\n"
            "   2               0.1     0     2\n"
            "   2               0.5     0     2\n"
            "   5     1         0.1     0     5   1.5\n"
            "   5     1         0.5     0     5   3.5\n");
  EXPECT_EQ(gradc("eval decayed.grad --data data.csv --of s --order 0 --json").out,
            "[\n  {\"point\": {\"example\": 0}, \"results\": {\"s\": {\"value\": [0, 1, 2.5, 4.25]}}},\n"
            "  {\"point\": {\"example\": 1}, \"results\": {\"s\": {\"value\": [0, 2]}}},\n"
            "  {\"point\": {\"example\": 2}, \"results\": {\"s\": {\"value\": [0, 5, 3.5]}}}\n]\n");
}

TEST_F(SequencesCommand, PredictionsEndWithTheirExamples) {
  ASSERT_EQ(gradc("train decayed.grad --data data.csv --epochs 0 --out run").status, 0);
  write("more.csv", "x.0,x.1,x.2,x.3\n1,1,1,1\n,,,\n2,4,,\n");
  EXPECT_EQ(gradc("predict run --data more.csv").out,
            "s.0,s.1,s.2,s.3,s.4\n0,1,1.5,1.75,1.875\n0,,,,\n0,2,5,,\n");
}

TEST_F(SequencesCommand, ChecksSeeTheExamplesOwnLength) {
  write("empty.csv", "x.0,y\n1,2\n,3\n");
  const Outcome outcome = gradc("train decayed.grad --data empty.csv --epochs 1 --out run");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.err.find("for example 1 of the data"), std::string::npos) << outcome.err;
}

TEST_F(SequencesCommand, TheSampleLearns) {
  const Outcome outcome = gradc(
      "train samples/35_sequences.grad --data samples/data/elements.csv --epochs 25 --out run && gradc predict "
      "run --data samples/data/elements.csv --of p");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.err.find("right 1 over 118 examples"), std::string::npos) << outcome.err;
}

}  // namespace
}  // namespace gradc::test
