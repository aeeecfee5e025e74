// SPDX-License-Identifier: MIT
// Kind: model of <asm/barrier.h>.
#ifndef MODEL_KERNEL_BARRIER_H_
#define MODEL_KERNEL_BARRIER_H_

#include "model/kernel/compiler.h"

#define smp_load_acquire(p) (::kernel::internal::read_marked(*(p), GRAZE_ACQUIRE))
#define smp_store_release(p, v) (::kernel::internal::write_marked(*(p), (v), GRAZE_RELEASE))
#define smp_store_mb(var, value) \
  do {                           \
    WRITE_ONCE(var, value);      \
    ::kernel::smp_mb();          \
  } while (0)

namespace kernel {

inline void smp_mb(src site = src::here()) { graze_fence(GRAZE_MB, site); }
inline void smp_rmb(src site = src::here()) { graze_fence(GRAZE_RMB, site); }
inline void smp_wmb(src site = src::here()) { graze_fence(GRAZE_WMB, site); }
inline void smp_mb__before_atomic(src site = src::here()) { graze_fence(GRAZE_BEFORE_ATOMIC, site); }
inline void smp_mb__after_atomic(src site = src::here()) { graze_fence(GRAZE_AFTER_ATOMIC, site); }
inline void smp_mb__after_spinlock(src site = src::here()) { graze_fence(GRAZE_AFTER_SPINLOCK, site); }
inline void smp_mb__after_unlock_lock(src site = src::here()) { graze_fence(GRAZE_AFTER_UNLOCK_LOCK, site); }

}  // namespace kernel

#endif  // MODEL_KERNEL_BARRIER_H_
