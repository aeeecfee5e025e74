// SPDX-License-Identifier: MIT
#include "checker/runtime/spin_state.h"

#include <cstring>

namespace graze::internal {
namespace {

constexpr size_t kArenaMax = size_t{64} << 10;

// Stacks have poisoned gaps under AddressSanitizer, so no memcpy.
__attribute__((no_sanitize("address"))) void CopyBytes(const std::byte* from, const std::byte* to, std::vector<std::byte>* out) {
  out->resize(static_cast<size_t>(to - from));
  std::byte* const target = out->data();
  for (size_t i = 0; i < out->size(); ++i) target[i] = from[i];
}

const std::byte* StackPointer() {
  const std::byte* pointer = nullptr;
#if defined(__x86_64__)
  asm volatile("mov %%rsp, %0" : "=r"(pointer));
#elif defined(__aarch64__)
  asm volatile("mov %0, sp" : "=r"(pointer));
#endif
  return pointer;
}

}  // namespace

// noinline: the callers' registers are then in `registers_` or in a frame between the stack pointer and `stack_top`.
__attribute__((noinline)) void SpinState::Capture(const std::byte* stack_top, const std::byte* arena, size_t arena_size, Site site) {
  std::memset(&registers_, 0, sizeof registers_);
  (void)_setjmp(registers_);
  const std::byte* const low = StackPointer();
  site_ = site;
  if (low == nullptr || arena_size > kArenaMax) {
    stack_.clear();
    return;
  }
  CopyBytes(low, stack_top, &stack_);
  CopyBytes(arena, arena + arena_size, &arena_);
}

bool SpinState::SameAs(const SpinState& other) const {
  return !stack_.empty() && site_ == other.site_ && std::memcmp(&registers_, &other.registers_, sizeof registers_) == 0 &&
         stack_ == other.stack_ && arena_ == other.arena_;
}

}  // namespace graze::internal
