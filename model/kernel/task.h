// SPDX-License-Identifier: MIT
// Threads of a scenario: system calls, drivers, anything that is not started by the kernel itself.
#ifndef MODEL_KERNEL_TASK_H_
#define MODEL_KERNEL_TASK_H_

#include "model/kernel/config.h"
#include "model/kernel/types.h"

namespace kernel {

using thread_id = u32;

// Starts fn(arg) as a task named `name`, in process context on `cpu` (-1 = nowhere in particular: it may not use per-CPU data).
thread_id task_run(const char *name, int cpu, void (*fn)(void *), void *arg, src site = src::here());
// Starts fn(arg) as one NAPI poll on `cpu`, named "napi/CPU": in softirq context from begin to end.
thread_id napi_run(int cpu, void (*fn)(void *), void *arg, src site = src::here());
void task_join(thread_id thread, src site = src::here());
// Waits for every RCU callback and every work item whose start is ordered before this call, and for those that these start: the quiet end
// of a scenario, when nothing else can start any.
void wait_for_quiescence(src site = src::here());

}  // namespace kernel

#endif  // MODEL_KERNEL_TASK_H_
