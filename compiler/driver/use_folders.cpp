// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/use_folders.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace gradc::driver {
namespace {

namespace fs = std::filesystem;

// The parser has its own, smaller limit with its own message; this one keeps a device from filling memory.
constexpr std::size_t bytes_at_most = std::size_t{1} << 28;

fs::path real(const fs::path& path) {
  std::error_code error;
  fs::path made = fs::canonical(path.empty() ? "." : path, error);
  return error ? fs::path() : made;
}

bool is_below(const fs::path& path, const fs::path& folder) {
  if (folder.empty()) return false;
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

}  // namespace

Result<std::string> read_model_text(const std::string& path, const Cannot& cannot) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) return cannot("there is no such file");
  if (fs::is_directory(status)) return cannot("this is a folder, and a model file was expected");
  for (const char* of_data : {".csv", ".tsv", ".npy", ".npz", ".gz", ".json"})
    if (fs::path(path).extension() == of_data)
      return cannot("these are data, and a model file was expected, such as `model.grad`");
  std::ifstream in(path, std::ios::binary);
  if (!in) return cannot(std::string("the file cannot be opened: ") + std::strerror(errno));
  std::string text;
  std::array<char, 1 << 16> block;
  while (in.read(block.data(), block.size()), in.gcount() > 0) {
    text.append(block.data(), static_cast<std::size_t>(in.gcount()));
    if (text.size() > bytes_at_most) return cannot("the file is too large for a model");
  }
  return text;
}

UseFolders::UseFolders(const std::string& model, const std::vector<std::string>& more)
    : identity_(real(model).string()) {
  const Path shown = Path(model).parent_path();
  folders_.push_back({real(shown), shown});
  for (const std::string& folder : more) folders_.push_back({real(folder), folder});
  folder_of_[identity_] = folders_.front();
}

bool UseFolders::holds(const Path& path) const {
  return std::ranges::any_of(folders_, [&](const Folder& f) { return is_below(path, f.real); });
}

Result<UsedFile> UseFolders::find(const std::string& user, const std::string& path) {
  const auto refuse = [&](DiagnosticCode code, const std::string& message, const std::string& help) {
    return Diagnostic{code, message, {}, {}, help};
  };
  const auto outside = [&](const std::string& how) {
    return refuse(DiagnosticCode::E500, "`" + path + "` " + how,
                  "a file is used from the model's folder, from those in it, or from one that `-I` names");
  };
  const Path wanted(path);
  if (wanted.is_absolute()) return outside("is not said from where the file stands");
  if (wanted.extension() != ".grad")
    return refuse(DiagnosticCode::E500, "`" + path + "` is no model file",
                  "such a file's name ends in `.grad`");

  std::vector<Folder> from{folder_of_.at(user)};
  from.insert(from.end(), folders_.begin() + 1, folders_.end());
  bool leaves = false;  // before anything is asked of the system
  for (const Folder& folder : from) {
    if (folder.real.empty()) continue;
    if (!holds((folder.real / wanted).lexically_normal())) {
      leaves = true;
      continue;
    }
    const Path found = real(folder.real / wanted);
    if (found.empty()) continue;
    if (!holds(found)) return outside("leads out of the folders that files are used from");
    std::error_code error;
    if (!fs::is_regular_file(found, error))
      return refuse(DiagnosticCode::E500, "`" + path + "` is no file that can be read", "");
    const Path shown = (folder.shown / wanted).lexically_normal();
    Result<std::string> text = read_model_text(found.string(), [&](const std::string& why) {
      return refuse(DiagnosticCode::E500, "`" + path + "`: " + why, "");
    });
    if (!text) return text.diagnostics();
    folder_of_.try_emplace(found.string(), Folder{found.parent_path(), shown.parent_path()});
    return UsedFile{found.string(), shown.string(), std::move(*text)};
  }
  if (leaves) return outside("leads out of the folders that files are used from");
  std::string looked;
  for (const Folder& f : from)
    looked += (looked.empty() ? "`" : ", `") + (f.shown.empty() ? std::string(".") : f.shown.string()) + "`";
  return refuse(DiagnosticCode::E500, "there is no file `" + path + "`", "looked for in " + looked);
}

}  // namespace gradc::driver
