// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/support/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <vector>

extern char** environ;

namespace gradc {

std::optional<std::string> find_program(std::span<const std::string> names) {
  const char* path = std::getenv("PATH");
  for (const std::string& name : names) {
    for (std::string_view rest = path ? path : ""; !rest.empty();) {
      const std::size_t end = std::min(rest.find(':'), rest.size());
      const std::string file = fmt::format("{}/{}", rest.substr(0, end), name);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      std::error_code ignored;  // folders are executable, too
      if (file.front() == '/' && std::filesystem::is_regular_file(file, ignored) &&
          ::access(file.c_str(), X_OK) == 0)
        return file;
    }
  }
  return std::nullopt;
}

Finished run_program(std::span<const std::string> arguments) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return {-1, std::strerror(errno)};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  std::vector<char*> pointers;
  for (const std::string& a : arguments) pointers.push_back(const_cast<char*>(a.c_str()));
  pointers.push_back(nullptr);
  pid_t child = 0;
  const int error = ::posix_spawn(&child, pointers[0], &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  Finished result;
  if (error != 0) {
    ::close(ends[0]);
    result.messages = std::strerror(error);
    return result;
  }
  char buffer[4096];
  for (;;) {
    const ssize_t count = ::read(ends[0], buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    result.messages.append(buffer, static_cast<std::size_t>(count));
  }
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) result.status = WEXITSTATUS(status);
  return result;
}

}  // namespace gradc
