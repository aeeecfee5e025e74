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

class SpinState {
 public:
  void Clear() { stack_.clear(); }
  // Records the running fiber's live stack up to `stack_top`, its callee-saved registers and the bytes of its arena. An arena too large to
  // be compared makes the state equal to none.
  void Capture(const std::byte* stack_top, const std::byte* arena, size_t arena_size, Site site);
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
