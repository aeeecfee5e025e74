// SPDX-License-Identifier: MIT
// graze::atomic<T>: std::atomic<T> for checked code. Each operation is one event of the execution (a read-modify-write is two).
//
// Contract:
//  - T has 1, 2, 4 or 8 bytes and no padding; arithmetic wraps at that size.
//  - Operations REQUIRE a running execution; construction does not. A global keeps the value of its constructor at the start of every
//    execution, whatever the previous one stored.
//  - compare_exchange_weak never fails spuriously.
//  - wait() and notify_*() are left out: see await.h.
// Errors: an order that the operation cannot have is a violation of rule `misuse`.
#ifndef CHECKER_API_ATOMIC_H_
#define CHECKER_API_ATOMIC_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <source_location>
#include <type_traits>

#include "checker/api/bits.h"
#include "checker/api/memory_order.h"
#include "checker/api/site.h"
#include "checker/runtime/ops.h"

namespace graze {

template <typename T>
class atomic {
  static_assert(internal::kIsLocationValue<T>, "graze::atomic<T>: T must be trivially copyable, of 1, 2, 4 or 8 bytes, without padding");
  static constexpr bool kCanAdd = internal::kIsArithmetic<T> || internal::kIsObjectPointer<T>;
  static constexpr bool kIsInteger = internal::kIsInteger<T>;
  static constexpr auto kSeqCst = std::memory_order_seq_cst;
  using Where = std::source_location;

 public:
  using value_type = T;
  using difference_type = std::conditional_t<std::is_pointer_v<T>, std::ptrdiff_t, T>;
  static constexpr bool is_always_lock_free = true;

  // Not explicit, as in std::atomic.
  constexpr atomic(T value = T(), Where where = Where::current()) : initial_(value) {
    if (!std::is_constant_evaluated() && InExecution()) {
      InitLocation(&initial_, sizeof(T), internal::ToBits(value), internal::SiteOf(where));
    }
  }
  atomic(const atomic&) = delete;
  atomic& operator=(const atomic&) = delete;

  bool is_lock_free() const noexcept { return true; }

  T load(std::memory_order order = kSeqCst, Where where = Where::current()) const { return LoadAt(order, internal::SiteOf(where)); }

  void store(T desired, std::memory_order order = kSeqCst, Where where = Where::current()) {
    StoreAt(desired, order, internal::SiteOf(where));
  }

  T exchange(T desired, std::memory_order order = kSeqCst, Where where = Where::current()) {
    return Update(&Replace, internal::ToBits(desired), order, internal::SiteOf(where));
  }

  bool compare_exchange_strong(T& expected, T desired, std::memory_order success, std::memory_order failure,
                               Where where = Where::current()) {
    const Site site = internal::SiteOf(where);
    const Exchange exchange = {internal::ToBits(expected), internal::ToBits(desired)};
    const RmwResult result =
        Rmw(&initial_, sizeof(T), &ReplaceIfEqual, &exchange, internal::RmwOrder(success), internal::LoadOrder(failure, site), {}, site);
    if (!result.stored) expected = internal::FromBits<T>(result.old);
    return result.stored;
  }
  bool compare_exchange_strong(T& expected, T desired, std::memory_order order = kSeqCst, Where where = Where::current()) {
    return compare_exchange_strong(expected, desired, order, internal::FailureOrder(order), where);
  }
  bool compare_exchange_weak(T& expected, T desired, std::memory_order success, std::memory_order failure, Where where = Where::current()) {
    return compare_exchange_strong(expected, desired, success, failure, where);
  }
  bool compare_exchange_weak(T& expected, T desired, std::memory_order order = kSeqCst, Where where = Where::current()) {
    return compare_exchange_strong(expected, desired, order, internal::FailureOrder(order), where);
  }

  T fetch_add(difference_type operand, std::memory_order order = kSeqCst, Where where = Where::current())
    requires kCanAdd
  {
    return Update(&Add, DeltaBits(operand), order, internal::SiteOf(where));
  }
  T fetch_sub(difference_type operand, std::memory_order order = kSeqCst, Where where = Where::current())
    requires kCanAdd
  {
    return Update(&Subtract, DeltaBits(operand), order, internal::SiteOf(where));
  }
  T fetch_and(T operand, std::memory_order order = kSeqCst, Where where = Where::current())
    requires kIsInteger
  {
    return Update(&And, internal::ToBits(operand), order, internal::SiteOf(where));
  }
  T fetch_or(T operand, std::memory_order order = kSeqCst, Where where = Where::current())
    requires kIsInteger
  {
    return Update(&Or, internal::ToBits(operand), order, internal::SiteOf(where));
  }
  T fetch_xor(T operand, std::memory_order order = kSeqCst, Where where = Where::current())
    requires kIsInteger
  {
    return Update(&Xor, internal::ToBits(operand), order, internal::SiteOf(where));
  }

