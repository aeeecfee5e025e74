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
#define data_race(x) (::kernel::internal::read_marked((x), GRAZE_RACY))

namespace kernel::internal {

template <typename T, graze_order kOrder>
T read_marked(const field<T, kOrder> &x, graze_order order, src site = src::here()) {
  return x.get(site, order);
}
template <word T>
T read_marked(const T &x, graze_order order, src site = src::here()) {
  return from_bits<T>(graze_load(&x, sizeof(T), order, 0, site).v);
}

template <typename T, graze_order kOrder>
void write_marked(field<T, kOrder> &x, std::type_identity_t<T> value, graze_order order, src site = src::here()) {
  x.set(value, site, order);
}
template <word T>
void write_marked(T &x, std::type_identity_t<T> value, graze_order order, src site = src::here()) {
  graze_store(&x, sizeof(T), to_bits(value), order, 0, 0, site);
}

}  // namespace kernel::internal

#endif  // MODEL_KERNEL_COMPILER_H_
