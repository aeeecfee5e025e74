// SPDX-License-Identifier: MIT
#include "model/kernel/kthread.h"

#include <cstdio>
#include <cstring>
#include <new>
#include <string>

#include "checker/api/explore.h"
#include "checker/api/ops.h"
#include "model/kernel/world.h"

namespace {

using graze::MemoryOrder;
using kernel::internal::the_world;

constexpr char kTaskType[] = "task_struct";

bool first_woken(uint64_t value, const void *) { return (value & kStateKnown) != 0 && (value & kStateMask) == TASK_RUNNING; }

bool ask_to_stop(uint64_t value, const void *, uint64_t *stored) {
  *stored = value | kShouldStop;
  return true;
}
bool ask_to_stop_once_run(uint64_t value, const void *, uint64_t *stored) {
  *stored = value | kShouldStop;
  return (value & kHasRun) != 0;
}
bool wake_with_signal(uint64_t value, const void *, uint64_t *stored) {
  const bool asleep = (value & kStateKnown) == 0 || (value & TASK_NORMAL) != 0;
  *stored = asleep ? kStateKnown | kStateSignal | TASK_RUNNING : value | kStateSignal;
  return true;
}

// The one test before the function is called: of a bit, in no order (kthread()).
bool stopped_before_start(graze_task *task, graze_site_t here) {
  if (!the_world().config.start_ran) return graze_kthread_should_stop(here) != 0;
  const graze_rmw_result before = graze_rmw(&task->flags, sizeof task->flags, GRAZE_OR, kHasRun, GRAZE_ONCE, 0, 0, here);
  return task->saw_stop = (before.old & kShouldStop) != 0;
}

void call_function(void *arg) {
  graze_task *const task = static_cast<graze_task *>(arg);
  task->result = task->threadfn(task->data);
}

void kthread_main(void *arg) {
  const graze_site_t here = kernel::src::here();
  graze_task *const task = static_cast<graze_task *>(arg);
  graze::Await(&task->state, sizeof task->state, &first_woken, nullptr, MemoryOrder::kAcquire, "kthread, waiting for its first wake-up",
               here);
  graze::SetThreadCpu(task->cpu);
  task->last_state = TASK_RUNNING;
  if (stopped_before_start(task, here)) {
    task->result = -EINTR;
  } else {
    graze_enter(&call_function, task, -1, GRAZE_CTX_TASK);
  }
  if (task->saw_stop) return;  // whoever asked has the last reference
  // put_task_struct(): what either did to the task is done before it is freed.
  const graze_rmw_result before = graze_rmw(&task->flags, sizeof task->flags, GRAZE_OR, kExited, GRAZE_ACQ_REL, 0, 0, here);
  if ((before.old & kShouldStop) == 0) graze_free(task, here);
}

// "cpumap/1/map:7" is "kthread cpumap/1" for people; further ones of that name get a number.
void name_thread(graze_task *task, const char *name) {
  const char *end = std::strchr(name, '/');
  if (end != nullptr) end = std::strchr(end + 1, '/');
  const int length = end != nullptr ? static_cast<int>(end - name) : static_cast<int>(std::strlen(name));
  std::snprintf(task->name, sizeof task->name, "%.*s", length < 20 ? length : 20, name);
  graze_task *const creator = graze_current();
  unsigned same = 1;
  const size_t stem = std::strlen(task->name);
  for (const graze_task *each = creator->last_created; each != nullptr; each = each->created_before) {
    if (std::strncmp(each->name, task->name, stem) == 0 && (each->name[stem] == '\0' || each->name[stem] == '#' || each->name[stem] == '@'))
      ++same;
  }
  kernel::internal::number_name(task->name, sizeof task->name, same);
  task->created_before = creator->last_created;
  creator->last_created = task;
}

std::string print_state(uint64_t value) {
  if ((value & kStateKnown) == 0) return "NEW";
  std::string text = (value & kStateMask) == TASK_RUNNING ? "RUNNING" : "";
  if ((value & TASK_INTERRUPTIBLE) != 0) text = "INTERRUPTIBLE";
  if ((value & TASK_UNINTERRUPTIBLE) != 0) text = "UNINTERRUPTIBLE";
  if ((value & kStateSignal) != 0) text += "|SIGNAL";
  return text;
}

std::string print_flags(uint64_t value) {
  std::string text;
  if ((value & kShouldStop) != 0) text += "|SHOULD_STOP";
  if ((value & kHasRun) != 0) text += "|STARTED";
  if ((value & kExited) != 0) text += "|EXITED";
  return text.empty() ? "0" : text.substr(1);
}

[[maybe_unused]] const bool registered = [] {
  graze::RegisterFields(
      kTaskType,
      {{offsetof(graze_task, state), 4, "state"}, {offsetof(graze_task, flags), 4, "flags"}, {offsetof(graze_task, woken), 4, "woken"}});
  graze::RegisterValuePrinter(kTaskType, "state", &print_state);
  graze::RegisterValuePrinter(kTaskType, "flags", &print_flags);
  return true;
}();

}  // namespace

