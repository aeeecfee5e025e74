// SPDX-License-Identifier: MIT
// Kind: model of <linux/kthread.h>; a kthread is created asleep, its first wake-up lets it test once whether to stop, and only then call
// its function. Its task is freed at the end of kthread_stop(), or when its function returns with no stop asked for; touching it later is a
// violation (the kernel frees it one grace period after that: over-approximated).
#ifndef MODEL_KERNEL_KTHREAD_H_
#define MODEL_KERNEL_KTHREAD_H_

#include <cstdarg>

#include "model/kernel/err.h"
#include "model/kernel/sched.h"

#define kthread_create(threadfn, data, ...) (::kernel::kthread_create_on_node(threadfn, data, -1, __VA_ARGS__))

namespace kernel {

namespace internal {

// A printf format with the place where it stands: a variadic function has no room for a defaulted argument.
struct format_at {
  format_at(const char *text, src where = src::here()) : format(text), site(where) {}
  const char *format;
  src site;
};

}  // namespace internal

// ERR_PTR(-ENOMEM) when allocations may fail. `node` is ignored.
task_struct *kthread_create_on_node(int (*threadfn)(void *), void *data, int node, internal::format_at namefmt, ...);
inline void kthread_bind(task_struct *task, unsigned cpu, src site = src::here()) { graze_kthread_bind(internal::c_task(task), cpu, site); }
inline int kthread_stop(task_struct *task, src site = src::here()) { return graze_kthread_stop(internal::c_task(task), site); }
inline bool kthread_should_stop(src site = src::here()) { return graze_kthread_should_stop(site) != 0; }

}  // namespace kernel

#endif  // MODEL_KERNEL_KTHREAD_H_
