// SPDX-License-Identifier: MIT
// std::condition_variable for checked code, without the timed waits.
//
// Contract: waits with a std::unique_lock<graze::mutex>. notify_one() wakes any one of the threads that are waiting at that moment (each is
// explored), notify_all() all of them; a notification that finds nobody waiting is lost, as it is in reality, so a lost wake-up is found as
// a deadlock or a hung task. There are no spurious wake-ups. At most 64 threads of an execution may wait.
// Errors: waiting with an unlocked lock, or on a thread past the 64th, is a violation of rule `misuse`.
#ifndef CHECKER_API_CONDITION_VARIABLE_H_
#define CHECKER_API_CONDITION_VARIABLE_H_

#include <bit>
#include <concepts>
#include <cstdint>
#include <mutex>
#include <optional>
#include <source_location>

#include "checker/api/atomic.h"
#include "checker/api/await.h"
#include "checker/api/choose.h"
#include "checker/api/mutex.h"
#include "checker/api/site.h"
#include "checker/runtime/ops.h"

namespace graze {

class condition_variable {
  using Where = std::source_location;

 public:
  condition_variable() = default;
  condition_variable(const condition_variable&) = delete;
  condition_variable& operator=(const condition_variable&) = delete;

  void wait(std::unique_lock<mutex>& lock, Where where = Where::current()) {
    const uint64_t self = SelfBit(where);
    if (!lock.owns_lock()) Fail("misuse", "condition_variable::wait without holding the lock", internal::SiteOf(where));
    waiting_.fetch_or(self, std::memory_order_acq_rel, where);
    lock.unlock();
    const auto take = [self](uint64_t woken) { return (woken & self) != 0 ? std::optional(woken & ~self) : std::nullopt; };
    await_update(woken_, take, std::memory_order_acq_rel, "condition_variable::wait", where);
    lock.lock();
  }
  template <typename Condition>
    requires std::predicate<Condition&>
  void wait(std::unique_lock<mutex>& lock, Condition condition, Where where = Where::current()) {
    while (!condition()) wait(lock, where);
  }

  void notify_one(Where where = Where::current()) {
    uint64_t waiting = waiting_.fetch_or(0, std::memory_order_acq_rel, where);  // a read that cannot miss a waiter
    while (waiting != 0) {
      const uint64_t chosen = Nth(waiting, choose(static_cast<unsigned>(std::popcount(waiting)), "which waiter wakes up", where));
      if (waiting_.compare_exchange_strong(waiting, waiting & ~chosen, std::memory_order_acq_rel, where)) {
        woken_.fetch_or(chosen, std::memory_order_acq_rel, where);
        return;
      }
    }
  }
  void notify_all(Where where = Where::current()) {
    const uint64_t waiting = waiting_.exchange(0, std::memory_order_acq_rel, where);
    if (waiting != 0) woken_.fetch_or(waiting, std::memory_order_acq_rel, where);
  }

 private:
  static uint64_t SelfBit(Where where) {
    const ThreadId self = Self();
    if (self >= 64) Fail("misuse", "condition_variable::wait: only the first 64 threads can wait", internal::SiteOf(where));
    return uint64_t{1} << self;
  }
  // The bit number `n`, from the lowest, of those set in `bits`.
  static uint64_t Nth(uint64_t bits, unsigned n) {
    while (n-- > 0) bits &= bits - 1;
    return bits & (~bits + 1);
  }

  atomic<uint64_t> waiting_{0};  // threads inside wait() that nobody has woken, one bit each
  atomic<uint64_t> woken_{0};    // threads that may leave wait()
};

}  // namespace graze

#endif  // CHECKER_API_CONDITION_VARIABLE_H_
