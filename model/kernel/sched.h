// SPDX-License-Identifier: MIT
// Kind: model of <linux/sched.h>: the state word of a task, sleeping on it and waking. A wake-up of a running task has no effect and is not
// remembered; there are no spurious wake-ups and no signals but the one of KernelConfig::stop_sets_signal.
#ifndef MODEL_KERNEL_SCHED_H_
#define MODEL_KERNEL_SCHED_H_

#include "model/kernel/kernel.h"

#define TASK_RUNNING 0x0000u
#define TASK_INTERRUPTIBLE 0x0001u
#define TASK_UNINTERRUPTIBLE 0x0002u
#define TASK_NORMAL (TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)

namespace kernel {

struct task_struct;  // opaque; a task is its address

// Not a macro: the word stands in too many C++ headers.
struct current_t {
  operator task_struct *() const { return internal::cpp_task(graze_current()); }
};
inline constexpr current_t current{};

inline void set_current_state(unsigned state, src site = src::here()) { graze_set_current_state(state, site); }
inline void __set_current_state(unsigned state, src site = src::here()) { graze___set_current_state(state, site); }
inline void schedule(src site = src::here()) { graze_schedule(site); }
inline int wake_up_process(task_struct *task, src site = src::here()) { return graze_wake_up_process(internal::c_task(task), site); }
inline int cond_resched(src site = src::here()) { return graze_cond_resched(site) != 0; }
inline bool need_resched() { return false; }

}  // namespace kernel

#endif  // MODEL_KERNEL_SCHED_H_
