// SPDX-License-Identifier: MIT
#include "model/kernel/workqueue.h"

#include <new>

#include "checker/api/ops.h"
#include "model/kernel/kernel.h"
#include "model/kernel/world.h"

namespace {

constexpr uint64_t kPending = 1;

// One run of a work item. Each is a thread of its own; a run waits for the one before it, which the item's word points to: not by its
// thread's number, which depends on the order in which a search comes across threads.
struct instance {
  graze_work_struct *work;
  graze_invoke invoke;
  graze_fn func;
  const instance *before;  // null for the first
  graze_site_t site;
  graze::ThreadId thread;  // set by the run itself before it points the item's word here
};

bool mark_pending(uint64_t value, const void *, uint64_t *stored) {
  *stored = value | kPending;
  return (value & kPending) == 0;
}

void run(void *arg) {
  const instance &self = *static_cast<const instance *>(arg);
  self.invoke(self.func, self.work);
}

void worker(void *arg) {
  instance &self = *static_cast<instance *>(arg);
  if (self.before != nullptr) graze::Join(self.before->thread, "work item, until its previous run is over", self.site);
  self.thread = graze::Self();
  graze_store(&self.work->data, sizeof self.work->data, reinterpret_cast<uintptr_t>(&self), GRAZE_ONCE, 0, 0, self.site);
  graze_fence(GRAZE_MB, self.site);
  graze_enter(&run, arg, -1, GRAZE_CTX_TASK);  // may free the item
}

// True if the caller has made `work` pending; `*before` is what its word held.
bool claim(graze_work_struct *work, uint64_t *before, graze_site_t site) {
  const graze::RmwResult marked =
      graze::Rmw(&work->data, sizeof work->data, &mark_pending, nullptr, graze::MemoryOrder::kFull, graze::MemoryOrder::kRelaxed, {}, site);
  *before = marked.old;
  return marked.stored;
}

void start(graze_work_struct *work, uint64_t before, graze_site_t site) {
  if (work->func == nullptr) graze::Fail("I-WARN", "queue_work() of a work item that was not initialised", site);
  void *const memory = graze::ArenaAllocate(sizeof(instance), alignof(instance));
  instance *const next = new (memory) instance{work, work->invoke, work->func, reinterpret_cast<const instance *>(before), site, 0};
  char name[64] = "kworker";
  kernel::internal::number_name(name, sizeof name, ++graze_current()->works);
  kernel::internal::name_word(next, name);  // what the item's word shows while this run is the last
  graze::Spawn(&worker, next, {.name = name, .cpu = -1, .group = kernel::internal::kWorkers, .daemon = false, .user = nullptr}, site);
}

// The callback of queue_rcu_work(). The item is pending, so its word is still what it was but for that bit.
void queue_after_grace_period(graze_fn, void *head) {
  const graze_site_t here = kernel::src::here();
  graze_work_struct *const work = &container_of(static_cast<graze_rcu_head *>(head), graze_rcu_work, rcu)->work;
  start(work, graze_load(&work->data, sizeof work->data, GRAZE_ONCE, 0, here).v & ~kPending, here);
}

}  // namespace

extern "C" {

void graze_init_work(graze_work_struct *work, graze_invoke invoke, graze_fn func, graze_site_t site) {
  // Ordinary memory, written before the event that a queuer reads from.
  work->invoke = invoke;
  work->func = func;
  kernel::internal::name_word(&work->data, "work.data");
  graze_init(&work->data, sizeof work->data, 0, site);
}

int graze_queue_work(void *, graze_work_struct *work, graze_site_t site) {
  uint64_t before;
  if (!claim(work, &before, site)) return 0;
  start(work, before, site);
  return 1;
}

void graze_init_rcu_work(graze_rcu_work *rwork, graze_invoke invoke, graze_fn func, graze_site_t site) {
  graze_init_work(&rwork->work, invoke, func, site);
}

int graze_queue_rcu_work(void *workqueue, graze_rcu_work *rwork, graze_site_t site) {
  uint64_t before;
  if (!claim(&rwork->work, &before, site)) return 0;
  rwork->workqueue = workqueue;
  graze_call_rcu(&rwork->rcu, &queue_after_grace_period, nullptr, site);
  return 1;
}

}  // extern "C"

namespace kernel {
namespace {

workqueue_struct system_queue = {"events"};
workqueue_struct system_percpu_queue = {"events"};
workqueue_struct system_unbound_queue = {"events_unbound"};

}  // namespace

workqueue_struct *const system_wq = &system_queue;
workqueue_struct *const system_percpu_wq = &system_percpu_queue;
workqueue_struct *const system_unbound_wq = &system_unbound_queue;

}  // namespace kernel
