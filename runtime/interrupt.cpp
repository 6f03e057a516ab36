// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/interrupt.h"

#include <unistd.h>

#include <iterator>

namespace gradc {
namespace {

constexpr int watched[] = {SIGINT, SIGTERM, SIGHUP};
volatile sig_atomic_t received = 0;  // a signal handler can reach nothing else

extern "C" void note_signal(int signal) {
  if (received != 0) ::_exit(128 + signal);
  received = signal;
}

}  // namespace

InterruptGuard::InterruptGuard() {
  received = 0;
  struct sigaction action = {};
  action.sa_handler = note_signal;
  action.sa_flags = SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < std::size(watched); ++i) ::sigaction(watched[i], &action, &old_[i]);
}

InterruptGuard::~InterruptGuard() {
  for (std::size_t i = 0; i < std::size(watched); ++i) ::sigaction(watched[i], &old_[i], nullptr);
  received = 0;
}

int interrupt_signal() { return received; }

}  // namespace gradc
