// From the command line to its command; the last stop of what nobody caught.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstdio>
#include <exception>
#include <new>
#include <system_error>

#include "compiler/driver/command_line.h"
#include "compiler/driver/commands.h"
#include "compiler/support/check.h"
#include "runtime/thread_pool.h"
#include "runtime/workspace.h"

namespace gradc::driver {
namespace {

int dispatch(int argc, const char* const* argv, std::span<const Command> commands) {
  int status = status_ok;
  const std::optional<Options> options = parse_command_line(argc, argv, status);
  if (!options) return status;
  set_threads(options->threads.value_or(0));
  for (const Command& command : commands)
    if (options->command == command.name) return command.run(*options);
  GRADC_UNREACHABLE("a command of the table was expected");
}

}  // namespace

int run(int argc, const char* const* argv, std::span<const Command> commands) {
  int status = status_internal;
  try {
    status = dispatch(argc, argv, commands);
  } catch (const NotEnoughMemory& error) {
    std::fprintf(stderr,
                 "gradc: error: %s\n   = help: a reverse sweep keeps what each step has made: `--recompute "
                 "sqrt` keeps "
                 "less of a recurrence, and `--mode forward` keeps nothing\n",
                 error.what());
    return status_user_error;
  } catch (const std::bad_alloc&) {
    std::fputs("gradc: error: there is not enough memory for this\n", stderr);
    return status_user_error;
  } catch (const std::system_error& failed_write) {  // what fmt::print throws
    std::fprintf(stderr, "gradc: error: cannot write the output: %s\n",
                 failed_write.code().message().c_str());
    return status_user_error;
  } catch (const std::exception& unexpected) {
    std::fprintf(stderr, "gradc: internal error: %s\n  this is a bug in gradc, not in the model\n",
                 unexpected.what());
    return status_internal;
  }
  if (std::fflush(stdout) != 0 && status == status_ok) {
    std::perror("gradc: error: cannot write the output");
    return status_user_error;
  }
  return status;
}

}  // namespace gradc::driver
