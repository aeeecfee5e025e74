// SPDX-License-Identifier: MIT
// ^C: the first one asks the search to stop at its next execution, another one later kills.
#ifndef CHECKER_CLI_INTERRUPT_H_
#define CHECKER_CLI_INTERRUPT_H_

#include <csignal>

namespace graze {

// Catches SIGINT and SIGTERM as long as it lives. One at a time.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

 private:
  struct sigaction previous_int_, previous_term_;
};

// Whether a signal came since the guard was made.
bool Interrupted();
// In a worker process: the terminal's SIGINT is the parent's business, which passes it on as SIGTERM.
void TakeInterruptsFromParent();

}  // namespace graze

#endif  // CHECKER_CLI_INTERRUPT_H_
