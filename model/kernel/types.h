// SPDX-License-Identifier: MIT
// Kind: model of <linux/types.h>, and the field types that make ordinary statements of a port visible to the checker.
//
// A field declared `plain<T>` reads and writes like a T; every such read and write is one event of the execution. `racy<T>` is for the few
// fields that a protocol accesses unmarked on purpose: the same events, taken for READ_ONCE and WRITE_ONCE, so never a data race. Both:
//   - have the size, alignment and zero value of T, are standard layout and trivially default constructible (memory from kzalloc is valid);
//   - define copy assignment, so that `a->x = b->x` is a read and a write;
//   - need memory whose every change goes through them: `struct s x = {}` on a stack, run twice, changes bytes behind the checker's back.
// Marked accesses go through READ_ONCE, WRITE_ONCE, xchg, cmpxchg, which take the field itself.
#ifndef MODEL_KERNEL_TYPES_H_
#define MODEL_KERNEL_TYPES_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "model/kernel/dependent.h"
#include "model/kernel/graze_kernel.h"
#include "model/kernel/site.h"

#define __percpu
#define __rcu
#define __user
#define __iomem
#define __force
#define __bitwise

namespace kernel {

using u8 = uint8_t;
using u16 = uint16_t;
using u32 = uint32_t;
using u64 = uint64_t;
using s8 = int8_t;
using s16 = int16_t;
using s32 = int32_t;
using s64 = int64_t;
using __u8 = u8;
using __u16 = u16;
using __u32 = u32;
using __u64 = u64;
using __be16 = u16;
using gfp_t = unsigned int;

inline constexpr u32 U32_MAX = ~u32{0};
inline constexpr u16 U16_MAX = 0xffff;

typedef graze_spinlock_t spinlock_t;
typedef graze_atomic_t atomic_t;
typedef graze_atomic64_t atomic64_t;

template <typename T>
concept word = std::is_trivially_copyable_v<T> && (sizeof(T) == 1 || sizeof(T) == 2 || sizeof(T) == 4 || sizeof(T) == 8);

namespace internal {

template <word T>
u64 to_bits(T value) {
  u64 bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  return bits;
}

template <word T>
T from_bits(u64 bits) {
  T value;
  std::memcpy(static_cast<void *>(&value), &bits, sizeof value);
  return value;
}

// A racy access stands for what compilers make of it between barriers: one load or one store. As a plain one it would have no place in any
// order that LKMM promises, and no protocol with such an access could be relied on.
constexpr graze_order taken_for(graze_order order) { return order == GRAZE_RACY ? GRAZE_ONCE : order; }

// The value that a load gave. A pointer into an object is remembered with the load; not that of a racy load, which orders nothing.
template <word T>
T loaded_value(const graze_loaded &got, graze_order order) {
  const T value = from_bits<T>(got.v);
  if constexpr (std::is_pointer_v<T> && !std::is_function_v<std::remove_pointer_t<T>>) {
    if (order != GRAZE_RACY) graze_pointer(value, 0, got.dep);
  }
  return value;
}

// What a store, exchange or comparison is given: a T, whatever converts to one, or a value that knows its loads.
template <word T>
struct operand {
  T value;
  graze_dep dep;

  operand(T v) : value(v), dep(dep_of(v)) {}
  template <typename V>
    requires(std::convertible_to<const V &, T> && !std::same_as<V, T>)
  operand(const V &v) : value(static_cast<T>(v)), dep(0) {
    if constexpr (is_dependent<V>) {
      dep = v.dep();
    } else {
      dep = dep_of(value);
    }
  }
};

template <typename T, typename U>
T plus(T value, U by) {
  if constexpr (std::is_pointer_v<T>) {
    return value + by;
  } else {
    return static_cast<T>(value + static_cast<T>(by));
  }
}
template <typename T, typename U>
T minus(T value, U by) {
  if constexpr (std::is_pointer_v<T>) {
    return value - by;
  } else {
    return static_cast<T>(value - static_cast<T>(by));
  }
}

// One byte before the return address: inside the call, hence on its line.
inline graze_site_t caller(void *return_address) { return static_cast<char *>(return_address) - 1; }

}  // namespace internal

#define GRAZE_CALLER ::kernel::internal::caller(__builtin_return_address(0))
#define GRAZE_NOINLINE __attribute__((noinline))

template <typename T, graze_order kOrder>
class field {
 public:
  using value_type = T;

  field() = default;
  // For initialisers of globals; elsewhere it declares the value before any access.
  GRAZE_NOINLINE constexpr field(T value) : raw_(value) {
    if (!std::is_constant_evaluated()) graze_init(this, sizeof(T), internal::to_bits(value), GRAZE_CALLER);
  }
  GRAZE_NOINLINE field(const field &other) : raw_() {
    graze_init(this, sizeof(T), internal::to_bits(other.get(GRAZE_CALLER)), GRAZE_CALLER);
  }

