// SPDX-License-Identifier: MIT
// The C interface of the kernel layer: everything that simulated kernel code can do, as plain functions.
//
// Both faces stand on it: the C++ headers beside this file, and a C file of the kernel compiled against macros. Rules that callers rely on:
//  1. An access is (address, size <= 8, value, order, dependency handles, site); its value lives in the execution graph.
//  2. Callbacks and thread bodies are a function and a pointer; checked code is entered through graze_enter() only, which sets CPU and
//     context. Each is a thread of its own and begins without dependencies.
//  3. An execution may be left at any call: no destructor or clean-up of the caller is guaranteed to run.
//  4. Names (`type`, `what`, `rule`) are literals.
#ifndef MODEL_KERNEL_GRAZE_KERNEL_H_
#define MODEL_KERNEL_GRAZE_KERNEL_H_

#include "model/kernel/graze_types.h"

#ifdef __cplusplus
extern "C" {
#endif

// ---- memory ----------------------------------------------------------------------------------------------------------------------------

struct graze_loaded graze_load(const void *addr, unsigned size, enum graze_order order, graze_dep addr_dep, graze_site_t site);
void graze_store(void *addr, unsigned size, graze_u64 value, enum graze_order order, graze_dep addr_dep, graze_dep data_dep,
                 graze_site_t site);
struct graze_rmw_result graze_rmw(void *addr, unsigned size, enum graze_rmw_op op, graze_u64 operand, enum graze_order order,
                                  graze_dep addr_dep, graze_dep data_dep, graze_site_t site);
// Order `order` if it succeeds; a failing one is a relaxed read.
struct graze_rmw_result graze_cmpxchg(void *addr, unsigned size, graze_u64 expected, graze_u64 desired, enum graze_order order,
                                      graze_dep addr_dep, graze_dep data_dep, graze_site_t site);
// The caller has branched on a value with these dependencies: its later writes depend on them.
void graze_ctrl(graze_dep dep);
// The loads of either set.
graze_dep graze_join(graze_dep a, graze_dep b);
// For code whose pointers carry no handles. The caller has got `ptr` from the loads of `dep`: its accesses into that object that bring no
// `addr_dep` get this one, until it gets another pointer into the object. Outside of allocated objects the `size` bytes at `ptr` are
// meant (0 = nothing).
void graze_pointer(const void *ptr, graze_u64 size, graze_dep dep);
// The loads that the caller's newest pointer into what is at `ptr` came from.
graze_dep graze_pointer_dep(const void *ptr);
void graze_fence(enum graze_fence_kind kind, graze_site_t site);
// The value of a location before any access to it.
void graze_init(void *addr, unsigned size, graze_u64 value, graze_site_t site);
// One iteration of a busy-wait loop.
void graze_cpu_relax(graze_site_t site);

// ---- allocation ------------------------------------------------------------------------------------------------------------------------

enum {
  GRAZE_ALLOC_ZERO = 1,    // zeroed
  GRAZE_ALLOC_SLEEPS = 2,  // may sleep: checked against the context
  GRAZE_ALLOC_NOFAIL = 4   // never fails, whatever the configuration says
};
// `type_or_expr` names the object: a type's name, or the text of the size ("sizeof(*rcpu)" gives "rcpu"). Null when the configuration
// lets allocations fail and this one does.
void *graze_alloc(graze_u64 size, unsigned flags, const char *type_or_expr, graze_site_t site);
void graze_free(const void *ptr, graze_site_t site);
// Names an object in traces; printf-like, cut at `len` characters.
void graze_name(const void *ptr, unsigned len, const char *format, ...) __attribute__((format(printf, 3, 4)));

// ---- per-CPU data ----------------------------------------------------------------------------------------------------------------------

// Distance between the copies of a dynamic per-CPU object, and so its largest size.
enum { GRAZE_PERCPU_STRIDE = 256 };
void *graze_percpu_alloc(graze_u64 size, unsigned flags, const char *type_or_expr, graze_site_t site);
void graze_percpu_free(void *base, graze_site_t site);
// The copy of `base` (a variable of section graze_percpu, or a result of graze_percpu_alloc) for `cpu`.
void *graze_percpu_ptr(const void *base, int cpu, graze_site_t site);
// The same for the CPU of the calling thread.
void *graze_this_cpu_ptr(const void *base, graze_site_t site);
int graze_smp_processor_id(graze_site_t site);
unsigned graze_nr_cpu_ids(void);
unsigned graze_nr_cpumask_bits(void);
int graze_cpu_possible(unsigned cpu);
// Violation of I-WARN if a mask of CPUs has no bit for `cpu`.
void graze_cpumask_check(unsigned cpu, graze_site_t site);
int graze_cpu_online(unsigned cpu, graze_site_t site);
void graze_cpu_down(unsigned cpu, graze_site_t site);
// The first possible CPU after `cpu` (start with -1); graze_nr_cpu_ids() when there is none.
int graze_cpumask_next_possible(int cpu);
int graze_cpumask_next_online(int cpu, graze_site_t site);

// ---- locks, bottom halves, context -----------------------------------------------------------------------------------------------------

void graze_spin_lock_init(graze_spinlock_t *lock, graze_site_t site);
void graze_spin_lock(graze_spinlock_t *lock, graze_site_t site);
int graze_spin_trylock(graze_spinlock_t *lock, graze_site_t site);
void graze_spin_unlock(graze_spinlock_t *lock, graze_site_t site);
int graze_spin_is_locked(const graze_spinlock_t *lock, graze_site_t site);
// A lock that BH-off regions of one CPU take; `lock` is per-CPU data, of which the copy of the caller's CPU is meant. Except under
// preempt_rt nothing but a check of the context.
void graze_local_lock_init(graze_local_lock_t *lock, graze_site_t site);
void graze_local_lock_nested_bh(graze_local_lock_t *lock, graze_site_t site);
void graze_local_unlock_nested_bh(graze_local_lock_t *lock, graze_site_t site);
// Violation of I-CTX unless the caller holds this very lock.
void graze_lockdep_assert_held(const graze_local_lock_t *lock, graze_site_t site);
void graze_local_bh_disable(graze_site_t site);
void graze_local_bh_enable(graze_site_t site);
void graze_preempt_disable(graze_site_t site);
void graze_preempt_enable(graze_site_t site);
int graze_in_softirq(void);  // BH off, or serving a softirq
int graze_in_serving_softirq(void);
int graze_in_atomic(void);  // must not sleep
// Violation of I-CTX if the calling context must not sleep. `what` names the call.
void graze_might_sleep(const char *what, graze_site_t site);

enum graze_context { GRAZE_CTX_TASK, GRAZE_CTX_SOFTIRQ, GRAZE_CTX_NAPI };
// Runs fn(arg) as checked code: on `cpu` (-1 = leave it), in `context`.
void graze_enter(void (*fn)(void *), void *arg, int cpu, enum graze_context context);
// A NAPI poll on `cpu`: softirq context, exclusive with every other BH-off region of that CPU, an RCU reader.
void graze_napi_begin(int cpu, graze_site_t site);
void graze_napi_end(graze_site_t site);
int graze_in_napi(void);

// ---- RCU -------------------------------------------------------------------------------------------------------------------------------

void graze_rcu_read_lock(graze_site_t site);
void graze_rcu_read_unlock(graze_site_t site);
int graze_rcu_read_lock_held(void);
void graze_synchronize_rcu(graze_site_t site);
void graze_call_rcu(struct graze_rcu_head *head, graze_invoke invoke, graze_fn func, graze_site_t site);
// call_rcu whose callback frees `object`.
void graze_kfree_rcu(struct graze_rcu_head *head, void *object, graze_site_t site);
void graze_rcu_barrier(graze_site_t site);

// ---- tasks -----------------------------------------------------------------------------------------------------------------------------

struct graze_task *graze_current(void);
// One pointer of the calling task for whoever stands on this layer (task_struct's fields of other subsystems).
void *graze_task_private(void);
void graze_set_task_private(void *what);
void graze_set_current_state(unsigned state, graze_site_t site);    // store, then full barrier
void graze___set_current_state(unsigned state, graze_site_t site);  // store only
void graze_schedule(graze_site_t site);
int graze_wake_up_process(struct graze_task *task, graze_site_t site);
int graze_cond_resched(graze_site_t site);
// Null when the configuration lets allocations fail and this one does.
struct graze_task *graze_kthread_create(int (*threadfn)(void *), void *data, const char *name, graze_site_t site);
void graze_kthread_bind(struct graze_task *task, unsigned cpu, graze_site_t site);
int graze_kthread_stop(struct graze_task *task, graze_site_t site);
int graze_kthread_should_stop(graze_site_t site);

// ---- work queues, completions ----------------------------------------------------------------------------------------------------------

void graze_init_work(struct graze_work_struct *work, graze_invoke invoke, graze_fn func, graze_site_t site);
// 1 if queued now, 0 if it was pending already.
int graze_queue_work(void *workqueue, struct graze_work_struct *work, graze_site_t site);
void graze_init_rcu_work(struct graze_rcu_work *rwork, graze_invoke invoke, graze_fn func, graze_site_t site);
// 1 if it will be queued after a grace period that begins now, 0 if it was pending already.
int graze_queue_rcu_work(void *workqueue, struct graze_rcu_work *rwork, graze_site_t site);
void graze_init_completion(struct graze_completion *done, graze_site_t site);
void graze_complete(struct graze_completion *done, graze_site_t site);
void graze_complete_all(struct graze_completion *done, graze_site_t site);
void graze_wait_for_completion(struct graze_completion *done, graze_site_t site);

// ---- verdicts and policy ---------------------------------------------------------------------------------------------------------------

// The calling thread stops here (BUG) or goes on (WARN). The rule is looked up by function name first.
void graze_bug(const char *condition, const char *function, graze_site_t site) __attribute__((noreturn));
void graze_warn(const char *condition, const char *function, graze_site_t site);
// Policy tables. Both are about literals and may be filled at any time; the last entry for a key counts.
// Warnings of `function` break `rule` instead of I-WARN; "call_rcu" and "kthread_stop" name the double use of the object given to them.
void graze_set_warn_rule(const char *function, const char *rule);
const char *graze_warn_rule(const char *function, const char *otherwise);
// Objects allocated with the size text `expression` are called `type`.
void graze_set_type_name(const char *expression, const char *type);

#ifdef __cplusplus
}  // extern "C"
#endif

#endif  // MODEL_KERNEL_GRAZE_KERNEL_H_
