// SPDX-License-Identifier: MIT
// Values and pointers that know which loads they come from: what makes address, data and control dependencies exact.
//
// READ_ONCE, rcu_dereference, xchg and the like return a tv<T> or a tp<T>. Code that keeps it in a local of that type,
//
//	tp<struct entry> e = rcu_dereference(slot);
//	tv<int> i = READ_ONCE(head);
//
// hands the loads on: e->x, *e, e[i] are address-dependent on them, WRITE_ONCE(y, i + 1) data-dependent, and whatever follows if (i) or
// if (e == other) control-dependent. In a local of an ordinary type they are T and T * as ever; what is known of dependencies then, and
// what each way misses, is told in checker/consistency/DEPENDENCIES.md.
#ifndef MODEL_KERNEL_DEPENDENT_H_
#define MODEL_KERNEL_DEPENDENT_H_

#include <concepts>
#include <cstddef>
#include <type_traits>

#include "model/kernel/graze_kernel.h"

namespace kernel {

template <typename T>
class tv;
template <typename T>
class tp;

namespace internal {

template <typename T>
inline constexpr bool is_dependent = false;
template <typename T>
inline constexpr bool is_dependent<tv<T>> = true;
template <typename T>
inline constexpr bool is_dependent<tp<T>> = true;

template <typename T>
concept scalar = std::is_arithmetic_v<T> || std::is_enum_v<T>;
template <typename T>
concept not_bool = !std::is_same_v<T, bool>;

// The loads that `value` is known to come from: of a plain pointer, those of the thread's newest pointer into the object.
template <typename V>
graze_dep dep_of(const V &value) {
  if constexpr (is_dependent<V>) {
    return value.dep();
  } else if constexpr (std::is_pointer_v<V> && !std::is_function_v<std::remove_pointer_t<V>>) {
    return graze_pointer_dep(value);
  } else {
    return 0;
  }
}
template <typename V>
auto raw(const V &value) {
  if constexpr (is_dependent<V>) {
    return value.raw();
  } else {
    return value;
  }
}

}  // namespace internal

// A number.
template <typename T>
class tv {
 public:
  tv() = default;
  constexpr tv(T value, graze_dep dep = 0) : value_(value), dep_(dep) {}

  T raw() const { return value_; }
  graze_dep dep() const { return dep_; }

  operator T() const
    requires internal::not_bool<T>
  {
    return value_;
  }
  // A branch.
  explicit(internal::not_bool<T>) operator bool() const {
    graze_ctrl(dep_);
    return static_cast<bool>(value_);
  }
  tv<bool> operator!() const { return {!value_, dep_}; }
  tv operator-() const { return {static_cast<T>(-value_), dep_}; }
  tv operator~() const { return {static_cast<T>(~value_), dep_}; }

 private:
  T value_;
  graze_dep dep_;
};

// A pointer.
template <typename T>
class tp {
 public:
  tp() = default;
  constexpr tp(T *value, graze_dep dep = 0) : value_(value), dep_(dep) {}

  T *raw() const { return value_; }
  graze_dep dep() const { return dep_; }

  operator T *() const { return value_; }
  template <typename U>
    requires std::is_void_v<T> && (!std::is_void_v<U>)
  operator tp<U>() const {
    return {static_cast<U *>(value_), dep_};
  }
  explicit operator bool() const {
    graze_ctrl(dep_);
    return value_ != nullptr;
  }
  tv<bool> operator!() const { return {value_ == nullptr, dep_}; }

  T *operator->() const { return follow(value_, dep_); }
  template <typename U = T>
    requires(!std::is_void_v<U>)
  U &operator*() const {
    return *follow(value_, dep_);
  }
  template <typename I, typename U = T>
    requires(!std::is_void_v<U>)
  U &operator[](const I &index) const {
    return *follow(value_ + internal::raw(index), graze_join(dep_, internal::dep_of(index)));
  }

