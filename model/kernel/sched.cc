// SPDX-License-Identifier: MIT
#include "model/kernel/sched.h"

#include <new>

#include "checker/api/ops.h"
#include "model/kernel/world.h"

namespace {

using kernel::internal::the_world;

bool keep_signal(uint64_t value, const void *arg, uint64_t *stored) {
  *stored = *static_cast<const graze_u32 *>(arg) | (value & kStateSignal);
  return true;
}

// A blind store would lose the signal, so with stop=signal it is an exchange of the rest of the word.
void set_state(unsigned state, graze_site_t site) {
  graze_task *const task = graze_current();
  task->last_state = state;
  const graze_u32 word = kStateKnown | state;
  if (task->is_kthread && the_world().config.stop_sets_signal) {
    graze::Rmw(&task->state, sizeof task->state, &keep_signal, &word, graze::MemoryOrder::kRelaxed, graze::MemoryOrder::kRelaxed, {}, site);
  } else {
    graze_store(&task->state, sizeof task->state, word, GRAZE_ONCE, 0, 0, site);
  }
}

bool may_run(uint64_t value, const void *) {
  const uint64_t state = value & kStateMask;
  return state == TASK_RUNNING || (state == TASK_INTERRUPTIBLE && (value & kStateSignal) != 0);
}

bool wake(uint64_t value, const void *, uint64_t *stored) {
  *stored = kStateKnown | (value & kStateSignal) | TASK_RUNNING;
  return (value & kStateKnown) == 0 || (value & TASK_NORMAL) != 0;
}

const char *sleeping_in(unsigned state) {
  switch (state) {
    case TASK_INTERRUPTIBLE: return "schedule(), state INTERRUPTIBLE";
    case TASK_UNINTERRUPTIBLE: return "schedule(), state UNINTERRUPTIBLE";
    default: return "schedule()";
  }
}

}  // namespace

extern "C" {

graze_task *graze_current(void) {
  void *const known = graze::ThreadUser();
  if (known != nullptr) return static_cast<graze_task *>(known);
  graze_task *const task = new (graze::ArenaAllocate(sizeof(graze_task), alignof(graze_task))) graze_task{};
  task->state = kStateKnown | TASK_RUNNING;  // the initial value of the location
  task->cpu = graze::ThreadCpu();
  task->thread = graze::Self();
  graze::SetThreadUser(task);
  return task;
}

void *graze_task_private(void) { return graze_current()->others; }
void graze_set_task_private(void *what) { graze_current()->others = what; }

void graze_set_current_state(unsigned state, graze_site_t site) {
  set_state(state, site);
  graze_fence(GRAZE_MB, site);
}

void graze___set_current_state(unsigned state, graze_site_t site) { set_state(state, site); }

void graze_schedule(graze_site_t site) {
  graze_might_sleep("schedule()", site);
  graze_task *const task = graze_current();
  graze_fence(GRAZE_MB, site);  // of the context switch
  graze::Await(&task->state, sizeof task->state, &may_run, nullptr, graze::MemoryOrder::kAcquire, sleeping_in(task->last_state), site);
}

int graze_wake_up_process(graze_task *task, graze_site_t site) {
  graze_fence(GRAZE_MB, site);
  const graze::RmwResult woken =
      graze::Rmw(&task->state, sizeof task->state, &wake, nullptr, graze::MemoryOrder::kRelaxed, graze::MemoryOrder::kRelaxed, {}, site);
  if (woken.stored && (woken.old & kStateKnown) == 0 && the_world().config.start_ran) {
    graze_store(&task->woken, sizeof task->woken, 1, GRAZE_ONCE, 0, 0, site);
  }
  return woken.stored;
}

int graze_cond_resched(graze_site_t site) {
  graze_might_sleep("cond_resched()", site);
  graze::SpinHint(site);  // where a loop does nothing else it waits for what it reads
  return 0;
}

}  // extern "C"
