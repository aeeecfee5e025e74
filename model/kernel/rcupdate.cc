// SPDX-License-Identifier: MIT
#include "model/kernel/rcupdate.h"

#include <new>

#include "checker/api/ops.h"
#include "model/kernel/world.h"

namespace {

using kernel::internal::the_world;

struct callback {
  graze_rcu_head *head;
  graze_invoke invoke;
  graze_fn func;
  void *arg;
  graze_site_t site;
};

bool mark_queued(uint64_t value, const void *, uint64_t *stored) {
  *stored = 1;
  return value == 0;
}

void run(void *arg) {
  const callback &cb = *static_cast<const callback *>(arg);
  cb.invoke(cb.func, cb.arg);
}

void wait_and_run(void *arg) {
  const callback &cb = *static_cast<const callback *>(arg);
  graze::RcuSynchronize(cb.site);
  // From here on the head may be queued again, by the callback itself for one.
  if (the_world().config.debug_rcu_heads) graze_store(&cb.head->queued, sizeof cb.head->queued, 0, GRAZE_ONCE, 0, 0, cb.site);
  graze_enter(&run, arg, -1, GRAZE_CTX_SOFTIRQ);
}

void queue(graze_rcu_head *head, graze_invoke invoke, graze_fn func, void *arg, graze_site_t site) {
  if (the_world().config.debug_rcu_heads) {
    kernel::internal::name_word(&head->queued, "rcu_head.queued");
    const graze::RmwResult marked = graze::Rmw(&head->queued, sizeof head->queued, &mark_queued, nullptr, graze::MemoryOrder::kRelaxed,
                                               graze::MemoryOrder::kRelaxed, {}, site);
    if (!marked.stored) graze::Fail(graze_warn_rule("call_rcu", "I-SINGLE-FREE"), "call_rcu of an rcu_head that is queued already", site);
  }
  void *const memory = graze::ArenaAllocate(sizeof(callback), alignof(callback));
  callback *const cb = new (memory) callback{head, invoke, func, arg, site};
  char name[64] = "rcu callback";
  kernel::internal::number_name(name, sizeof name, ++graze_current()->callbacks);
  graze::Spawn(&wait_and_run, cb,
               {.name = name, .cpu = graze::ThreadCpu(), .group = kernel::internal::kRcuCallbacks, .daemon = false, .user = nullptr}, site);
}

void free_object(graze_fn, void *object) { graze_free(object, nullptr); }

void join_callback(graze::ThreadId thread, void *site) {
  graze::Join(thread, "rcu_barrier(), until a callback has run", *static_cast<graze_site_t *>(site));
}

}  // namespace

extern "C" {

void graze_rcu_read_lock(graze_site_t site) { graze::RcuReadLock(site); }
void graze_rcu_read_unlock(graze_site_t site) { graze::RcuReadUnlock(site); }
int graze_rcu_read_lock_held(void) { return graze::RcuReadDepth() > 0; }

void graze_synchronize_rcu(graze_site_t site) {
  graze_might_sleep("synchronize_rcu()", site);
  graze::RcuSynchronize(site);
}

void graze_call_rcu(graze_rcu_head *head, graze_invoke invoke, graze_fn func, graze_site_t site) { queue(head, invoke, func, head, site); }

void graze_kfree_rcu(graze_rcu_head *head, void *object, graze_site_t site) { queue(head, &free_object, nullptr, object, site); }

void graze_rcu_barrier(graze_site_t site) {
  graze_might_sleep("rcu_barrier()", site);
  graze_fence(GRAZE_MB, site);  // rcu_seq_snap() and rcu_seq_start(), callbacks or not
  graze::ForEachCreatedBefore(kernel::internal::kRcuCallbacks, &join_callback, &site);
}

}  // extern "C"
