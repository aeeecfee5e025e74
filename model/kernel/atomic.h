// SPDX-License-Identifier: MIT
// Kind: model of <linux/atomic.h>: each operation is one atomic event, value-returning ones fully ordered unless their name says otherwise.
#ifndef MODEL_KERNEL_ATOMIC_H_
#define MODEL_KERNEL_ATOMIC_H_

#include "model/kernel/barrier.h"
#include "model/kernel/cmpxchg.h"

#define ATOMIC_INIT(i) {(i)}

namespace kernel {

namespace internal {

inline int atomic_rmw(atomic_t *v, graze_rmw_op op, int operand, graze_order order, graze_site_t site) {
  return from_bits<int>(graze_rmw(&v->counter, sizeof(int), op, to_bits(operand), order, 0, 0, site).old);
}

}  // namespace internal

inline int atomic_read(const atomic_t *v, src site = src::here()) { return internal::read_marked(v->counter, GRAZE_ONCE, site); }
inline int atomic_read_acquire(const atomic_t *v, src site = src::here()) { return internal::read_marked(v->counter, GRAZE_ACQUIRE, site); }
inline void atomic_set(atomic_t *v, int i, src site = src::here()) { internal::write_marked(v->counter, i, GRAZE_ONCE, site); }
inline void atomic_set_release(atomic_t *v, int i, src site = src::here()) { internal::write_marked(v->counter, i, GRAZE_RELEASE, site); }

inline void atomic_add(int i, atomic_t *v, src site = src::here()) { internal::atomic_rmw(v, GRAZE_ADD, i, GRAZE_NORETURN, site); }
inline void atomic_sub(int i, atomic_t *v, src site = src::here()) { internal::atomic_rmw(v, GRAZE_ADD, -i, GRAZE_NORETURN, site); }
inline void atomic_inc(atomic_t *v, src site = src::here()) { atomic_add(1, v, site); }
inline void atomic_dec(atomic_t *v, src site = src::here()) { atomic_sub(1, v, site); }

#define GRAZE_DEFINE_ATOMIC(suffix, order)                                                                                                 \
  inline int atomic_fetch_add##suffix(int i, atomic_t *v, src site = src::here()) {                                                        \
    return internal::atomic_rmw(v, GRAZE_ADD, i, order, site);                                                                             \
  }                                                                                                                                        \
  inline int atomic_fetch_sub##suffix(int i, atomic_t *v, src site = src::here()) {                                                        \
    return internal::atomic_rmw(v, GRAZE_ADD, -i, order, site);                                                                            \
  }                                                                                                                                        \
  inline int atomic_fetch_inc##suffix(atomic_t *v, src site = src::here()) { return internal::atomic_rmw(v, GRAZE_ADD, 1, order, site); }  \
  inline int atomic_fetch_dec##suffix(atomic_t *v, src site = src::here()) { return internal::atomic_rmw(v, GRAZE_ADD, -1, order, site); } \
  inline int atomic_fetch_or##suffix(int i, atomic_t *v, src site = src::here()) {                                                         \
    return internal::atomic_rmw(v, GRAZE_OR, i, order, site);                                                                              \
  }                                                                                                                                        \
  inline int atomic_fetch_and##suffix(int i, atomic_t *v, src site = src::here()) {                                                        \
    return internal::atomic_rmw(v, GRAZE_AND, i, order, site);                                                                             \
  }                                                                                                                                        \
  inline int atomic_add_return##suffix(int i, atomic_t *v, src site = src::here()) {                                                       \
    return internal::atomic_rmw(v, GRAZE_ADD, i, order, site) + i;                                                                         \
  }                                                                                                                                        \
  inline int atomic_sub_return##suffix(int i, atomic_t *v, src site = src::here()) {                                                       \
    return internal::atomic_rmw(v, GRAZE_ADD, -i, order, site) - i;                                                                        \
  }                                                                                                                                        \
  inline int atomic_inc_return##suffix(atomic_t *v, src site = src::here()) {                                                              \
    return internal::atomic_rmw(v, GRAZE_ADD, 1, order, site) + 1;                                                                         \
  }                                                                                                                                        \
  inline int atomic_dec_return##suffix(atomic_t *v, src site = src::here()) {                                                              \
    return internal::atomic_rmw(v, GRAZE_ADD, -1, order, site) - 1;                                                                        \
  }                                                                                                                                        \
  inline int atomic_xchg##suffix(atomic_t *v, int i, src site = src::here()) { return internal::xchg(&v->counter, i, order, site); }       \
  inline int atomic_cmpxchg##suffix(atomic_t *v, int expected, int i, src site = src::here()) {                                            \
    return internal::cmpxchg(&v->counter, expected, i, order, site);                                                                       \
  }
GRAZE_DEFINE_ATOMIC(, GRAZE_FULL)
GRAZE_DEFINE_ATOMIC(_relaxed, GRAZE_ONCE)
GRAZE_DEFINE_ATOMIC(_acquire, GRAZE_ACQUIRE)
GRAZE_DEFINE_ATOMIC(_release, GRAZE_RELEASE)
#undef GRAZE_DEFINE_ATOMIC

inline bool atomic_sub_and_test(int i, atomic_t *v, src site = src::here()) { return atomic_sub_return(i, v, site) == 0; }
inline bool atomic_dec_and_test(atomic_t *v, src site = src::here()) { return atomic_dec_return(v, site) == 0; }
inline bool atomic_inc_and_test(atomic_t *v, src site = src::here()) { return atomic_inc_return(v, site) == 0; }
inline bool atomic_inc_not_zero(atomic_t *v, src site = src::here()) {
  return internal::atomic_rmw(v, GRAZE_ADD_UNLESS_ZERO, 1, GRAZE_FULL, site) != 0;
}

}  // namespace kernel

#endif  // MODEL_KERNEL_ATOMIC_H_
