// Mutated programs, sizes beyond all bounds, long and deep ones: a clear answer, in time, and never a crash.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cctype>
#include <ctime>
#include <random>

#include "tests/sema/checked.h"
#include "tests/support/golden.h"

namespace gradc::test {
namespace {

std::vector<std::string> corpus() {
  std::vector<std::filesystem::path> files;
  for (const char* folder : {"samples", "tests/golden/syntax", "tests/errors"})
    for (const auto& entry :
         std::filesystem::directory_iterator(std::filesystem::path(GRADC_SOURCE_DIR) / folder))
      if (entry.path().extension() == ".grad" && std::filesystem::file_size(entry.path()) < 3000)
        files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<std::string> texts;
  for (const auto& file : files)
    if (std::string text = read_file(file); text.find("«") == std::string::npos) texts.push_back(text);
  return texts;
}

// Words, numbers, single marks, runs of blanks: as they stand.
std::vector<std::string> pieces(const std::string& text) {
  const auto kind = [](unsigned char c) { return std::isalnum(c) || c == '_' ? 1 : c == ' ' ? 2 : 0; };
  std::vector<std::string> result;
  for (char c : text) {
    const int k = kind(static_cast<unsigned char>(c));
    if (!result.empty() && k != 0 && kind(static_cast<unsigned char>(result.back().back())) == k)
      result.back() += c;
    else
      result.emplace_back(1, c);
  }
  return result;
}

// Checks a text that may be anything; what it says must have a place.
void survive(const std::string& text) {
  const Sources sources{Source("mutated.grad", text)};
  const auto program = parse(sources[0]);
  if (!program) return;
  Context context;
  const auto model = check(*program, context);
  EXPECT_EQ(static_cast<bool>(model), !has_errors(model.diagnostics())) << text;
  for (const Diagnostic& d : model.diagnostics())
    EXPECT_TRUE(d.at.range.end <= text.size() && d.at.range.begin < d.at.range.end) << d.message << "\n"
                                                                                    << text;
  render(model.diagnostics(), sources);
  if (model) EXPECT_EQ(verify(model->system), "") << text;
}

TEST(Robust, MutatedTokens) {
  const std::vector<std::string> texts = corpus();
  ASSERT_GT(texts.size(), 50u);
  std::vector<std::string> words;
  for (const std::string& text : texts)
    for (const std::string& piece : pieces(text)) words.push_back(piece);
  std::mt19937 random(20261124);
  const auto below = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
  };
  for (int round = 0; round < 80000; ++round) {
    std::vector<std::string> parts = pieces(texts[below(texts.size())]);
    for (std::size_t change = 1 + below(3); change > 0 && !parts.empty(); --change) {
      const std::size_t at = below(parts.size());
      switch (below(5)) {
        case 0: parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(at)); break;
        case 1:
          parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(at), words[below(words.size())]);
          break;
        case 2: std::swap(parts[at], parts[below(parts.size())]); break;
        case 3: parts[at] = words[below(words.size())]; break;
        case 4: parts[at] = parts[below(parts.size())]; break;
      }
    }
    std::string text;
    for (const std::string& part : parts) text += part;
    survive(text);
  }
}

TEST(Robust, MutatedBytes) {
  const std::vector<std::string> texts = corpus();
  std::mt19937 random(7);
  const auto below = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
  };
  for (int round = 0; round < 8000; ++round) {
    std::string text = texts[below(texts.size())];
    for (std::size_t change = 1 + below(2); change > 0 && !text.empty(); --change) {
      const std::size_t at = below(text.size());
      if (below(2) == 0)
        text[at] = static_cast<char>(' ' + below(95));
      else
        text.erase(at, 1 + below(3));
    }
    survive(text);
  }
}

// Lines of the whole corpus thrown together: names that are declared elsewhere, or twice, or not at all.
TEST(Robust, ShuffledLines) {
  std::vector<std::string> lines;
  for (const std::string& text : corpus())
    for (const std::string& line : lines_of(text)) lines.push_back(line);
  std::mt19937 random(11);
  for (int round = 0; round < 4000; ++round) {
    std::string text = "dim D = 3, H = 2\ninput x[D], y\nparam w[D, H] init 0\n";
    for (int k = 0; k < 6; ++k)
      text += lines[std::uniform_int_distribution<std::size_t>(0, lines.size() - 1)(random)] + "\n";
    survive(text);
  }
}

// The processor's time that this process has taken: what others do meanwhile does not count.
double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

