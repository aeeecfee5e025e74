// SPDX-License-Identifier: MIT
// What the kernel layer knows in one execution. For the .cc files of this folder only.
//
// Two kinds of memory, never mixed: words that threads race for are locations of the execution graph, reached by graze_load and the like
// alone; everything else is ordinary memory and either belongs to one thread, or is written before an event that every reader has read
// from. Nothing else would be the same in every order in which the engine may replay unordered threads.
#ifndef MODEL_KERNEL_WORLD_H_
#define MODEL_KERNEL_WORLD_H_

#include "checker/api/ops.h"
#include "model/kernel/config.h"
#include "model/kernel/cpumask.h"
#include "model/kernel/graze_kernel.h"

// Encoding of graze_task::state; zero, what fresh memory holds, is a kthread that was never woken.
inline constexpr graze_u32 kStateKnown = 0x100;   // the low byte is a TASK_* value
inline constexpr graze_u32 kStateSignal = 0x200;  // its stop was asked for, and that interrupts sleeps
inline constexpr graze_u32 kStateMask = 0xff;

// Bits of graze_task::flags.
inline constexpr graze_u32 kShouldStop = 1;
inline constexpr graze_u32 kHasRun = 2;  // passed its first should-stop test (start=ran only)
inline constexpr graze_u32 kExited = 4;  // returned from its function with no stop asked for

struct graze_task {
  // Locations.
  graze_u32 state;
  graze_u32 flags;
  graze_u32 woken;  // 1 after the first wake-up (start=ran only)

  // Written by the creator, before the thread starts or before anyone else has the task.
  bool is_kthread;
  int cpu;
  int (*threadfn)(void *);
  void *data;
  graze::ThreadId thread;
  char name[64];
  graze_task *created_before;  // the creator's previous kthread

  // The thread's own.
  int result;  // read after the thread has ended
  int bh_depth;
  int preempt_depth;
  int softirq_depth;
  int napi_depth;
  bool bh_locked;     // holds world::bh of its CPU
  bool bh_is_reader;  // the BH-off region is an RCU read-side section
  bool saw_stop;
  const graze_local_lock_t *local_lock;  // the innermost held, of its CPU
  void *others;                          // graze_task_private()
  unsigned last_state;
  unsigned alloc_failures;
  unsigned callbacks;  // RCU callbacks and work items it has started
  unsigned works;
  graze_task *last_created;
};

namespace kernel::internal {

// Groups of threads, for ForEachCreatedBefore().
enum : uint32_t { kRcuCallbacks = 1, kWorkers = 2 };

struct world {
  KernelConfig config;
  graze_u32 bh[NR_CPUS];  // locations: lock words, held by BH-off regions
  graze_u64 offline;      // location: mask of the CPUs that are gone
  char *percpu;           // nr_cpu_ids copies of section graze_percpu
};

// The world of the running execution; a program that did not call kernel_boot() is told so and stops.
world &the_world();

// Takes the exclusion of the caller's BH-off region, if it is in one and has not yet.
void bh_commit(graze_task *task, graze_site_t site);
// True if the configuration lets an allocation of the caller fail, and it does.
bool allocation_fails(unsigned flags, graze_site_t site);
// Appends what tells the `number`-th (from 1) thread of this name that the caller starts from all others: nothing for the first one of the
// scenario's own thread, the creator's name for those of others. It may not depend on what unordered threads do, nor on their numbers.
void number_name(char *name, size_t size, unsigned number);
// "sizeof(*rcpu)" -> "rcpu"; the result lives for ever.
const char *type_name(const char *expression);

inline void name_word(const void *address, const char *name) {
  if (graze::Tracing()) graze::NameLocation(address, name, true);
}

}  // namespace kernel::internal

#endif  // MODEL_KERNEL_WORLD_H_
