// SPDX-License-Identifier: MIT
// Kind: model of <linux/compiler.h>: marked accesses to a field of a port or to an ordinary word of up to eight bytes.
#ifndef MODEL_KERNEL_COMPILER_H_
#define MODEL_KERNEL_COMPILER_H_

#include "model/kernel/types.h"

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define barrier() __asm__ __volatile__("" : : : "memory")

#define READ_ONCE(x) (::kernel::internal::read_marked((x), GRAZE_ONCE))
#define WRITE_ONCE(x, val) (::kernel::internal::write_marked((x), (val), GRAZE_ONCE))
// An intentionally unmarked access: explored, never a race.
#define data_race(x) (::kernel::internal::read_unfollowed((x), GRAZE_RACY))

namespace kernel::internal {

template <typename P>
struct word_type {
  using type = P;
};
template <typename T, graze_order kOrder>
struct word_type<field<T, kOrder>> {
  using type = T;
};
// What a field or an ordinary word holds.
template <typename P>
using word_of = typename word_type<P>::type;

// A READ_ONCE of a pointer heads dependencies, as rcu_dereference does.
template <typename P>
loaded_t<word_of<P>> read_marked(const P &x, graze_order order, src site = src::here()) {
  using T = word_of<P>;
  if (std::is_pointer_v<T> && order == GRAZE_ONCE) order = GRAZE_CONSUME;
  const graze_loaded got = graze_load(&x, sizeof(T), order, 0, site);
  if constexpr (std::is_same_v<loaded_t<T>, T>) {
    return from_bits<T>(got.v);
  } else {
    return {loaded_value<T>(got, order), got.dep};
  }
}
// A value that is looked at and, if it is a pointer, not followed: it heads no dependencies.
template <typename P>
word_of<P> read_unfollowed(const P &x, graze_order order, src site = src::here()) {
  return from_bits<word_of<P>>(graze_load(&x, sizeof(word_of<P>), order, 0, site).v);
}

template <typename P>
void write_marked(P &x, std::type_identity_t<operand<word_of<P>>> what, graze_order order, src site = src::here()) {
  graze_store(&x, sizeof(word_of<P>), to_bits(what.value), order, 0, what.dep, site);
}

}  // namespace kernel::internal

#endif  // MODEL_KERNEL_COMPILER_H_
