// SPDX-License-Identifier: MIT
// Never linked: that this file compiles as C99 is what graze_kernel_test.cc looks at.
#include "model/kernel/graze_kernel.h"

struct entry {
  graze_spinlock_t lock;
  graze_atomic_t refcnt;
  struct graze_list_head node;
  struct graze_rcu_head rcu;
  struct graze_work_struct work;
  struct graze_completion done;
};

static void call(graze_fn fn, void *arg) {
  (void)fn;
  graze_free(arg, GRAZE_HERE);
}

static int thread(void *arg) {
  struct entry *e = (struct entry *)arg;
  graze_complete(&e->done, GRAZE_HERE);
  while (!graze_kthread_should_stop(GRAZE_HERE)) {
    graze_set_current_state(1, GRAZE_HERE);
    graze_schedule(GRAZE_HERE);
  }
  return 0;
}

void use(struct entry **slot);

void use(struct entry **slot) {
  struct entry *e = (struct entry *)graze_alloc(sizeof(*e), GRAZE_ALLOC_ZERO, "sizeof(*e)", GRAZE_HERE);
  struct graze_task *task = graze_kthread_create(thread, e, "worker", GRAZE_HERE);
  struct graze_rmw_result old;
  graze_wake_up_process(task, GRAZE_HERE);
  graze_wait_for_completion(&e->done, GRAZE_HERE);
  old = graze_rmw(slot, sizeof(*slot), GRAZE_XCHG, (graze_u64)(unsigned long)e, GRAZE_FULL, 0, 0, GRAZE_HERE);
  graze_ctrl(old.dep);
  if (old.old != 0) graze_call_rcu(&e->rcu, call, (graze_fn)0, GRAZE_HERE);
  graze_rcu_barrier(GRAZE_HERE);
  (void)graze_kthread_stop(task, GRAZE_HERE);
}
