// SPDX-License-Identifier: MIT
// Kind: model of <asm/cmpxchg.h>: xchg and cmpxchg in their four orders, on fields and on ordinary words.
#ifndef MODEL_KERNEL_CMPXCHG_H_
#define MODEL_KERNEL_CMPXCHG_H_

#include "model/kernel/compiler.h"

namespace kernel {

namespace internal {

template <word T>
loaded_t<T> exchanged(const graze_rmw_result &got, graze_order order) {
  const graze_loaded old = {got.old, got.dep};
  if constexpr (std::is_same_v<loaded_t<T>, T>) {
    return from_bits<T>(old.v);
  } else {
    return {loaded_value<T>(old, order), old.dep};
  }
}

template <typename P>
loaded_t<word_of<P>> xchg(P *p, operand<word_of<P>> what, graze_order order, graze_site_t site) {
  using T = word_of<P>;
  return exchanged<T>(graze_rmw(p, sizeof(T), GRAZE_XCHG, to_bits(what.value), order, 0, what.dep, site), order);
}
// As LKMM has it: what is expected decides whether anything is stored, what is desired is stored.
template <typename P>
loaded_t<word_of<P>> cmpxchg(P *p, operand<word_of<P>> expected, operand<word_of<P>> desired, graze_order order, graze_site_t site) {
  using T = word_of<P>;
  return exchanged<T>(graze_cmpxchg(p, sizeof(T), to_bits(expected.value), to_bits(desired.value), order, 0, desired.dep, site), order);
}

}  // namespace internal

#define GRAZE_DEFINE_XCHG(suffix, order)                                                                                                 \
  template <typename P>                                                                                                                  \
  internal::loaded_t<internal::word_of<P>> xchg##suffix(P *p, std::type_identity_t<internal::operand<internal::word_of<P>>> what,        \
                                                        src site = src::here()) {                                                        \
    return internal::xchg(p, what, order, site);                                                                                         \
  }                                                                                                                                      \
  template <typename P>                                                                                                                  \
  internal::loaded_t<internal::word_of<P>> cmpxchg##suffix(P *p, std::type_identity_t<internal::operand<internal::word_of<P>>> expected, \
                                                           std::type_identity_t<internal::operand<internal::word_of<P>>> desired,        \
                                                           src site = src::here()) {                                                     \
    return internal::cmpxchg(p, expected, desired, order, site);                                                                         \
  }
GRAZE_DEFINE_XCHG(, GRAZE_FULL)
GRAZE_DEFINE_XCHG(_relaxed, GRAZE_ONCE)
GRAZE_DEFINE_XCHG(_acquire, GRAZE_ACQUIRE)
GRAZE_DEFINE_XCHG(_release, GRAZE_RELEASE)
#undef GRAZE_DEFINE_XCHG

}  // namespace kernel

#endif  // MODEL_KERNEL_CMPXCHG_H_
