// Every problem through the tool, against the references; and with models in which all names are others and
// all lines stand elsewhere. // SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <set>

#include "tests/gradbench/renamed.h"
#include "tests/gradbench/tool.h"

namespace gradc::test {
namespace {

using reference::Case;
using reference::Json;

double greatest(const Json& output) {
  if (output.is_number()) return std::abs(output.get<double>());
  double most = 0;
  for (const Json& part : output) most = std::max(most, greatest(part));
  return most;
}

// Rounding: relative to the number itself, and, where terms of both signs add up to little, to the largest
// beside it; with up to 2e4 terms, each 1e-16, both come to less.
void expect_close(const Json& output, const Json& expected, double largest, const std::string& where) {
  if (expected.is_number()) {
    ASSERT_TRUE(output.is_number()) << where;
    const double a = output, b = expected;
    const bool exact = expected.is_number_integer();
    EXPECT_NEAR(a, b, exact ? 0 : 1e-10 * std::abs(b) + 1e-12 * largest) << where;
    return;
  }
  ASSERT_EQ(output.type(), expected.type()) << where;
  ASSERT_EQ(output.size(), expected.size()) << where;
  for (const auto& [key, part] : expected.items()) {
    const Json* found = nullptr;
    if (output.is_array())
      found = &output[static_cast<std::size_t>(std::stoul(key))];
    else if (output.contains(key))
      found = &output[key];
    ASSERT_NE(found, nullptr) << where << ": " << key;
    expect_close(*found, part, expected.is_object() ? greatest(part) : largest, where + "." + key);
  }
}

std::vector<std::string> messages(const std::vector<Case>& cases) {
  std::vector<std::string> lines;
  for (const Case& c : cases)
    for (const auto& [function, output] : c.outputs) lines.push_back(evaluate(c.module, function, c.input));
  return lines;
}

std::set<std::string> modules() {
  std::set<std::string> names;
  for (const Case& c : reference::small_cases()) names.insert(c.module);
  return names;
}

std::vector<Case> cases_of(const std::string& module) {
  std::vector<Case> cases;
  for (Case& c : reference::small_cases())
    if (c.module == module) cases.push_back(std::move(c));
  return cases;
}

class Models : public testing::TestWithParam<std::string> {};

TEST_P(Models, agree_with_the_reference) {
  const std::vector<Case> cases = cases_of(GetParam());
  const auto answers = Tool().ask(messages(cases));
  std::size_t next = 0;
  for (const Case& c : cases)
    for (const auto& [function, expected] : c.outputs) {
      ASSERT_LT(next, answers.size());
      const Json& answer = answers[next++];
      ASSERT_EQ(answer["success"], true) << c.name << ": " << answer.value("error", "");
      expect_close(answer["output"], expected, greatest(expected), c.name + "." + function);
    }
}

// How much code a model becomes, in lines of its kernels: the measure of its speed that no clock disturbs.
std::size_t length_of_kernels(const std::filesystem::path& model) {
  const std::string command = "'" GRADC_BINARY_DIR "/gradc' compile '" + model.string() +
                              "' --order 0 --dump kernels --out unused 2>/dev/null";
  std::FILE* pipe = popen(command.c_str(), "r");
  std::size_t lines = 0;
  for (int c; (c = std::fgetc(pipe)) != EOF;) lines += c == '\n';
  return pclose(pipe) == 0 ? lines : 0;
}

TEST_P(Models, are_not_known_by_their_names_or_order) {
  const Tool tool;
  const std::string options = write_renamed(tool.folder(), GetParam());
  const auto lines = messages(cases_of(GetParam()));
  const auto plain = tool.ask(lines), renamed = tool.ask(lines, options);
  ASSERT_EQ(plain.size(), renamed.size());
  for (std::size_t k = 0; k < plain.size(); ++k) {
    ASSERT_EQ(renamed[k]["success"], true) << renamed[k].value("error", "");
    // Sums may be taken in another order.
    expect_close(renamed[k]["output"], plain[k]["output"], greatest(plain[k]["output"]), GetParam());
  }
  const std::filesystem::path file = GetParam() + ".grad";
  const std::size_t length =
      length_of_kernels(std::filesystem::path(GRADC_SOURCE_DIR) / "samples/gradbench" / file);
  EXPECT_GT(length, 10u);
  EXPECT_NEAR(static_cast<double>(length_of_kernels(tool.folder() / "models" / file)),
              static_cast<double>(length), 0.05 * static_cast<double>(length));
}

INSTANTIATE_TEST_SUITE_P(gradbench, Models, testing::ValuesIn(modules()),
                         [](const auto& of) { return of.param; });

}  // namespace
}  // namespace gradc::test
