// SPDX-License-Identifier: MIT
// graze::plain<T>: ordinary data shared between threads, checked for data races. graze::racy<T>: the same for data whose races are known
// and accepted.
//
// Contract:
//  - T has 1, 2, 4 or 8 bytes and no padding; give each field of a larger structure a plain<> of its own.
//  - Each read and each write is one event, so `a = b` is a read of b and a write of a, and `a += 1` a read and a write of a.
//  - A default-constructed plain<T> holds no value yet. In memory of make<T>() (heap.h) reading it is an uninitialised read; elsewhere it
//    reads as zero.
//  - Accesses REQUIRE a running execution; construction does not.
// Errors: two unordered accesses, one of them a write and one of them plain, are a data race. An access of racy<T> is explored like a
// relaxed atomic access, orders nothing and never races.
#ifndef CHECKER_API_PLAIN_H_
#define CHECKER_API_PLAIN_H_

#include <source_location>
#include <type_traits>

#include "checker/api/bits.h"
#include "checker/api/site.h"
#include "checker/runtime/ops.h"

namespace graze {

template <typename T, MemoryOrder kOrder>
class cell {
  static_assert(internal::kIsLocationValue<T>, "graze::plain<T>: T must be trivially copyable, of 1, 2, 4 or 8 bytes, without padding");
  using Where = std::source_location;
  static constexpr bool kIsInteger = internal::kIsInteger<T>;
  static constexpr bool kCanMove = internal::kIsArithmetic<T> || internal::kIsObjectPointer<T>;
  using Delta = std::conditional_t<std::is_pointer_v<T>, std::ptrdiff_t, T>;

 public:
  using value_type = T;

  constexpr cell() : initial_() {}
  constexpr cell(T value, Where where = Where::current()) : initial_(value) {
    if (!std::is_constant_evaluated()) Initialize(value, internal::SiteOf(where));
  }
  [[gnu::noinline]] cell(const cell& other) : initial_(other.LoadAt(__builtin_return_address(0))) {
    Initialize(initial_, __builtin_return_address(0));
  }
  [[gnu::noinline]] cell& operator=(const cell& other) {
    StoreAt(other.LoadAt(__builtin_return_address(0)), __builtin_return_address(0));
    return *this;
  }

  T load(Where where = Where::current()) const { return LoadAt(internal::SiteOf(where)); }
  void store(T value, Where where = Where::current()) { StoreAt(value, internal::SiteOf(where)); }

  [[gnu::noinline]] operator T() const { return LoadAt(__builtin_return_address(0)); }
  [[gnu::noinline]] T operator->() const
    requires internal::kIsObjectPointer<T>
  {
    return LoadAt(__builtin_return_address(0));
  }
  [[gnu::noinline]] T operator=(T value) {
    StoreAt(value, __builtin_return_address(0));
    return value;
  }

  // These return values, not references: using the result is no further read.
  [[gnu::noinline]] T operator++()
    requires kCanMove
  {
    return AddAt(Delta(1), __builtin_return_address(0));
  }
  [[gnu::noinline]] T operator++(int)
    requires kCanMove
  {
    const T old = LoadAt(__builtin_return_address(0));
    StoreAt(Plus(old, Delta(1)), __builtin_return_address(0));
    return old;
  }
  [[gnu::noinline]] T operator--()
    requires kCanMove
  {
    return SubtractAt(Delta(1), __builtin_return_address(0));
  }
  [[gnu::noinline]] T operator--(int)
    requires kCanMove
  {
    const T old = LoadAt(__builtin_return_address(0));
    StoreAt(Minus(old, Delta(1)), __builtin_return_address(0));
    return old;
  }
  [[gnu::noinline]] T operator+=(Delta operand)
    requires kCanMove
  {
    return AddAt(operand, __builtin_return_address(0));
  }
  [[gnu::noinline]] T operator-=(Delta operand)
    requires kCanMove
  {
    return SubtractAt(operand, __builtin_return_address(0));
  }
  [[gnu::noinline]] T operator&=(T operand)
    requires kIsInteger
  {
    return Changed(static_cast<T>(LoadAt(__builtin_return_address(0)) & operand), __builtin_return_address(0));
  }
  [[gnu::noinline]] T operator|=(T operand)
    requires kIsInteger
  {
    return Changed(static_cast<T>(LoadAt(__builtin_return_address(0)) | operand), __builtin_return_address(0));
  }
  [[gnu::noinline]] T operator^=(T operand)
    requires kIsInteger
  {
    return Changed(static_cast<T>(LoadAt(__builtin_return_address(0)) ^ operand), __builtin_return_address(0));
  }

 private:
  void Initialize(T value, Site site) {
    if (InExecution()) InitLocation(&initial_, sizeof(T), internal::ToBits(value), site);
  }
  T LoadAt(Site site) const { return internal::FromBits<T>(Load(&initial_, sizeof(T), kOrder, {}, site).value); }
  void StoreAt(T value, Site site) { Store(&initial_, sizeof(T), internal::ToBits(value), kOrder, {}, site); }
  T Changed(T value, Site site) {
    StoreAt(value, site);
    return value;
  }
  static T Plus(T value, Delta operand) { return static_cast<T>(value + operand); }
  static T Minus(T value, Delta operand) { return static_cast<T>(value - operand); }
  T AddAt(Delta operand, Site site) { return Changed(Plus(LoadAt(site), operand), site); }
  T SubtractAt(Delta operand, Site site) { return Changed(Minus(LoadAt(site), operand), site); }

  T initial_;  // never written after construction: the graph holds the value
};

template <typename T>
using plain = cell<T, MemoryOrder::kPlain>;
template <typename T>
using racy = cell<T, MemoryOrder::kRacy>;

}  // namespace graze

#endif  // CHECKER_API_PLAIN_H_
