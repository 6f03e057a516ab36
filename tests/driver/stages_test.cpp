// Every stage can be looked at, checked files say what is in them, and derivatives verify themselves.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <nlohmann/json.hpp>

#include "tests/driver/command.h"

namespace gradc::test {
namespace {

TEST_F(Command, DumpsEveryPass) {
  for (const char* pass :
       {"syntax", "equations", "batch", "adjoint", "simplified", "stabilised", "kernels", "llvm"}) {
    const Outcome outcome = gradc("check samples/13_hidden_layer.grad --dump=" + std::string(pass));
    EXPECT_EQ(outcome.status, 0) << pass << outcome.err;
    EXPECT_NE(outcome.out, "") << pass;
  }
  const Outcome all = gradc("compile samples/13_hidden_layer.grad -o nowhere --dump=all");
  EXPECT_NE(all.out.find("# ---- kernels"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(folder() / "nowhere"));
  EXPECT_NE(gradc("diff samples/05_chain_rule.grad --dump=adjoint").out, "");
}

TEST_F(Command, ChecksForPrograms) {
  write("free.grad", "dim N, K = 4\ninput x[N], label in K\ny = sum(n) x[n] + label*2\n");
  const nlohmann::json good = nlohmann::json::parse(gradc("check free.grad --json").out);
  EXPECT_EQ(good["dims"]["K"], 4);
  EXPECT_TRUE(good["dims"]["N"].is_null());
  EXPECT_EQ(good["tensors"]["x"]["role"], "input");
  EXPECT_EQ(good["tensors"]["label"]["member_of"], "K");
  write("bad.grad", "input x\ny = z\n");
  const Outcome outcome = gradc("check bad.grad --json");
  EXPECT_EQ(outcome.status, 1);
  const nlohmann::json bad = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(bad["diagnostics"][0]["line"], 2);
  EXPECT_EQ(bad["diagnostics"][0]["code"], "E201");
}

TEST_F(Command, VerifiesDerivatives) {
  for (const char* sample : {"05_chain_rule", "12_sigmoid_perceptron", "14_chain_of_partials"}) {
    const Outcome outcome = gradc("verify samples/" + std::string(sample) + ".grad --order 2");
    EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
    EXPECT_EQ(outcome.out.find("WRONG"), std::string::npos);
  }
}

TEST_F(Command, VerifiesDerivativesOfDerivatives) {
  write("vjp.grad",
        "dim N = 2\ninput v[N]\nparam w[N] init [1, 2]\n"
        "y[n] = w[n]^3\nh = vjp(y, w, v)\ns = sum(n) h[n]*v[n]\n");
  EXPECT_EQ(gradc("eval vjp.grad --of s --wrt v --set v=[1,1]").out, "s = 15\nds/dv = [6, 24]\n");
  EXPECT_EQ(gradc("verify vjp.grad --of s").status, 0);
}

// Differences see what `stop` holds back, so they cannot be the measure.
TEST_F(Command, VerifiesAroundStop) {
  write("stop.grad", "param w init 1\ninput x\nf = stop(w)*w*x\n");
  const Outcome outcome = gradc("verify stop.grad");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("stop"), std::string::npos) << outcome.out;
}

// Where the value itself is no number, differences are none either: neither a success nor a mistake of
// gradc's.
TEST_F(Command, VerifiesNothingWhereThereIsNoValue) {
  write("no_value.grad", "input v\na = log(v)\nb = v^2\nc = sqrt(v)\n");
  for (const auto& [set, said] :
       {std::pair{"--of a --set v=-1", "`da/dv`: what it derives is nan at this point"},
        {"--of a --set v=0", "`da/dv`: what it derives is -inf at this point"},
        {"--of b --set v=nan", "`db/dv`: what it derives is nan at this point"},
        {"--of b --set v=inf", "`db/dv`: what it derives is inf at this point"},
        {"--of c --set v=0", "`dc/dv`: what it derives is nan next to this point"}}) {
    const Outcome outcome = gradc(std::string("verify no_value.grad ") + set);
    EXPECT_EQ(outcome.status, 1) << set;
    EXPECT_EQ(outcome.err, "no_value.grad: error: differences say nothing of " + std::string(said) +
                               " [E605]\n   = help: choose another point by `--set` or `--seed`\n");
    EXPECT_NE(outcome.out.find("unknown"), std::string::npos) << outcome.out;
  }
  EXPECT_EQ(gradc("verify no_value.grad --set v=1").status, 0);
}

TEST_F(Command, CompilesToFiles) {
  const Outcome outcome = gradc("compile samples/13_hidden_layer.grad -o out --emit object,header,llvm,asm");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  for (const char* ending : {".o", ".h", ".ll", ".s"})
    EXPECT_TRUE(std::filesystem::exists(folder() / ("out/13_hidden_layer" + std::string(ending)))) << ending;
}

TEST_F(Command, WritesTheSameInEveryProcess) {
  const std::string files = "samples/13_hidden_layer.grad";
  for (const char* run : {"a", "b", "c", "d"})
    ASSERT_EQ(shell("gradc compile " + files + " -o " + run + " && gradc diff " + files +
                    " --format latex >" + run + "/layer.tex")
                  .status,
              0);
  for (const char* run : {"b", "c", "d"})
    for (const char* file : {"/13_hidden_layer.o", "/13_hidden_layer.so", "/13_hidden_layer.h", "/layer.tex"})
      EXPECT_EQ(read(std::string("a") + file), read(run + std::string(file))) << file;
}

TEST_F(Command, DerivesToAnyOrder) {
  EXPECT_EQ(gradc("diff samples/01_square.grad --order 3 --notation lagrange").out,
            "f = x^2\n\nf'(x) = 2*x\nf''(x) = 2\nf'''(x) = 0\n");
  const Outcome mixed = gradc("diff samples/09_fit_parabola.grad --wrt theta,x --order 2");
  EXPECT_EQ(mixed.status, 0);
  EXPECT_NE(mixed.out.find("d2E/(dtheta dx)"), std::string::npos) << mixed.out;
}

// The loops of a step, with what they compute, and all of them together.
TEST_F(Command, ExplainsWhatAStepCosts) {
  const Outcome outcome = gradc("explain-cost samples/13_hidden_layer.grad --batch 64");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("gradient, batch = 64, f64"), std::string::npos) << outcome.out;
  for (const char* part : {"computes", "operations", "measured", "d_w0", "\nall ", "memory: given"})
    EXPECT_NE(outcome.out.find(part), std::string::npos) << part << "\n" << outcome.out;
  expect_refused(gradc("explain-cost samples/13_hidden_layer.grad --batch 0"), 2, "batch");
}

}  // namespace
}  // namespace gradc::test
