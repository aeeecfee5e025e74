// SPDX-License-Identifier: MIT
// Kind: model of <linux/rcupdate.h>; over-approximates the order in which callbacks run (any order, also of callbacks of one CPU); cannot
// show a stall by a reader that never ends, nor the cost of a grace period.
//
// A callback is a thread of its own that waits for a grace period and then runs in softirq context. rcu_barrier() waits for the callbacks
// whose call_rcu() is ordered before it, and for no grace period as such.
#ifndef MODEL_KERNEL_RCUPDATE_H_
#define MODEL_KERNEL_RCUPDATE_H_

#include "model/kernel/kernel.h"

#define rcu_dereference(p) (::kernel::internal::read_marked((p), GRAZE_ONCE))
#define rcu_dereference_raw(p) rcu_dereference(p)
#define rcu_dereference_bh(p) rcu_dereference(p)
#define rcu_dereference_check(p, condition) rcu_dereference(p)
// Only the updater changes p: no order is needed.
#define rcu_dereference_protected(p, condition) (::kernel::internal::read_marked((p), GRAZE_PLAIN))
// The pointer is looked at and not followed.
#define rcu_access_pointer(p) (::kernel::internal::read_unfollowed((p), GRAZE_ONCE))
#define rcu_assign_pointer(p, v) (::kernel::internal::write_marked((p), (v), GRAZE_RELEASE))
#define RCU_INIT_POINTER(p, v) (::kernel::internal::write_marked((p), (v), GRAZE_ONCE))
// Address space annotations of sparse, and a report of quiescent states that changes nothing here.
#define unrcu_pointer(p) (p)
#define RCU_INITIALIZER(v) (v)
#define rcu_softirq_qs_periodic(old_ts) ((void)(old_ts))
#define kfree_rcu(ptr, member) (::kernel::internal::free_after_gp(&(ptr)->member, (ptr)))

namespace kernel {

typedef void (*rcu_callback_t)(struct rcu_head *head);

namespace internal {

inline void run_rcu_callback(graze_fn func, void *head) {
  reinterpret_cast<rcu_callback_t>(func)(static_cast<rcu_head *>(static_cast<graze_rcu_head *>(head)));
}
inline void free_after_gp(rcu_head *head, void *object, src site = src::here()) { graze_kfree_rcu(head, object, site); }

}  // namespace internal

inline void rcu_read_lock(src site = src::here()) { graze_rcu_read_lock(site); }
inline void rcu_read_unlock(src site = src::here()) { graze_rcu_read_unlock(site); }
// Since the flavours were merged, BH off is the read-side section.
inline void rcu_read_lock_bh(src site = src::here()) { graze_local_bh_disable(site); }
inline void rcu_read_unlock_bh(src site = src::here()) { graze_local_bh_enable(site); }
inline bool rcu_read_lock_held() { return graze_rcu_read_lock_held() != 0; }
inline void synchronize_rcu(src site = src::here()) { graze_synchronize_rcu(site); }
inline void synchronize_net(src site = src::here()) { graze_synchronize_rcu(site); }
inline void call_rcu(rcu_head *head, rcu_callback_t func, src site = src::here()) {
  graze_call_rcu(head, &internal::run_rcu_callback, reinterpret_cast<graze_fn>(func), site);
}
inline void rcu_barrier(src site = src::here()) { graze_rcu_barrier(site); }

}  // namespace kernel

#endif  // MODEL_KERNEL_RCUPDATE_H_
