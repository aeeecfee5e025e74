// SPDX-License-Identifier: MIT
#include "model/kernel/local_lock.h"

#include "checker/api/ops.h"
#include "model/kernel/world.h"

using kernel::internal::the_world;

extern "C" {

void graze_local_lock_init(graze_local_lock_t *lock, graze_site_t site) {
  if (the_world().config.preempt_rt) graze_init(&lock->word, sizeof lock->word, 0, site);
}

void graze_local_lock_nested_bh(graze_local_lock_t *lock, graze_site_t site) {
  if (!graze_in_softirq()) graze::Warn("I-CTX", "local_lock_nested_bh() with BH on", site);
  graze::CountCheck("I-CTX");
  graze_local_lock_t *const mine = static_cast<graze_local_lock_t *>(graze_this_cpu_ptr(lock, site));
  if (the_world().config.preempt_rt) graze::LockAcquire(&mine->word, sizeof mine->word, "local_lock_nested_bh(), held by another", site);
  graze_current()->local_lock = mine;
}

void graze_local_unlock_nested_bh(graze_local_lock_t *lock, graze_site_t site) {
  graze_local_lock_t *const mine = static_cast<graze_local_lock_t *>(graze_this_cpu_ptr(lock, site));
  if (the_world().config.preempt_rt) graze::LockRelease(&mine->word, sizeof mine->word, site);
  graze_current()->local_lock = nullptr;
}

void graze_lockdep_assert_held(const graze_local_lock_t *lock, graze_site_t site) {
  if (graze_current()->local_lock != lock) graze::Warn("I-CTX", "a local lock that the caller must hold is not held", site);
  graze::CountCheck("I-CTX");
}

}  // extern "C"
