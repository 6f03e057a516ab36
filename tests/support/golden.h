// Golden files: for every FILE.ext of a folder, what a stage makes of it stands beside it as FILE.expected.
// One GoogleTest per file; UPDATE_GOLDEN=1 rewrites what differs, to be read in the diff before it is
// committed.
//
//   const bool listed = gradc::test::add_golden_tests("Syntax", "tests/golden/syntax", ".grad", stage);
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace gradc::test {

// From the file's path, as it is to be named in messages, and its text, to what is compared.
using Stage = std::function<std::string(const std::string& path, const std::string& text)>;
using Selects = std::function<bool(const std::string& stem)>;

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// What differs, between the lines that are equal before and behind it.
inline std::string difference(std::string_view expected, std::string_view actual) {
  const std::vector<std::string> old_lines = lines_of(expected), new_lines = lines_of(actual);
  std::size_t front = 0, back = 0;
  const std::size_t shorter = std::min(old_lines.size(), new_lines.size());
  while (front < shorter && old_lines[front] == new_lines[front]) ++front;
  while (back < shorter - front &&
         old_lines[old_lines.size() - 1 - back] == new_lines[new_lines.size() - 1 - back])
    ++back;
  std::string out = "from line " + std::to_string(front + 1) + ":\n";
  auto show = [&](const char* mark, const std::vector<std::string>& lines) {
    constexpr std::size_t most = 40;
    for (std::size_t i = front; i < lines.size() - back; ++i) {
      if (i == front + most) {
        out += std::string(mark) + "...\n";
        break;
      }
      out += mark + lines[i] + "\n";
    }
  };
  show("- ", old_lines);
  show("+ ", new_lines);
  return out;
}

// A test input may say `«1000000×(»` for a million brackets.
inline std::string expand_repeats(std::string_view text) {
  std::string out;
  for (;;) {
    const std::size_t begin = text.find("«");
    if (begin == std::string_view::npos) return out += text;
    const std::size_t times = text.find("×", begin), end = text.find("»", begin);
    out += text.substr(0, begin);
    const std::string_view unit = text.substr(times + 2, end - times - 2);
    for (long left = std::atol(std::string(text.substr(begin + 2, times - begin - 2)).c_str()); left > 0;
         --left)
      out += unit;
    text.remove_prefix(end + 2);
  }
}

inline void compare_with_golden(const std::filesystem::path& file, const std::string& actual) {
  std::filesystem::path golden = file;
  golden.replace_extension(".expected");
  const bool exists = std::filesystem::exists(golden);
  const std::string expected = exists ? read_file(golden) : "";
  if (exists && expected == actual) return;
  if (const char* update = std::getenv("UPDATE_GOLDEN"); update && *update == '1') {
    std::ofstream(golden, std::ios::binary) << actual;
    return;
  }
  ADD_FAILURE() << golden.string()
                << (exists ? " differs, " + difference(expected, actual)
                           : " is missing; the stage says:\n" + actual)
                << "UPDATE_GOLDEN=1 takes it over";
}

class GoldenTest : public ::testing::Test {
 public:
  GoldenTest(std::filesystem::path file, std::string shown, Stage stage)
      : file_(std::move(file)), shown_(std::move(shown)), stage_(std::move(stage)) {}
  void TestBody() override { compare_with_golden(file_, stage_(shown_, read_file(file_))); }

 private:
  std::filesystem::path file_;
  std::string shown_;
  Stage stage_;
};

// One test for each file of `folder` (from the project's root) with the extension; call it from a static
// initialiser. The stage is told the file's name without its folder.
inline bool add_golden_tests(
    const std::string& suite, const std::string& folder, const std::string& extension, const Stage& stage,
    const Selects& selects = [](const std::string&) { return true; }) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(GRADC_SOURCE_DIR) / folder))
    if (entry.path().extension() == extension && selects(entry.path().stem().string()))
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const std::filesystem::path& file : files)
    ::testing::RegisterTest(
        suite.c_str(), file.stem().string().c_str(), nullptr, nullptr, __FILE__, __LINE__,
        [=]() -> ::testing::Test* { return new GoldenTest(file, file.filename().string(), stage); });
  return !files.empty();
}

}  // namespace gradc::test
