// SPDX-License-Identifier: MIT
#include "checker/cli/interrupt.h"

namespace graze {
namespace {

volatile std::sig_atomic_t g_interrupts = 0;

void OnSignal(int signal) {
  g_interrupts = g_interrupts + 1;
  if (g_interrupts < 2) return;
  std::signal(signal, SIG_DFL);
  raise(signal);
}

void OnParentsSignal(int /*signal*/) { g_interrupts = 1; }

struct sigaction Install(int signal, void (*handler)(int)) {
  struct sigaction action{};
  struct sigaction previous{};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, &previous);
  return previous;
}

}  // namespace

InterruptGuard::InterruptGuard() {
  g_interrupts = 0;
  previous_int_ = Install(SIGINT, &OnSignal);
  previous_term_ = Install(SIGTERM, &OnSignal);
}

InterruptGuard::~InterruptGuard() {
  sigaction(SIGINT, &previous_int_, nullptr);
  sigaction(SIGTERM, &previous_term_, nullptr);
}

bool Interrupted() { return g_interrupts != 0; }

void TakeInterruptsFromParent() {
  Install(SIGINT, SIG_IGN);
  Install(SIGTERM, &OnParentsSignal);
}

}  // namespace graze
