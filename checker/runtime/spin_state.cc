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

}  // namespace

void SpinState::Capture(const std::byte* stack_low, const std::byte* stack_top, const std::byte* arena, size_t arena_size, Site site) {
  site_ = site;
  if (stack_low == nullptr || arena_size > kArenaMax) {
    stack_.clear();
    return;
  }
  CopyBytes(stack_low, stack_top, &stack_);
  CopyBytes(arena, arena + arena_size, &arena_);
}

bool SpinState::SameAs(const SpinState& other) const {
  // Bytes that mean nothing may differ: that costs an iteration. NOLINTNEXTLINE(bugprone-suspicious-memory-comparison)
  return !stack_.empty() && site_ == other.site_ && std::memcmp(&registers_, &other.registers_, sizeof registers_) == 0 &&
         stack_ == other.stack_ && arena_ == other.arena_;
}

}  // namespace graze::internal
