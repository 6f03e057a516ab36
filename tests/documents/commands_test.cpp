// Every command that a sample or a page of the documentation shows is run, and must print what the text says
// it prints. UPDATE_GOLDEN=1 writes what was printed into the text.
//
// Commands other than gradc's stay as they are.
// In samples:   #   $ gradc eval 01_square.grad --set x=3        In pages: fences ```grad (written to
// model.grad, or to
//               #   f = 9                                        the name in a first line "# file: NAME") and
//               ```console.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/golden.h"

namespace gradc::test {
namespace {

namespace fs = std::filesystem;

// What a command prints on both streams, as a reader of a terminal sees it.
std::string run(const std::string& command, const fs::path& directory) {
  const std::string full =
      "cd '" + directory.string() + "' && PATH='" GRADC_BINARY_DIR ":'\"$PATH\" && { " + command + "; } 2>&1";
  FILE* pipe = popen(full.c_str(), "r");
  std::string out;
  std::array<char, 4096> buffer;
  while (const std::size_t n = fread(buffer.data(), 1, buffer.size(), pipe)) out.append(buffer.data(), n);
  pclose(pipe);
  return out;
}

// A folder that looks as the reader's does: the samples with their data, and nothing of ours written to.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "gradc-documents-XXXXXX").string();
    path_ = mkdtemp(name.data());
    fs::copy(fs::path(GRADC_SOURCE_DIR) / "samples", path_ / "samples", fs::copy_options::recursive);
    fs::create_directory(path_ / "pictures");
  }
  ~Folder() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// Replaces what stands below each command by what it prints. `prefix` starts every line of an example.
struct Shown {
  std::vector<std::string> lines;
  int commands = 0;
};

Shown replay_sample(const std::vector<std::string>& lines, const fs::path& directory) {
  const std::string prompt = "#   $ gradc", prefix = "#   ";
  Shown shown;
  for (std::size_t i = 0; i < lines.size();) {
    if (!lines[i].starts_with(prompt)) {
      shown.lines.push_back(lines[i++]);
      continue;
    }
    std::string command = lines[i].substr(6);
    shown.lines.push_back(lines[i++]);
    while (command.ends_with("\\") && i < lines.size()) {
      command.back() = ' ';
      command += lines[i].substr(1);
      shown.lines.push_back(lines[i++]);
    }
    const auto printed = [&](std::size_t k) {
      return k < lines.size() && lines[k].starts_with(prefix) && !lines[k].starts_with("#   $ ");
    };
    while (printed(i) || (i < lines.size() && lines[i] == "#" && printed(i + 1))) ++i;
    ++shown.commands;
    for (const std::string& line : lines_of(run(command, directory)))
      shown.lines.push_back(line.empty() ? "#" : prefix + line);
  }
  return shown;
}

Shown replay_page(const std::vector<std::string>& lines, const fs::path& directory) {
  Shown shown;
  for (std::size_t i = 0; i < lines.size();) {
    shown.lines.push_back(lines[i]);
    const std::string fence = lines[i++];
    if (fence == "```grad") {
      std::string name = "model.grad", text;
      for (; i < lines.size() && lines[i] != "```"; ++i) {
        if (text.empty() && lines[i].starts_with("# file: ")) name = lines[i].substr(8);
        text += lines[i] + "\n";
        shown.lines.push_back(lines[i]);
      }
      std::ofstream(directory / name) << text;
    } else if (fence == "```console") {
      while (i < lines.size() && lines[i] != "```") {
        if (!lines[i].starts_with("$ gradc")) {
          shown.lines.push_back(lines[i++]);
          continue;
        }
        const std::string command = lines[i].substr(2);
        shown.lines.push_back(lines[i++]);
        while (i < lines.size() && lines[i] != "```" && !lines[i].starts_with("$ ")) ++i;
        ++shown.commands;
        for (const std::string& line : lines_of(run(command, directory))) shown.lines.push_back(line);
      }
    }
  }
  return shown;
}

// What a page's commands write into pictures/ is what it shows.
void compare_pictures(const fs::path& directory) {
  const fs::path kept = fs::path(GRADC_SOURCE_DIR) / "docs/pictures";
  for (const auto& entry : fs::directory_iterator(directory / "pictures")) {
    const fs::path name = entry.path().filename();
    if (std::getenv("UPDATE_GOLDEN"))
      fs::copy_file(entry.path(), kept / name, fs::copy_options::overwrite_existing);
    else
      EXPECT_TRUE(read_file(entry.path()) == read_file(kept / name)) << name << " is drawn differently";
  }
}

class Document : public testing::TestWithParam<fs::path> {};

TEST_P(Document, PrintsWhatItSays) {
  const fs::path file = fs::path(GRADC_SOURCE_DIR) / GetParam();
  const Folder folder;
  const std::vector<std::string> before = lines_of(read_file(file));
  const Shown after = file.extension() == ".grad" ? replay_sample(before, folder.path() / "samples")
                                                  : replay_page(before, folder.path());
  std::string text;
  for (const std::string& line : after.lines) text += line + "\n";
  compare_pictures(folder.path());
  if (std::getenv("UPDATE_GOLDEN")) {
    std::ofstream(file) << text;
    return;
  }
  std::string expected;
  for (const std::string& line : before) expected += line + "\n";
  EXPECT_EQ(text, expected) << "in " << GetParam() << " (UPDATE_GOLDEN=1 writes what is printed)";
}

std::vector<fs::path> documents() {
  std::vector<fs::path> found;
  const fs::path root = GRADC_SOURCE_DIR;
  for (const char* folder : {"samples", "docs"})
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const fs::path extension = entry.path().extension();
      if (extension == ".grad" || extension == ".md") found.push_back(fs::relative(entry.path(), root));
    }
  if (fs::exists(root / "README.md")) found.push_back("README.md");
  std::ranges::sort(found);
  return found;
}

INSTANTIATE_TEST_SUITE_P(All, Document, testing::ValuesIn(documents()), [](const auto& info) {
  std::string name = info.param.string();
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
});

}  // namespace
}  // namespace gradc::test
