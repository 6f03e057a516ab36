// used.json of a run: the files that its model uses, and which one is meant by a path in which. So a run needs
// nothing but its folder. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradc {

struct KeptFiles {
  struct File {
    std::string name, text;
  };
  struct Use {
    std::size_t user;  // 0 is the model's own file, 1 the first of `files`
    std::string path;
    std::size_t file;
  };
  std::vector<File> files = {};
  std::vector<Use> uses = {};
};

std::string used_json(const KeptFiles& used);
// Nothing if the text is not what used_json wrote.
std::optional<KeptFiles> parse_used(std::string_view text);

}  // namespace gradc
