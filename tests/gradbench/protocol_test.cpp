// The messages of the suite, right ones and wrong ones.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/gradbench/tool.h"

namespace gradc::test {
namespace {

using reference::Json;

int count(const Json& answer, const std::string& name) {
  int found = 0;
  for (const Json& timing : answer["timings"]) {
    found += timing["name"] == name;
    EXPECT_TRUE(timing["nanoseconds"].is_number_integer());
    EXPECT_GE(timing["nanoseconds"].get<std::int64_t>(), 0);
  }
  return found;
}

TEST(protocol, answers_each_message_with_its_id) {
  const auto answers = Tool().ask(
      {R"({"id": 0, "kind": "start", "eval": "hello", "config": {}})",
       R"({"id": 1, "kind": "define", "module": "hello"})",
       R"({"id": 2, "kind": "evaluate", "module": "hello", "function": "square", "input": 3, "description": "3"})",
       R"({"id": 3, "kind": "analysis", "of": 2, "valid": true})"});
  ASSERT_EQ(answers.size(), 4u);
  EXPECT_EQ(answers[0], (Json{{"id", 0}, {"tool", "gradc"}}));
  EXPECT_EQ(answers[1]["id"], 1);
  EXPECT_EQ(answers[1]["success"], true);
  EXPECT_EQ(answers[2]["id"], 2);
  EXPECT_EQ(answers[2]["success"], true);
  EXPECT_EQ(answers[2]["output"], 9.0);
  EXPECT_EQ(count(answers[2], "prepare"), 1);
  EXPECT_EQ(count(answers[2], "evaluate"), 1);
  EXPECT_EQ(answers[3], (Json{{"id", 3}}));
}

TEST(protocol, follows_the_chain_of_hello) {
  double x = 1;
  for (int k = 0; k < 4; ++k) {
    const double y = Tool().ask({evaluate("hello", "square", x)})[0]["output"];
    EXPECT_EQ(y, x * x);
    x = Tool().ask({evaluate("hello", "double", y)})[0]["output"];
    EXPECT_EQ(x, 2 * y);
  }
}

TEST(protocol, runs_as_often_and_as_long_as_wanted) {
  const auto answers =
      Tool().ask({evaluate("lse", "primal", {{"x", {1, 2}}, {"min_runs", 7}, {"min_seconds", 0}}),
                  evaluate("lse", "primal", {{"x", {1, 2}}, {"min_runs", 1}, {"min_seconds", 0.01}})});
  EXPECT_EQ(count(answers[0], "evaluate"), 7);
  EXPECT_EQ(count(answers[1], "prepare"), 1);
  std::int64_t sum = 0;
  for (const Json& timing : answers[1]["timings"])
    if (timing["name"] == "evaluate") sum += timing["nanoseconds"].get<std::int64_t>();
  EXPECT_GE(sum, 10'000'000);
}

TEST(protocol, tells_what_it_does_not_know) {
  const auto answers = Tool().ask({define("nothing"), evaluate("nothing", "square", 3),
                                   evaluate("hello", "cube", 3), R"({"id": 5, "kind": "dance"})"});
  ASSERT_EQ(answers.size(), 4u);
  for (const Json& answer : answers) {
    EXPECT_EQ(answer["success"], false);
    EXPECT_TRUE(answer["error"].is_string());
  }
}

TEST(protocol, refuses_malformed_messages_and_goes_on) {
  const std::vector<std::string> wrong{
      "nonsense",
      "[1, 2",
      "[]",
      "3",
      "null",
      "{}",
      R"({"id": 1})",
      R"({"kind": 3})",
      R"({"id": [], "kind": "define"})",
      R"({"kind": "define", "module": {}})",
      R"({"kind": "evaluate", "module": "lse", "function": "primal"})",
      R"({"kind": "evaluate", "module": 7, "function": "primal", "input": 1})",
      "\xff\xfe",
      std::string(20000, '['),
      R"({"id": 1e999, "kind": "start"})"};
  std::vector<std::string> lines = wrong;
  lines.push_back(R"({"id": 9, "kind": "start"})");
  const auto answers = Tool().ask(lines);
  ASSERT_EQ(answers.size(), lines.size());
  for (std::size_t k = 0; k < wrong.size(); ++k) EXPECT_EQ(answers[k]["success"], false) << wrong[k];
  EXPECT_EQ(answers.back(), (Json{{"id", 9}, {"tool", "gradc"}}));
}

TEST(protocol, says_so_where_JSON_has_no_number) {
  const auto answers = Tool().ask({evaluate("llsq", "primal", {{"x", {1, 2}}, {"n", 1}})});
  EXPECT_EQ(answers[0]["success"], false);
  EXPECT_EQ(answers[0]["error"], "the output has numbers that are not finite");
}

// The length of `alpha` is no measure for the others.
TEST(protocol, says_which_input_does_not_fit) {
  const Json one = Json::array({Json::array({1})}), none = Json::array({Json::array()});
  const auto answers = Tool().ask({evaluate("gmm", "objective",
                                            {{"d", 1},
                                             {"k", 1},
                                             {"n", 1},
                                             {"x", one},
                                             {"alpha", {1, 2}},
                                             {"mu", one},
                                             {"q", one},
                                             {"l", none},
                                             {"gamma", 1},
                                             {"m", 0}})});
  EXPECT_EQ(answers[0]["success"], false);
  EXPECT_EQ(answers[0]["error"], "`alpha` has 2 numbers, and the shape [1] was expected");
}

// Each field is left out, and put in as what it is not; the tool says no and goes on.
TEST(protocol, refuses_inputs_that_do_not_fit) {
  std::vector<std::string> lines, about;
  for (const reference::Case& c : reference::small_cases()) {
    if (c.input.dump().size() > 4000) continue;
    for (const auto& [function, output] : c.outputs) {
      const auto add = [&](const Json& input, const std::string& what) {
        lines.push_back(evaluate(c.module, function, input));
        about.push_back(c.name + "." + function + ": " + what);
      };
      for (const Json& input : {Json(), Json("x"), Json{{"other", 1}}, Json{Json{1, 2}}})
        add(input, input.dump());
      const Json fields = c.input.is_object() ? c.input : Json::object();
      for (const auto& [field, value] : fields.items()) {
        // What the other fields tell already is not read.
        if (c.module == "gmm" && (field == "d" || field == "k" || field == "n")) continue;
        Json without = c.input;
        without.erase(field);
        add(without, "without " + field);
        for (const Json& wrong : {Json("x"), Json::parse(R"([[1], [1, 2]])"), Json{Json{Json{Json{Json{1}}}}},
                                  Json(-1.5), Json::object(), Json(1e300)}) {
          if (wrong.is_number() && value.is_number_float()) continue;
          Json changed = c.input;
          changed[field] = wrong;
          add(changed, field + " = " + wrong.dump());
        }
      }
    }
  }
  const auto answers = Tool().ask(lines);
  ASSERT_EQ(answers.size(), lines.size());
  for (std::size_t k = 0; k < lines.size(); ++k) EXPECT_EQ(answers[k]["success"], false) << about[k];
}

}  // namespace
}  // namespace gradc::test
