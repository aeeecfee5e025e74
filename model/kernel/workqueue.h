// SPDX-License-Identifier: MIT
// Kind: model of <linux/workqueue.h>: system_wq with unlimited concurrency. Queueing a pending item is a no-op; an item never runs twice at
// once; its pending bit is cleared before its function runs, which may free the item. Cannot show starvation by too few workers.
#ifndef MODEL_KERNEL_WORKQUEUE_H_
#define MODEL_KERNEL_WORKQUEUE_H_

#include "model/kernel/kernel.h"
#include "model/kernel/types.h"

namespace kernel {

struct work_struct : graze_work_struct {};
typedef void (*work_func_t)(struct work_struct *work);

// Queued by queue_rcu_work() once a grace period is over.
struct rcu_work {
  work_struct work;
  rcu_head rcu;
  struct workqueue_struct *wq;
};
static_assert(sizeof(rcu_work) == sizeof(graze_rcu_work) && offsetof(rcu_work, rcu) == offsetof(graze_rcu_work, rcu));

struct workqueue_struct {
  const char *name;
};
extern workqueue_struct *const system_wq;
extern workqueue_struct *const system_percpu_wq;
extern workqueue_struct *const system_unbound_wq;

namespace internal {

inline void run_work(graze_fn func, void *work) {
  reinterpret_cast<work_func_t>(func)(static_cast<work_struct *>(static_cast<graze_work_struct *>(work)));
}

}  // namespace internal

inline void INIT_WORK(work_struct *work, work_func_t func, src site = src::here()) {
  graze_init_work(work, &internal::run_work, reinterpret_cast<graze_fn>(func), site);
}
inline bool queue_work(workqueue_struct *wq, work_struct *work, src site = src::here()) { return graze_queue_work(wq, work, site) != 0; }
inline rcu_work *to_rcu_work(work_struct *work) { return container_of(work, rcu_work, work); }
inline void INIT_RCU_WORK(rcu_work *rwork, work_func_t func, src site = src::here()) {
  graze_init_rcu_work(reinterpret_cast<graze_rcu_work *>(rwork), &internal::run_work, reinterpret_cast<graze_fn>(func), site);
}
inline bool queue_rcu_work(workqueue_struct *wq, rcu_work *rwork, src site = src::here()) {
  return graze_queue_rcu_work(wq, reinterpret_cast<graze_rcu_work *>(rwork), site) != 0;
}
inline bool schedule_work(work_struct *work, src site = src::here()) { return queue_work(system_wq, work, site); }

}  // namespace kernel

#endif  // MODEL_KERNEL_WORKQUEUE_H_
