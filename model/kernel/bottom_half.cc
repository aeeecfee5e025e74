// SPDX-License-Identifier: MIT
// Contexts: BH-off regions, NAPI polls, preemption, and who may sleep.
#include <cstdio>

#include "checker/api/ops.h"
#include "model/kernel/world.h"

namespace kernel::internal {

// Only so much order as two threads that stand for one CPU need, which runs them one after the other: local_bh_disable() and _enable()
// are no barriers, so the word is no lock (whose hand-over would order what is before and behind it for everybody).
constexpr graze::MemoryOrder kEnter = graze::MemoryOrder::kAcquire;
constexpr graze::MemoryOrder kLeave = graze::MemoryOrder::kRelease;

void bh_commit(graze_task *task, graze_site_t site) {
  const int cpu = graze::ThreadCpu();
  const KernelConfig &config = the_world().config;
  if (config.preempt_rt && !config.rt_bh_lock) return;
  if (task->bh_depth == 0 || task->bh_locked || cpu < 0) return;
  graze_u32 *const word = &the_world().bh[cpu];
  graze::LockAcquire(word, sizeof *word, "BH is off on this CPU, or a softirq runs", site, kEnter);
  task->bh_locked = true;
}

namespace {

void bh_enter(graze_task *task, bool reader, graze_site_t site) {
  if (task->bh_depth++ > 0) return;
  if (the_world().config.bh_exclusion == BhExclusion::kAlways) bh_commit(task, site);
  task->bh_is_reader = reader;
  if (reader) graze::RcuReadLock(site);
}

void bh_leave(graze_task *task, graze_site_t site) {
  if (task->bh_depth == 0) graze::Fail("I-CTX", "local_bh_enable() without local_bh_disable()", site);
  if (--task->bh_depth > 0) return;
  if (task->bh_locked) {
    graze_u32 *const word = &the_world().bh[graze::ThreadCpu()];
    graze::LockRelease(word, sizeof *word, site, kLeave);
    task->bh_locked = false;
  }
  if (task->bh_is_reader) graze::RcuReadUnlock(site);
  task->bh_is_reader = false;
}

const char *why_atomic(const graze_task *task) {
  if (task->napi_depth > 0) return "in a NAPI poll";
  if (task->softirq_depth > 0) return "in softirq context";
  if (task->bh_depth > 0) return "with BH off";
  if (task->preempt_depth > 0) return "with a spinlock held or preemption off";
  if (graze::RcuReadDepth() > 0) return "inside an RCU read-side section";
  return nullptr;
}

}  // namespace
}  // namespace kernel::internal

using kernel::internal::the_world;

extern "C" {

void graze_local_bh_disable(graze_site_t site) { kernel::internal::bh_enter(graze_current(), the_world().config.bh_is_rcu_reader, site); }
void graze_local_bh_enable(graze_site_t site) { kernel::internal::bh_leave(graze_current(), site); }

void graze_preempt_disable(graze_site_t) { ++graze_current()->preempt_depth; }
void graze_preempt_enable(graze_site_t site) {
  graze_task *const task = graze_current();
  if (task->preempt_depth == 0) graze::Fail("I-CTX", "preempt_enable() without preempt_disable()", site);
  --task->preempt_depth;
}

void graze_napi_begin(int cpu, graze_site_t site) {
  graze_task *const task = graze_current();
  if (task->bh_depth > 0) graze::Fail("I-CTX", "a NAPI poll begins where BH is off", site);
  graze::SetThreadCpu(cpu);
  kernel::internal::bh_enter(task, the_world().config.bh_is_rcu_reader, site);
  ++task->napi_depth;
}

void graze_napi_end(graze_site_t site) {
  graze_task *const task = graze_current();
  if (task->napi_depth == 0) graze::Fail("I-CTX", "a NAPI poll ends that did not begin", site);
  --task->napi_depth;
  kernel::internal::bh_leave(task, site);
}

int graze_in_napi(void) { return graze_current()->napi_depth > 0; }
int graze_in_serving_softirq(void) {
  const graze_task *const task = graze_current();
  return task->napi_depth > 0 || task->softirq_depth > 0;
}
int graze_in_softirq(void) { return graze_current()->bh_depth > 0; }
int graze_in_atomic(void) { return kernel::internal::why_atomic(graze_current()) != nullptr; }

void graze_might_sleep(const char *what, graze_site_t site) {
  const char *const why = kernel::internal::why_atomic(graze_current());
  if (why == nullptr) return;
  char text[160];
  std::snprintf(text, sizeof text, "%s may sleep, called %s", what, why);
  graze::Fail("I-CTX", text, site);
}

void graze_enter(void (*fn)(void *), void *arg, int cpu, graze_context context) {
  graze_task *const task = graze_current();
  if (cpu >= 0) graze::SetThreadCpu(cpu);
  switch (context) {
    case GRAZE_CTX_TASK: fn(arg); break;
    case GRAZE_CTX_SOFTIRQ:
      // A callback excludes others of its CPU once it uses per-CPU data. That it also holds up other grace periods is left out
      // (model/LIMITS.md).
      kernel::internal::bh_enter(task, false, nullptr);
      ++task->softirq_depth;
      fn(arg);
      --task->softirq_depth;
      kernel::internal::bh_leave(task, nullptr);
      break;
    case GRAZE_CTX_NAPI:
      graze_napi_begin(graze::ThreadCpu(), nullptr);
      fn(arg);
      graze_napi_end(nullptr);
      break;
  }
}

}  // extern "C"
