// SPDX-License-Identifier: MIT
// Says where the time of a benchmark goes: looks at the program counter at regular intervals of CPU time. One sampler at a time.
#ifndef CHECKER_BENCH_SAMPLER_H_
#define CHECKER_BENCH_SAMPLER_H_

#include <signal.h>
#include <sys/time.h>
#include <ucontext.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <span>

namespace graze::internal {

class Sampler {
 public:
  Sampler() {
    samples_count_ = 0;
    // A stack of its own: the code that is interrupted may run on the small stack of a simulated thread.
    static std::array<char, size_t{64} * 1024> stack;
    const stack_t alternative = {.ss_sp = stack.data(), .ss_flags = 0, .ss_size = stack.size()};
    sigaltstack(&alternative, nullptr);
    struct sigaction action = {};
    action.sa_sigaction = &Sample;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
    sigaction(SIGPROF, &action, &old_action_);
    SetInterval(kIntervalMicroseconds);
  }
  ~Sampler() {
    SetInterval(0);
    sigaction(SIGPROF, &old_action_, nullptr);
  }
  Sampler(const Sampler&) = delete;
  Sampler& operator=(const Sampler&) = delete;

  // Where the program was interrupted, so far.
  std::span<const void* const> samples() const { return {samples_.data(), std::min<size_t>(samples_count_, kSamplesMax)}; }

 private:
  static constexpr int kIntervalMicroseconds = 1'000;
  static constexpr size_t kSamplesMax = 1 << 16;

  static void SetInterval(int microseconds) {
    const itimerval interval = {.it_interval = {0, microseconds}, .it_value = {0, microseconds}};
    setitimer(ITIMER_PROF, &interval, nullptr);
  }

  static void Sample(int, siginfo_t*, void* context) {
    const size_t slot = samples_count_.fetch_add(1, std::memory_order_relaxed);
    if (slot >= kSamplesMax) return;
    samples_[slot] = reinterpret_cast<const void*>(static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
  }

  static inline std::array<const void*, kSamplesMax> samples_;
  static inline std::atomic<size_t> samples_count_ = 0;
  struct sigaction old_action_ = {};
};

}  // namespace graze::internal

#endif  // CHECKER_BENCH_SAMPLER_H_