  [[gnu::noinline]] operator T() const { return LoadAt(kSeqCst, __builtin_return_address(0)); }
  [[gnu::noinline]] T operator=(T desired) {
    StoreAt(desired, kSeqCst, __builtin_return_address(0));
    return desired;
  }
  [[gnu::noinline]] T operator++()
    requires kCanAdd
  {
    return Sum<&Add>(Update(&Add, DeltaBits(difference_type(1)), kSeqCst, __builtin_return_address(0)), difference_type(1));
  }
  [[gnu::noinline]] T operator++(int)
    requires kCanAdd
  {
    return Update(&Add, DeltaBits(difference_type(1)), kSeqCst, __builtin_return_address(0));
  }
  [[gnu::noinline]] T operator--()
    requires kCanAdd
  {
    return Sum<&Subtract>(Update(&Subtract, DeltaBits(difference_type(1)), kSeqCst, __builtin_return_address(0)), difference_type(1));
  }
  [[gnu::noinline]] T operator--(int)
    requires kCanAdd
  {
    return Update(&Subtract, DeltaBits(difference_type(1)), kSeqCst, __builtin_return_address(0));
  }
  [[gnu::noinline]] T operator+=(difference_type operand)
    requires kCanAdd
  {
    return Sum<&Add>(Update(&Add, DeltaBits(operand), kSeqCst, __builtin_return_address(0)), operand);
  }
  [[gnu::noinline]] T operator-=(difference_type operand)
    requires kCanAdd
  {
    return Sum<&Subtract>(Update(&Subtract, DeltaBits(operand), kSeqCst, __builtin_return_address(0)), operand);
  }
  [[gnu::noinline]] T operator&=(T operand)
    requires kIsInteger
  {
    return static_cast<T>(Update(&And, internal::ToBits(operand), kSeqCst, __builtin_return_address(0)) & operand);
  }
  [[gnu::noinline]] T operator|=(T operand)
    requires kIsInteger
  {
    return static_cast<T>(Update(&Or, internal::ToBits(operand), kSeqCst, __builtin_return_address(0)) | operand);
  }
  [[gnu::noinline]] T operator^=(T operand)
    requires kIsInteger
  {
    return static_cast<T>(Update(&Xor, internal::ToBits(operand), kSeqCst, __builtin_return_address(0)) ^ operand);
  }

 private:
  struct Exchange {
    uint64_t expected;
    uint64_t desired;
  };

  T LoadAt(std::memory_order order, Site site) const {
    return internal::FromBits<T>(Load(&initial_, sizeof(T), internal::LoadOrder(order, site), {}, site).value);
  }
  void StoreAt(T desired, std::memory_order order, Site site) {
    Store(&initial_, sizeof(T), internal::ToBits(desired), internal::StoreOrder(order, site), {}, site);
  }
  T Update(UpdateFn update, uint64_t operand, std::memory_order order, Site site) {
    return internal::FromBits<T>(
        Rmw(&initial_, sizeof(T), update, &operand, internal::RmwOrder(order), MemoryOrder::kRelaxed, {}, site).old);
  }

  // A pointer moves by elements.
  static uint64_t DeltaBits(difference_type operand) {
    if constexpr (std::is_pointer_v<T>) {
      return static_cast<uint64_t>(operand) * sizeof(std::remove_pointer_t<T>);
    } else {
      return internal::ToBits(operand);
    }
  }
  // What an operator returns: the new value, computed from the old one by the same function that computed the stored one.
  template <UpdateFn kUpdate>
  static T Sum(T old, difference_type operand) {
    const uint64_t delta = DeltaBits(operand);
    uint64_t bits = 0;
    kUpdate(internal::ToBits(old), &delta, &bits);
    return internal::FromBits<T>(bits);
  }

  static uint64_t Operand(const void* arg) { return *static_cast<const uint64_t*>(arg); }
  static bool Replace(uint64_t, const void* arg, uint64_t* stored) {
    *stored = Operand(arg);
    return true;
  }
  static bool ReplaceIfEqual(uint64_t value, const void* arg, uint64_t* stored) {
    const auto& exchange = *static_cast<const Exchange*>(arg);
    *stored = exchange.desired;
    return value == exchange.expected;
  }
  static bool Add(uint64_t value, const void* arg, uint64_t* stored) {
    if constexpr (std::is_floating_point_v<T>) {
      *stored = internal::ToBits(static_cast<T>(internal::FromBits<T>(value) + internal::FromBits<T>(Operand(arg))));
    } else {
      *stored = internal::TruncatedBits<T>(value + Operand(arg));
    }
    return true;
  }
  static bool Subtract(uint64_t value, const void* arg, uint64_t* stored) {
    if constexpr (std::is_floating_point_v<T>) {
      *stored = internal::ToBits(static_cast<T>(internal::FromBits<T>(value) - internal::FromBits<T>(Operand(arg))));
    } else {
      *stored = internal::TruncatedBits<T>(value - Operand(arg));
    }
    return true;
  }
  static bool And(uint64_t value, const void* arg, uint64_t* stored) {
    *stored = value & Operand(arg);
    return true;
  }
  static bool Or(uint64_t value, const void* arg, uint64_t* stored) {
    *stored = value | Operand(arg);
    return true;
  }
  static bool Xor(uint64_t value, const void* arg, uint64_t* stored) {
    *stored = value ^ Operand(arg);
    return true;
  }

  alignas(sizeof(T)) T initial_;  // never written after construction: the graph holds the value
};

}  // namespace graze

#endif  // CHECKER_API_ATOMIC_H_
