// SPDX-License-Identifier: MIT
// Kind: model of <linux/local_lock.h>: locks that are per-CPU data and are taken with BH off. Under KernelConfig::preempt_rt each is a lock
// of its CPU whose holder other tasks of that CPU may interrupt; otherwise taking one checks that BH is off and nothing else. In both cases
// lockdep_assert_held() knows who holds it.
#ifndef MODEL_KERNEL_LOCAL_LOCK_H_
#define MODEL_KERNEL_LOCAL_LOCK_H_

#include "model/kernel/types.h"

namespace kernel {

typedef graze_local_lock_t local_lock_t;

inline void local_lock_init(local_lock_t *lock, src site = src::here()) { graze_local_lock_init(lock, site); }
inline void local_lock_nested_bh(local_lock_t *lock, src site = src::here()) { graze_local_lock_nested_bh(lock, site); }
inline void local_unlock_nested_bh(local_lock_t *lock, src site = src::here()) { graze_local_unlock_nested_bh(lock, site); }
inline void lockdep_assert_held(const local_lock_t *lock, src site = src::here()) { graze_lockdep_assert_held(lock, site); }

}  // namespace kernel

#endif  // MODEL_KERNEL_LOCAL_LOCK_H_
