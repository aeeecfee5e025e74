// SPDX-License-Identifier: MIT
// Kind: model of <asm/cmpxchg.h>: xchg and cmpxchg in their four orders, on fields and on ordinary words.
#ifndef MODEL_KERNEL_CMPXCHG_H_
#define MODEL_KERNEL_CMPXCHG_H_

#include "model/kernel/types.h"

namespace kernel {

namespace internal {

template <typename P>
struct word_type {
  using type = P;
};
template <typename T, graze_order kOrder>
struct word_type<field<T, kOrder>> {
  using type = T;
};
template <typename P>
using word_of = typename word_type<P>::type;

template <typename P>
word_of<P> xchg(P *p, word_of<P> value, graze_order order, graze_site_t site) {
  using T = word_of<P>;
  return from_bits<T>(graze_rmw(p, sizeof(T), GRAZE_XCHG, to_bits(value), order, 0, 0, site).old);
}
template <typename P>
word_of<P> cmpxchg(P *p, word_of<P> expected, word_of<P> desired, graze_order order, graze_site_t site) {
  using T = word_of<P>;
  return from_bits<T>(graze_cmpxchg(p, sizeof(T), to_bits(expected), to_bits(desired), order, 0, 0, site).old);
}

}  // namespace internal

#define GRAZE_DEFINE_XCHG(suffix, order)                                                                                            \
  template <typename P>                                                                                                             \
  internal::word_of<P> xchg##suffix(P *p, internal::word_of<P> value, src site = src::here()) {                                     \
    return internal::xchg(p, value, order, site);                                                                                   \
  }                                                                                                                                 \
  template <typename P>                                                                                                             \
  internal::word_of<P> cmpxchg##suffix(P *p, internal::word_of<P> expected, internal::word_of<P> desired, src site = src::here()) { \
    return internal::cmpxchg(p, expected, desired, order, site);                                                                    \
  }
GRAZE_DEFINE_XCHG(, GRAZE_FULL)
GRAZE_DEFINE_XCHG(_relaxed, GRAZE_ONCE)
GRAZE_DEFINE_XCHG(_acquire, GRAZE_ACQUIRE)
GRAZE_DEFINE_XCHG(_release, GRAZE_RELEASE)
#undef GRAZE_DEFINE_XCHG

}  // namespace kernel

#endif  // MODEL_KERNEL_CMPXCHG_H_
