// `use "file.grad"`: the functions of other files. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "compiler/support/result.h"
#include "compiler/support/source.h"
#include "grammar/syntax.h"

namespace gradc {

struct UsedFile {
  std::string identity;  // equal for one file, however the way to it is spelled
  std::string name;      // in messages
  std::string text;
};
// What stands at `path` for the file of that identity.
using FindFile = std::function<Result<UsedFile>(const std::string& user, const std::string& path)>;

// Parses sources[0], which has the identity, and all files that it uses, by themselves or through others;
// each is read once, and goes into `sources`.
Result<syntax::Program> parse_with_uses(Sources& sources, const std::string& identity, const FindFile& find);

// Which file each `use` of a tree stands for, by their places in the sources.
struct UseOf {
  std::uint32_t user;
  std::string path;
  std::uint32_t file;
};
std::vector<UseOf> uses(const syntax::Program& program);

}  // namespace gradc