  GRAZE_NOINLINE operator T() const { return get(GRAZE_CALLER); }
  GRAZE_NOINLINE T operator->() const
    requires std::is_pointer_v<T>
  {
    return get(GRAZE_CALLER);
  }

  GRAZE_NOINLINE T operator=(T value) {
    set(value, GRAZE_CALLER);
    return value;
  }
  template <typename V>
    requires(internal::is_dependent<V>)
  GRAZE_NOINLINE T operator=(const V &value) {
    set(value, GRAZE_CALLER);
    return value;
  }
  GRAZE_NOINLINE field &operator=(const field &other) {
    graze_loaded read = graze_load(&other, sizeof(T), internal::taken_for(kOrder), 0, GRAZE_CALLER);
    graze_store(this, sizeof(T), read.v, internal::taken_for(kOrder), 0, read.dep, GRAZE_CALLER);
    return *this;
  }

  GRAZE_NOINLINE T operator++() {
    return update([](T v) { return ++v; }, GRAZE_CALLER).after;
  }
  GRAZE_NOINLINE T operator--() {
    return update([](T v) { return --v; }, GRAZE_CALLER).after;
  }
  GRAZE_NOINLINE T operator++(int) {
    return update([](T v) { return ++v; }, GRAZE_CALLER).before;
  }
  GRAZE_NOINLINE T operator--(int) {
    return update([](T v) { return --v; }, GRAZE_CALLER).before;
  }
  template <typename U>
  GRAZE_NOINLINE T operator+=(U by) {
    return update([by](T v) { return internal::plus(v, by); }, GRAZE_CALLER).after;
  }
  template <typename U>
  GRAZE_NOINLINE T operator-=(U by) {
    return update([by](T v) { return internal::minus(v, by); }, GRAZE_CALLER).after;
  }
  template <typename U>
  GRAZE_NOINLINE T operator|=(U by) {
    return update([by](T v) { return static_cast<T>(v | static_cast<T>(by)); }, GRAZE_CALLER).after;
  }
  template <typename U>
  GRAZE_NOINLINE T operator&=(U by) {
    return update([by](T v) { return static_cast<T>(v & static_cast<T>(by)); }, GRAZE_CALLER).after;
  }

  // For the functions of the kernel layer, which bring their own site and order.
  T get(graze_site_t site, graze_order order = kOrder) const {
    return internal::loaded_value<T>(graze_load(this, sizeof(T), internal::taken_for(order), 0, site), order);
  }
  void set(internal::operand<T> what, graze_site_t site, graze_order order = kOrder) {
    graze_store(this, sizeof(T), internal::to_bits(what.value), internal::taken_for(order), 0, what.dep, site);
  }

 private:
  struct both {
    T before, after;
  };
  template <typename F>
  both update(F next, graze_site_t site) {
    graze_loaded read = graze_load(this, sizeof(T), internal::taken_for(kOrder), 0, site);
    T before = internal::from_bits<T>(read.v);
    T after = next(before);
    graze_store(this, sizeof(T), internal::to_bits(after), internal::taken_for(kOrder), 0, read.dep, site);
    return {before, after};
  }

  T raw_;  // the value before the first access; afterwards the execution graph has it
};

template <typename T>
using plain = field<T, GRAZE_PLAIN>;
template <typename T>
using racy = field<T, GRAZE_RACY>;

static_assert(std::is_standard_layout_v<plain<void *>> && std::is_trivially_default_constructible_v<plain<void *>>);
static_assert(sizeof(plain<u8>) == 1 && sizeof(racy<u64>) == 8);

// `T name[kSize]` of a port, with an index beyond it reported: I-UAF. What lies there is another field.
template <typename T, size_t kSize>
struct array {
  T items[kSize];

  GRAZE_NOINLINE T &operator[](size_t index) {
    if (index >= kSize) graze_bug("index beyond the end", "array", GRAZE_CALLER);
    return items[index];
  }
};

struct list_head {
  plain<list_head *> next;
  plain<list_head *> prev;
};
static_assert(sizeof(list_head) == sizeof(graze_list_head) && offsetof(list_head, prev) == offsetof(graze_list_head, prev));

struct rcu_head : graze_rcu_head {};
struct task_struct;

namespace internal {

inline graze_task *c_task(task_struct *task) { return reinterpret_cast<graze_task *>(task); }
inline task_struct *cpp_task(graze_task *task) { return reinterpret_cast<task_struct *>(task); }

// A pointer that an allocator returns: becomes a pointer of whatever type it is assigned to, as in C.
class any_ptr {
 public:
  explicit any_ptr(void *ptr) : ptr_(ptr) {}
  template <typename T>
  operator T *() const {
    return static_cast<T *>(ptr_);
  }

 private:
  void *ptr_;
};

}  // namespace internal

}  // namespace kernel

#endif  // MODEL_KERNEL_TYPES_H_
