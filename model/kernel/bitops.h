// SPDX-License-Identifier: MIT
// Kind: model of <linux/bitops.h>: bits of a pointer in a local variable, where code keeps the kind of an object.
#ifndef MODEL_KERNEL_BITOPS_H_
#define MODEL_KERNEL_BITOPS_H_

#include "model/kernel/types.h"

namespace kernel {

template <word P>
bool __ptr_test_bit(unsigned nr, const P *pointer) {
  return (internal::to_bits(*pointer) >> nr & 1) != 0;
}
template <word P>
void __ptr_set_bit(unsigned nr, P *pointer) {
  *pointer = internal::from_bits<P>(internal::to_bits(*pointer) | u64{1} << nr);
}
template <word P>
void __ptr_clear_bit(unsigned nr, P *pointer) {
  *pointer = internal::from_bits<P>(internal::to_bits(*pointer) & ~(u64{1} << nr));
}

}  // namespace kernel

#endif  // MODEL_KERNEL_BITOPS_H_
