// SPDX-License-Identifier: MIT
// What a thread in a busy-wait loop will do next is decided by its stack, its registers, its private memory and what it reads. If the
// first three are bit for bit what they were one iteration ago and nothing was written, another iteration over the same values is no news.
#ifndef CHECKER_RUNTIME_SPIN_STATE_H_
#define CHECKER_RUNTIME_SPIN_STATE_H_

#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "checker/base/access.h"

namespace graze::internal {

// Of the calling function; null on machines where nobody has said how to read it.
inline const std::byte* StackPointer() {
  const std::byte* pointer = nullptr;
#if defined(__x86_64__)
  asm volatile("mov %%rsp, %0" : "=r"(pointer));
#elif defined(__aarch64__)
  asm volatile("mov %0, sp" : "=r"(pointer));
#endif
  return pointer;
}

class SpinState {
 public:
  void Clear() { stack_.clear(); }
  // For _setjmp, before Capture(), in the frame whose stack pointer is `stack_low`.
  jmp_buf* registers() { return &registers_; }
  // Records the live stack and the bytes of the arena. An arena too large to be compared makes the state equal to none.
  void Capture(const std::byte* stack_low, const std::byte* stack_top, const std::byte* arena, size_t arena_size, Site site);
  // Differences that do not matter (dead slots of the stack) only cost an iteration of the loop.
  bool SameAs(const SpinState& other) const;

 private:
  std::vector<std::byte> stack_;
  std::vector<std::byte> arena_;
  jmp_buf registers_ = {};
  Site site_ = nullptr;
};

}  // namespace graze::internal

#endif  // CHECKER_RUNTIME_SPIN_STATE_H_