extern "C" {

graze_task *graze_kthread_create(int (*threadfn)(void *), void *data, const char *name, graze_site_t site) {
  graze_might_sleep("kthread_create()", site);
  if (kernel::internal::allocation_fails(0, site)) return nullptr;
  graze_task *const task = new (graze::Malloc(sizeof(graze_task), true, kTaskType, site)) graze_task{};
  task->is_kthread = true;
  task->cpu = -1;
  task->threadfn = threadfn;
  task->data = data;
  name_thread(task, name);
  char thread_name[80];
  std::snprintf(thread_name, sizeof thread_name, "kthread %s", task->name);
  graze_name(task, 60, "task %s", task->name);
  task->thread =
      graze::Spawn(&kthread_main, task,
                   {.name = thread_name, .cpu = -1, .group = 0, .daemon = the_world().config.kthreads_are_daemons, .user = task}, site);
  return task;
}

void graze_kthread_bind(graze_task *task, unsigned cpu, graze_site_t site) {
  if (!graze_cpu_possible(cpu)) graze::Fail("I-CTX", "kthread_bind() to a CPU that does not exist", site);
  task->cpu = static_cast<int>(cpu);
}

int graze_kthread_should_stop(graze_site_t site) {
  graze_task *const task = graze_current();
  const graze_order order = the_world().config.should_stop_acquire ? GRAZE_ACQUIRE : GRAZE_ONCE;
  const bool stop = (graze_load(&task->flags, sizeof task->flags, order, 0, site).v & kShouldStop) != 0;
  if (stop) task->saw_stop = true;
  return stop;
}

int graze_kthread_stop(graze_task *task, graze_site_t site) {
  graze_might_sleep("kthread_stop()", site);
  const kernel::KernelConfig &config = the_world().config;
  graze::RmwResult before{};
  if (config.start_ran && graze_load(&task->woken, sizeof task->woken, GRAZE_ONCE, 0, site).v != 0) {
    before = graze::AwaitRmw(&task->flags, sizeof task->flags, &ask_to_stop_once_run, nullptr, MemoryOrder::kRelaxed,
                             "kthread_stop(), until the kthread has started", site);
  } else {
    before = graze::Rmw(&task->flags, sizeof task->flags, &ask_to_stop, nullptr, MemoryOrder::kNoReturn, MemoryOrder::kRelaxed, {}, site);
  }
  if ((before.old & kShouldStop) != 0) {
    graze::Fail(graze_warn_rule("kthread_stop", "I-UAF"), "kthread_stop() of a kthread that was stopped already", site);
  }
  if (config.stop_sets_signal) {
    graze_fence(GRAZE_MB, site);
    graze::Rmw(&task->state, sizeof task->state, &wake_with_signal, nullptr, MemoryOrder::kRelaxed, MemoryOrder::kRelaxed, {}, site);
  } else {
    graze_wake_up_process(task, site);
  }
  graze::Join(task->thread, "kthread_stop(), until the kthread exits", site);
  const int result = task->result;
  graze_free(task, site);
  return result;
}

}  // extern "C"

namespace kernel {

task_struct *kthread_create_on_node(int (*threadfn)(void *), void *data, int, internal::format_at namefmt, ...) {
  char name[64];
  va_list args;
  va_start(args, namefmt);
  std::vsnprintf(name, sizeof name, namefmt.format, args);
  va_end(args);
  graze_task *const task = graze_kthread_create(threadfn, data, name, namefmt.site);
  if (task == nullptr) return ERR_PTR(-ENOMEM);
  return internal::cpp_task(task);
}

}  // namespace kernel
