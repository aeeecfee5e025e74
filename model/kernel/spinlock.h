// SPDX-License-Identifier: MIT
// Kind: model of <linux/spinlock.h>: a word that one thread at a time holds; holding it is atomic context. Waiting is blocking, so a
// deadlock shows as one. Cannot show priority inversion or unfairness.
#ifndef MODEL_KERNEL_SPINLOCK_H_
#define MODEL_KERNEL_SPINLOCK_H_

#include "model/kernel/types.h"

namespace kernel {

inline void spin_lock_init(spinlock_t *lock, src site = src::here()) { graze_spin_lock_init(lock, site); }
inline void spin_lock(spinlock_t *lock, src site = src::here()) { graze_spin_lock(lock, site); }
inline void spin_unlock(spinlock_t *lock, src site = src::here()) { graze_spin_unlock(lock, site); }
inline bool spin_trylock(spinlock_t *lock, src site = src::here()) { return graze_spin_trylock(lock, site) != 0; }
inline bool spin_is_locked(const spinlock_t *lock, src site = src::here()) { return graze_spin_is_locked(lock, site) != 0; }

inline void spin_lock_bh(spinlock_t *lock, src site = src::here()) {
  graze_local_bh_disable(site);
  graze_spin_lock(lock, site);
}
inline void spin_unlock_bh(spinlock_t *lock, src site = src::here()) {
  graze_spin_unlock(lock, site);
  graze_local_bh_enable(site);
}
// No interrupt handlers are simulated: interrupts off is atomic context and nothing more.
inline void spin_lock_irq(spinlock_t *lock, src site = src::here()) {
  graze_preempt_disable(site);
  graze_spin_lock(lock, site);
}
inline void spin_unlock_irq(spinlock_t *lock, src site = src::here()) {
  graze_spin_unlock(lock, site);
  graze_preempt_enable(site);
}
#define spin_lock_irqsave(lock, flags) ((flags) = 0, ::kernel::spin_lock_irq(lock))
#define spin_unlock_irqrestore(lock, flags) ((void)(flags), ::kernel::spin_unlock_irq(lock))

}  // namespace kernel

#endif  // MODEL_KERNEL_SPINLOCK_H_