 private:
  // Accesses through the result depend on `dep`, until the thread gets another pointer into the object.
  static T *follow(T *at, graze_dep dep) {
    graze_pointer(at, sizeof *at, dep);
    return at;
  }

  T *value_;
  graze_dep dep_;
};

namespace internal {

template <typename A, typename B>
concept value_pair =
    (is_dependent<A> || is_dependent<B>) && scalar<decltype(raw(std::declval<A>()))> && scalar<decltype(raw(std::declval<B>()))>;
template <typename A, typename B>
concept pointer_and_number =
    is_dependent<A> && std::is_pointer_v<decltype(raw(std::declval<A>()))> && std::is_integral_v<decltype(raw(std::declval<B>()))>;
template <typename A, typename B>
concept pointer_pair = (is_dependent<A> || is_dependent<B>) &&
                       (std::is_pointer_v<decltype(raw(std::declval<A>()))> || std::is_pointer_v<decltype(raw(std::declval<B>()))>);

}  // namespace internal

// Operands mix signedness where a caller's do, who is told of it where the operation stands in the port.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#define GRAZE_DEFINE_OPERATOR(op)                                                                             \
  template <typename A, typename B>                                                                           \
    requires internal::value_pair<A, B>                                                                       \
  auto operator op(const A &a, const B &b) {                                                                  \
    using T = decltype(internal::raw(a) op internal::raw(b));                                                 \
    return tv<T>(internal::raw(a) op internal::raw(b), graze_join(internal::dep_of(a), internal::dep_of(b))); \
  }
GRAZE_DEFINE_OPERATOR(+)
GRAZE_DEFINE_OPERATOR(-)
GRAZE_DEFINE_OPERATOR(*)
GRAZE_DEFINE_OPERATOR(/)
GRAZE_DEFINE_OPERATOR(%)
GRAZE_DEFINE_OPERATOR(&)
GRAZE_DEFINE_OPERATOR(|)
GRAZE_DEFINE_OPERATOR(^)
GRAZE_DEFINE_OPERATOR(<<)
GRAZE_DEFINE_OPERATOR(>>)
#undef GRAZE_DEFINE_OPERATOR

#define GRAZE_DEFINE_COMPARISON(op)                                                                      \
  template <typename A, typename B>                                                                      \
    requires(internal::value_pair<A, B> || internal::pointer_pair<A, B>) &&                              \
            requires(const A &a, const B &b) { internal::raw(a) op internal::raw(b); }                   \
  tv<bool> operator op(const A & a, const B & b) {                                                       \
    return {internal::raw(a) op internal::raw(b), graze_join(internal::dep_of(a), internal::dep_of(b))}; \
  }
GRAZE_DEFINE_COMPARISON(==)
GRAZE_DEFINE_COMPARISON(!=)
GRAZE_DEFINE_COMPARISON(<)
GRAZE_DEFINE_COMPARISON(<=)
GRAZE_DEFINE_COMPARISON(>)
GRAZE_DEFINE_COMPARISON(>=)
#undef GRAZE_DEFINE_COMPARISON
#pragma GCC diagnostic pop

template <typename A, typename B>
  requires internal::pointer_and_number<A, B>
auto operator+(const A &a, const B &b) {
  return A(internal::raw(a) + internal::raw(b), graze_join(internal::dep_of(a), internal::dep_of(b)));
}
template <typename A, typename B>
  requires internal::pointer_and_number<A, B>
auto operator-(const A &a, const B &b) {
  return A(internal::raw(a) - internal::raw(b), graze_join(internal::dep_of(a), internal::dep_of(b)));
}

namespace internal {

// What a marked load of a T gives.
template <typename T>
struct loaded_type {
  using type = T;
};
template <scalar T>
struct loaded_type<T> {
  using type = tv<T>;
};
template <typename U>
  requires(!std::is_function_v<U>)
struct loaded_type<U *> {
  using type = tp<U>;
};
template <typename T>
using loaded_t = typename loaded_type<T>::type;

}  // namespace internal

}  // namespace kernel

#endif  // MODEL_KERNEL_DEPENDENT_H_
