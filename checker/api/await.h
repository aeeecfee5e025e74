// SPDX-License-Identifier: MIT
// Waiting for a value. An await is one read that happens when the value satisfies the condition; the iterations of the loop it stands for
// are never explored one by one, and an await that nothing can satisfy is a deadlock.
//
// Contract: a condition is a pure function of the value it is given; it may capture values, it must not look at anything shared.
#ifndef CHECKER_API_AWAIT_H_
#define CHECKER_API_AWAIT_H_

#include <atomic>
#include <concepts>
#include <optional>
#include <source_location>
#include <type_traits>

#include "checker/api/atomic.h"
#include "checker/api/bits.h"
#include "checker/api/memory_order.h"
#include "checker/api/site.h"
#include "checker/runtime/ops.h"

namespace graze {

// Blocks until condition(value of x) holds; returns that value.
template <typename T, typename Condition>
  requires std::predicate<const Condition&, T>
T await(const atomic<T>& x, Condition condition, std::memory_order order = std::memory_order_seq_cst, const char* what = "await",
        std::source_location where = std::source_location::current()) {
  const Site site = internal::SiteOf(where);
  const Predicate predicate = [](uint64_t value, const void* arg) {
    return static_cast<bool>((*static_cast<const Condition*>(arg))(internal::FromBits<T>(value)));
  };
  return internal::FromBits<T>(Await(&x, sizeof(T), predicate, &condition, internal::LoadOrder(order, site), what, site).value);
}

// Blocks until x holds `expected`.
template <typename T>
void await(const atomic<T>& x, std::type_identity_t<T> expected, std::memory_order order = std::memory_order_seq_cst,
           const char* what = "await", std::source_location where = std::source_location::current()) {
  await(x, [expected](T value) { return internal::ToBits(value) == internal::ToBits(expected); }, order, what, where);
}

// Blocks while x holds `unwanted`; returns the first other value.
template <typename T>
T await_while(const atomic<T>& x, std::type_identity_t<T> unwanted, std::memory_order order = std::memory_order_seq_cst,
              const char* what = "await_while", std::source_location where = std::source_location::current()) {
  return await(x, [unwanted](T value) { return internal::ToBits(value) != internal::ToBits(unwanted); }, order, what, where);
}

// Blocks until update(value of x) returns a value and stores it as one read-modify-write; returns the value it replaced. A semaphore's
// acquire: await_update(count, [](int n) { return n > 0 ? std::optional(n - 1) : std::nullopt; }).
template <typename T, typename Update>
  requires std::same_as<std::invoke_result_t<const Update&, T>, std::optional<T>>
T await_update(atomic<T>& x, Update update, std::memory_order order = std::memory_order_seq_cst, const char* what = "await_update",
               std::source_location where = std::source_location::current()) {
  const UpdateFn next = [](uint64_t value, const void* arg, uint64_t* stored) {
    const std::optional<T> result = (*static_cast<const Update*>(arg))(internal::FromBits<T>(value));
    if (result) *stored = internal::ToBits(*result);
    return result.has_value();
  };
  return internal::FromBits<T>(AwaitRmw(&x, sizeof(T), next, &update, internal::RmwOrder(order), what, internal::SiteOf(where)).old);
}

// For a busy-wait loop that is to stay as it is: call it once in each iteration. An iteration that wrote nothing is not repeated until
// one of the values it read has changed, so the loop is explored like an await.
inline void spin_hint(std::source_location where = std::source_location::current()) { SpinHint(internal::SiteOf(where)); }

}  // namespace graze

#endif  // CHECKER_API_AWAIT_H_