double seconds(const std::string& text, bool good = true) {
  const double begin = processor_seconds();
  const Checked c = checked(text);
  EXPECT_EQ(c.model.has_value(), good) << c.said.substr(0, 500);
  return processor_seconds() - begin;
}

std::string chain(int length, bool backwards) {
  std::string text = "input x\n";
  for (int k = 1; k <= length; ++k) {
    const int at = backwards ? length + 1 - k : k;
    text += "v" + std::to_string(at) + " = " + (at == 1 ? "x" : "v" + std::to_string(at - 1)) + "*x + 1\n";
  }
  return text;
}

std::string repeated(const std::string& text, int times) {
  std::string result;
  for (; times > 0; --times) result += text;
  return result;
}

TEST(Robust, LongChainsTakeLinearTime) {
  for (bool backwards : {false, true}) {
    const double small = seconds(chain(10000, backwards)), large = seconds(chain(100000, backwards));
    EXPECT_LT(large, 40 * small + 0.5);
  }
}

TEST(Robust, LongAndDeepPrograms) {
  EXPECT_LT(seconds("input x\ny = " + repeated("2*x + ", 100000) + "x"), 10);
  EXPECT_LT(seconds("input x\ny = " + repeated("(", 50000) + "x" + repeated(" + 1)", 50000)), 10);
  EXPECT_LT(seconds("input x\ny = " + repeated("sin(", 50000) + "x" + repeated(")", 50000)), 10);
  EXPECT_LT(seconds("input x\ny = " + repeated("if x > 0 then 1 else (", 20000) + "x" + repeated(")", 20000)),
            10);
  EXPECT_LT(seconds("dim D = 3\ninput x[D], k[D] in D\ny = x[" + repeated("k[", 20000) + "0" +
                    repeated("]", 20000) + "]"),
            10);
  EXPECT_LT(
      seconds("dim D = " + repeated("(", 20000) + "1" + repeated(" + 1)", 20000) + "\ninput x[D]\ny = x[0]"),
      10);
  EXPECT_LT(seconds("input x\ny = " + repeated("-", 50000) + "x"), 10);
}

// Each function is put into the next, so the work grows with the square of their number, not faster.
TEST(Robust, LongChainsOfFunctionsAndDims) {
  const auto functions = [](int count) {
    std::string text = "input x\nf0(t) = t\ny = f" + std::to_string(count) + "(x)\n";
    for (int k = 1; k <= count; ++k)
      text += "f" + std::to_string(k) + "(t) = f" + std::to_string(k - 1) + "(t) + 1\n";
    return text;
  };
  EXPECT_LT(seconds(functions(2000)), 60 * seconds(functions(500)) + 1);
  std::string dims = "dim D0 = 1\ninput x[D2000]\ny = x[0]\n";
  for (int k = 1; k <= 2000; ++k)
    dims += "dim D" + std::to_string(k) + " = D" + std::to_string(k - 1) + " + 1\n";
  EXPECT_LT(seconds(dims), 10);
}

TEST(Robust, ManyMistakesAreCutOff) {
  std::string text = "dim D = 2\ninput x[D]\n";
  for (int k = 0; k < 10000; ++k)
    text += "name" + std::to_string(k) + " = x[0] + nome" + std::to_string(k) + "\n";
  const double begin = processor_seconds();
  const Checked c = checked(text);
  EXPECT_LT(processor_seconds() - begin, 10);
  ASSERT_EQ(c.diagnostics.size(), 51u);
  EXPECT_EQ(c.diagnostics.back().code, DiagnosticCode::E117);
  EXPECT_NE(c.said.find("too many mistakes: 9950 more are not shown"), std::string::npos);
}

TEST(Robust, SizesFromTheCommandLine) {
  const std::string text =
      "dim D = 2, L = D*(D - 1)/2\ninput x[D]\nparam w[L] init 0\ny = x[0]\nz = sum(l) w[l]";
  EXPECT_EQ(checked(text, {{{"D", 5}}}).said, "");
  EXPECT_EQ(checked(text, {{{"D", 1}}}).said, "");
  for (const std::int64_t size : {std::int64_t{-1}, std::int64_t{1} << 41, INT64_MIN, INT64_MAX}) {
    const Checked c = checked(text, {{{"D", size}}});
    EXPECT_FALSE(c.model);
    EXPECT_NE(c.said.find("[E218]"), std::string::npos) << c.said;
  }
}

}  // namespace
}  // namespace gradc::test
