// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/dataset/read_bytes.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "runtime/data_error.h"

namespace gradc {
namespace {

Diagnostic cannot_read(const std::string& path, int error) {
  return data_error(DiagnosticCode::E500, path, std::strerror(error));
}

Diagnostic too_large(const std::string& path, const DataLimits& limits) {
  return data_error(DiagnosticCode::E502, path,
                    fmt::format("the file holds more than the limit of {} bytes", limits.bytes));
}

}  // namespace

Result<std::string> read_bytes(const std::string& path, const DataLimits& limits) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return cannot_read(path, errno);
  struct stat status;
  if (::fstat(descriptor, &status) != 0 || S_ISDIR(status.st_mode)) {
    const int error = S_ISDIR(status.st_mode) ? EISDIR : errno;
    ::close(descriptor);
    return cannot_read(path, error);
  }
  if (S_ISREG(status.st_mode) && status.st_size > limits.bytes) {
    ::close(descriptor);
    return too_large(path, limits);
  }
  gzFile file = ::gzdopen(descriptor, "rb");  // what is not compressed passes through as it is
  if (file == nullptr) {
    ::close(descriptor);
    return cannot_read(path, ENOMEM);
  }
  ::gzbuffer(file, 1 << 18);
  std::string bytes;
  std::size_t filled = 0;
  const std::size_t limit = static_cast<std::size_t>(limits.bytes);
  bytes.resize(
      std::min(limit + 1, S_ISREG(status.st_mode) ? static_cast<std::size_t>(status.st_size) + 1 : 1 << 16));
  for (;;) {
    if (filled == bytes.size()) bytes.resize(std::min(limit + 1, 2 * bytes.size()));
    const std::size_t room = std::min<std::size_t>(bytes.size() - filled, 1 << 30);
    const int got = ::gzread(file, bytes.data() + filled, static_cast<unsigned>(room));
    if (got < 0) {
      int code = 0;
      const std::string text = ::gzerror(file, &code);
      const int error = errno;
      ::gzclose(file);
      if (code == Z_ERRNO) return cannot_read(path, error);
      return data_error(DiagnosticCode::E503, path, "the compressed file is damaged");
    }
    filled += static_cast<std::size_t>(got);
    if (filled > limit) {
      ::gzclose(file);
      return too_large(path, limits);
    }
    if (got == 0) break;
  }
  if (::gzclose(file) != Z_OK)  // Z_BUF_ERROR: it ended within a compressed stream
    return data_error(DiagnosticCode::E503, path, "the compressed file ends too early", "fetch it again");
  bytes.resize(filled);
  return bytes;
}

}  // namespace gradc
