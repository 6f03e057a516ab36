// Systems with their derivatives, as text and as LaTeX: golden files. A file's line `# of E wrt a b [order
// 2] [notation lagrange]` says which derivatives are wanted. All LaTeX goes through pdflatex.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/derivation.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "compiler/diff/derivative.h"
#include "compiler/render/dump.h"
#include "compiler/render/read_dump.h"
#include "compiler/simplify/simplify.h"
#include "tests/support/golden.h"

namespace gradc {
namespace {

struct Wanted {
  std::string of;
  std::vector<std::string> wrt;
  int order = 1;
  RenderOptions options;
};

Wanted wanted(const std::string& text) {
  Wanted result;
  const std::size_t at = text.find("\n# of ");
  if (at == std::string::npos) return result;
  std::istringstream words(text.substr(at + 3, text.find('\n', at + 1) - at - 3));
  std::string word, mode;
  while (words >> word) {
    if (word == "of" || word == "wrt" || word == "order" || word == "notation")
      mode = word;
    else if (mode == "of")
      result.of = word;
    else if (mode == "wrt")
      result.wrt.push_back(word);
    else if (mode == "order")
      result.order = std::stoi(word);
    else if (word == "lagrange")
      result.options.notation = DerivativeNotation::lagrange;
    else if (word == "nabla")
      result.options.notation = DerivativeNotation::nabla;
  }
  return result;
}

// The system of a golden file, with the derivatives that it asks for, simplified.
System derived(Context& context, const std::string& path, const std::string& text) {
  const Source source(path, text);
  Result<System> system = read_dump(context, source);
  EXPECT_TRUE(system) << render(system.diagnostics(), std::span(&source, 1));
  if (!system) return System(context);
  const Wanted want = wanted(text);
  const auto tensor = [&](const std::string& name) {
    for (std::int32_t k = 0; k < static_cast<std::int32_t>(context.tensor_count()); ++k)
      if (context.tensor(TensorId{k}).name == name) return TensorId{k};
    ADD_FAILURE() << "no tensor " << name;
    return TensorId{};
  };
  if (want.wrt.empty()) return *system;
  std::vector<TensorId> wrt;
  for (const std::string& name : want.wrt) wrt.push_back(tensor(name));
  if (want.order == 1) {
    for (TensorId t : add_adjoints(*system, tensor(want.of), wrt)) system->add_output(t);
  } else {
    for (TensorId first : add_adjoints(*system, tensor(want.of), wrt)) {
      system->add_output(first);
      for (TensorId second : wrt) system->add_output(add_jacobian(*system, first, second));
    }
  }
  return simplify(reachable(*system));
}

std::string latex_of(const std::string& path, const std::string& text) {
  Context context;
  RenderOptions options = wanted(text).options;
  options.format = RenderFormat::latex;
  return render_system(derived(context, path, text), options);
}

std::string stage(const std::string& path, const std::string& text) {
  Context context;
  const System system = derived(context, path, text);
  const std::string dumped = dump(system);
  Context again;
  const Source source("dump", dumped);
  const Result<System> read = read_dump(again, source);
  EXPECT_TRUE(read) << render(read.diagnostics(), std::span(&source, 1));
  if (read) {
    EXPECT_EQ(dump(*read), dumped);
  }
  return render_system(system, wanted(text).options) + "\n" + latex_of(path, text);
}

const bool found = test::add_golden_tests("Derivation", "tests/golden/derivation", ".dump", stage);

// Runs pdflatex on `body` in a folder of its own, and returns what it logs.
std::string compile(const std::string& name, const std::string& body) {
  const std::filesystem::path folder = std::filesystem::path(GRADC_BINARY_DIR) / "latex_test" / name;
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "page.tex") << latex_document(body);
  const std::string command =
      "cd '" + folder.string() +
      "' && pdflatex -interaction=nonstopmode -halt-on-error -no-shell-escape page.tex > out.txt 2>&1";
  const int status = std::system(command.c_str());
  EXPECT_EQ(status, 0) << test::read_file(folder / "out.txt");
  return test::read_file(folder / "page.log");
}

TEST(Latex, EveryGoldenFormulaCompiles) {
  ASSERT_TRUE(found);
  std::string body;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(GRADC_SOURCE_DIR) /
                                                               "tests/golden/derivation"))
    if (entry.path().extension() == ".dump")
      body += "\\verb|" + entry.path().stem().string() + "|\n" +
              latex_of(entry.path().filename().string(), test::read_file(entry.path()));
  const std::string log = compile("goldens", body);
  EXPECT_EQ(log.find("Missing character"), std::string::npos) << log;
  EXPECT_EQ(log.find("Overfull \\hbox"), std::string::npos) << log;
}

TEST(Json, SaysWhatEachLineIs) {
  Context context;
  const std::string text =
      test::read_file(std::filesystem::path(GRADC_SOURCE_DIR) / "tests/golden/derivation/hidden_layer.dump");
  const System system = derived(context, "hidden_layer.dump", text);
  const auto list = nlohmann::json::parse(render_system(system, {.format = RenderFormat::json}));
  bool seen = false;
  for (const auto& entry : list) {
    EXPECT_TRUE(entry["kind"] == "value" || entry["kind"] == "derivative");
    if (entry.value("of", "") != "E" || entry["wrt"] != nlohmann::json::array({"w0"})) continue;
    seen = true;
    EXPECT_EQ(entry["kind"], "derivative");
    EXPECT_EQ(entry["indices"], nlohmann::json::array({"d", "h"}));
    EXPECT_EQ(entry["dims"], nlohmann::json::array({"D", "H"}));
    EXPECT_NE(entry["latex"].get<std::string>().find("\\frac{\\partial E}{\\partial w_{0,dh}}="),
              std::string::npos);
  }
  EXPECT_TRUE(seen);
}

TEST(Dot, NamesAreEscaped) {
  Context context;
  const Source source("test.dump", "dim `a\"b`\nparam `x\"];\\`[`a\"b`]\nE = `x\"];\\`[0]\noutput E\n");
  const Result<System> system = read_dump(context, source);
  ASSERT_TRUE(system);
  const std::string dot = render_system(*system, {.format = RenderFormat::dot});
  EXPECT_NE(dot.find(R"(label="x\"];\\\n[a\"b]")"), std::string::npos) << dot;
  EXPECT_NE(dot.find("t0 -> t1;"), std::string::npos) << dot;
}

// The gradient of the hidden layer must stay short, for any sizes.
TEST(Latex, HiddenLayerIsShort) {
  const std::string text =
      test::read_file(std::filesystem::path(GRADC_SOURCE_DIR) / "tests/golden/derivation/hidden_layer.dump");
  EXPECT_LE(latex_of("hidden_layer.dump", text).size(), 1200u);
}

}  // namespace
}  // namespace gradc
