// SPDX-License-Identifier: MIT
#include "checker/api/ops.h"
#include "model/kernel/world.h"

extern "C" {

void graze_spin_lock_init(graze_spinlock_t *lock, graze_site_t site) { graze_init(&lock->word, sizeof lock->word, 0, site); }

void graze_spin_lock(graze_spinlock_t *lock, graze_site_t site) {
  graze_task *const task = graze_current();
  kernel::internal::bh_commit(task, site);  // BH exclusion is never taken while a lock is held: the order of the two is always the same
  ++task->preempt_depth;
  graze::LockAcquire(&lock->word, sizeof lock->word, "spin_lock(), held by another", site);
}

int graze_spin_trylock(graze_spinlock_t *lock, graze_site_t site) {
  graze_task *const task = graze_current();
  kernel::internal::bh_commit(task, site);
  if (!graze::LockTry(&lock->word, sizeof lock->word, site)) return 0;
  ++task->preempt_depth;
  return 1;
}

void graze_spin_unlock(graze_spinlock_t *lock, graze_site_t site) {
  graze::LockRelease(&lock->word, sizeof lock->word, site);
  --graze_current()->preempt_depth;
}

int graze_spin_is_locked(const graze_spinlock_t *lock, graze_site_t site) {
  return graze_load(&lock->word, sizeof lock->word, GRAZE_ONCE, 0, site).v != 0;
}

}  // extern "C"
