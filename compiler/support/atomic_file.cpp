// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/support/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>

namespace gradc {
namespace {

constexpr std::string_view temporary_ending = ".gradc-tmp";

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

// Not to be guessed by others who may write in the folder.
std::string temporary_name(const std::string& path) {
  std::uint64_t random = 0;
  if (::getrandom(&random, sizeof random, 0) != sizeof random)
    random = static_cast<std::uint64_t>(::getpid());
  const std::size_t slash = path.rfind('/');
  const std::size_t name = slash == std::string::npos ? 0 : slash + 1;
  return fmt::format("{}.{}.{:016x}{}", path.substr(0, name), path.substr(name), random, temporary_ending);
}

// 0, or the error.
int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    if (written == 0) return ENOSPC;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

int sync_folder(const std::string& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return errno;
  int error = ::fsync(descriptor) == 0 ? 0 : errno;
  if (error == EINVAL) error = 0;  // a file system that cannot, such as some network ones
  ::close(descriptor);
  return error;
}

}  // namespace

Diagnostics write_file(const std::string& path, std::string_view bytes) {
  const auto failed = [&](int error) {
    return Diagnostics{
        error_at(DiagnosticCode::E530, path, fmt::format("cannot write: {}", std::strerror(error)))};
  };
  std::string temporary;
  int descriptor = -1;
  for (int attempt = 0; descriptor < 0; ++attempt) {
    temporary = temporary_name(path);
    descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (descriptor < 0 && ((errno != EEXIST && errno != EINTR) || attempt == 10)) return failed(errno);
  }
  int error = write_all(descriptor, bytes);
  if (error == 0 && ::fsync(descriptor) != 0) error = errno;
  if (::close(descriptor) != 0 && error == 0) error = errno;
  if (error == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) {
    ::unlink(temporary.c_str());
    return failed(error);
  }
  error = sync_folder(folder_of(path));
  return error == 0 ? Diagnostics{} : failed(error);
}

void remove_orphans(const std::string& folder) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(".") && name.ends_with(temporary_ending))
      std::filesystem::remove(entry.path(), ignored);
  }
}

}  // namespace gradc
