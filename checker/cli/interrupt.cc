// SPDX-License-Identifier: MIT
#include "checker/cli/interrupt.h"

#include <ctime>

namespace graze {
namespace {

// One interruption may arrive twice, by way of the process and of its group; a second one takes a person longer.
constexpr long kMsBetween = 300;

volatile std::sig_atomic_t g_interrupts = 0;
volatile long g_first_ms = 0;

long NowMs() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<long>(now.tv_sec) * 1000 + now.tv_nsec / 1000000;
}

void OnSignal(int signal) {
  if (g_interrupts == 0) {
    g_interrupts = 1;
    g_first_ms = NowMs();
    return;
  }
  if (NowMs() - g_first_ms < kMsBetween) return;
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
