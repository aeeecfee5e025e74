// SPDX-License-Identifier: MIT
// Kind: model of <linux/kernel.h> and <linux/stddef.h>.
#ifndef MODEL_KERNEL_KERNEL_H_
#define MODEL_KERNEL_KERNEL_H_

#include "model/kernel/compiler.h"

#ifndef offsetofend
#define offsetofend(type, member) (offsetof(type, member) + sizeof(static_cast<type *>(nullptr)->member))
#endif
#define container_of(ptr, type, member) (::kernel::internal::container<type>((ptr), offsetof(type, member)))
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define round_up(x, y) (((x) + (y) - 1) / (y) * (y))
#define might_sleep() (graze_might_sleep(__func__, ::kernel::src::here()))

namespace kernel {

namespace internal {

template <typename Type, typename Member>
Type *container(Member *member, size_t offset) {
  return reinterpret_cast<Type *>(reinterpret_cast<char *>(member) - offset);
}
// `ptr` may be a field itself; the read of it is the caller's.
template <typename Type, typename Member, graze_order kOrder>
__attribute__((always_inline)) inline Type *container(const field<Member *, kOrder> &member, size_t offset) {
  return container<Type>(static_cast<Member *>(member), offset);
}

}  // namespace internal

inline void cpu_relax(src site = src::here()) { graze_cpu_relax(site); }

}  // namespace kernel

#endif  // MODEL_KERNEL_KERNEL_H_
