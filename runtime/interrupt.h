// Ctrl-C while training: the first asks the loop to finish its step and save, the second ends the process at
// once (files are replaced atomically, so nothing is lost but the steps since). SIGTERM and SIGHUP count as
// Ctrl-C. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <signal.h>

namespace gradc {

// Watches the signals as long as it lives; one at a time.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

 private:
  struct sigaction old_[3];
};

// The signal that came since the guard was set up; 0 if none came, and without a guard. The process then ends
// with status 128 + signal.
int interrupt_signal();

}  // namespace gradc
