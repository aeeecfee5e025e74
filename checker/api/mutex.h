// SPDX-License-Identifier: MIT
// std::mutex for checked code; use it with std::lock_guard, std::scoped_lock, std::unique_lock and std::lock.
//
// Contract: not recursive; unlocked by the thread that locked it. Waiting is part of the exploration, so a deadlock is found, not hung in.
// Errors: unlocking a mutex that the caller does not hold is a violation of rule `misuse`; locking twice is a deadlock.
#ifndef CHECKER_API_MUTEX_H_
#define CHECKER_API_MUTEX_H_

#include <cstdint>
#include <source_location>
#include <type_traits>

#include "checker/api/site.h"
#include "checker/runtime/ops.h"

namespace graze {

class mutex {
 public:
  constexpr mutex(std::source_location where = std::source_location::current()) {
    if (!std::is_constant_evaluated() && InExecution()) InitLocation(&word_, sizeof(word_), 0, internal::SiteOf(where));
  }
  mutex(const mutex&) = delete;
  mutex& operator=(const mutex&) = delete;

  // Out of line with the return address as site: a defaulted source_location would name the standard header that holds std::lock_guard.
  [[gnu::noinline]] void lock() { LockAcquire(&word_, sizeof(word_), "mutex::lock", __builtin_return_address(0)); }
  [[gnu::noinline]] bool try_lock() { return LockTry(&word_, sizeof(word_), __builtin_return_address(0)); }
  [[gnu::noinline]] void unlock() { LockRelease(&word_, sizeof(word_), __builtin_return_address(0)); }

 private:
  uint32_t word_ = 0;
};

}  // namespace graze

#endif  // CHECKER_API_MUTEX_H_
