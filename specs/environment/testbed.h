// SPDX-License-Identifier: MIT
// What every cpumap scenario stands on: a booted kernel with one generation of the map, masks and bounds taken from the variant, actors
// started and joined, and the judgement at the end.
#ifndef SPECS_ENVIRONMENT_TESTBED_H_
#define SPECS_ENVIRONMENT_TESTBED_H_

#include <initializer_list>
#include <string>
#include <vector>

#include "checker/api/scenario.h"
#include "model/cpumap/bpf.h"
#include "model/cpumap/generations.h"
#include "model/kernel/task.h"

namespace specs {

// Everything in which the variants of a scenario differ.
struct Setup {
  // What a generation must have for the scenario to be told of it: members of cpumap::Generation such as &cpumap::Generation::has_prog.
  std::vector<bool cpumap::Generation::*> needs = {};
  const cpumap::Generation* generation = nullptr;  // filled in by the functions below, one after the other
  // Masks: assumptions that take known bugs out of the way. Where a generation's kernel is like that anyway, they are none.
  bool start_ran = false;            // a woken kthread runs before its stop can be asked for
  bool stop_signal = false;          // asking for the stop sets the notify signal, as from v6.1 on
  bool stop_acquire = false;         // testing for the stop is an acquire load
  bool stop_without_signal = false;  // the contrary, where it does
  // PREEMPT_RT, with or without the lock that BH-off regions of a CPU share there.
  bool preempt_rt = false;
  bool rt_bh_lock = true;
  // Environment, in which configurations differ.
  bool rcu_preempt = false;    // preemptible RCU before v4.20: BH off and polls hold up no grace period
  bool hotplug = false;        // CPUs may go
  bool prog_recycled = false;  // the next program of the device lies where the last one was
  // Sizes. Those of rings, queues and batches may be set where there is traffic.
  unsigned cpus = 2;
  unsigned keys = 1;
  unsigned qsize = 1;  // slots of the ring of each entry
  unsigned frames = 0;
  unsigned frames_min = 0;   // where their number may be set: how many the story takes; 0: the body brings a number of its own
  bool qsize_fixed = false;  // the body has ring sizes of its own
  unsigned map_operations = 0;
  cpumap::Bounds bounds = {.bulk = 1, .batch = 1, .ring_batch = 1};
  unsigned allocation_failures = 0;  // of each thread, at every point in turn
  bool kthread_outlives = false;     // the scenario ends with the map in use: a kthread may sleep at the end
  // BH-off regions of a CPU keep out each other whether or not they use per-CPU data. As it is in the kernel; elsewhere only those that do
  // are told apart, which is fewer executions unless a poll shares its CPU with a kthread.
  bool bh_always_excludes = false;
};

// A variant of this setup, for its generation: configuration and bounds as people read them.
graze::Variant MakeVariant(const Setup& setup);
// For `variants` of scenarios: the setup in each generation that has what it needs,
std::vector<graze::Variant> Unmasked(const Setup& setup);
// under all masks,
std::vector<graze::Variant> Masked(const Setup& setup);
// the same, and once more with preemptible RCU where a generation knows the difference,
std::vector<graze::Variant> MaskedUnderEveryRcu(const Setup& setup);
// and under no mask, under each of the first two and under both, and under all three.
std::vector<graze::Variant> UnderEveryMask(const Setup& setup);
// Several of these in a row.
std::vector<graze::Variant> Together(std::initializer_list<std::vector<graze::Variant>> sets);

const Setup& SetupOf(const graze::Variant& variant);

// First thing in a body: boots the kernel and the generation, and creates the map. Null if allocations may fail and this one does.
kernel::bpf_map* BootAndCreateMap(const graze::Variant& variant);

// The key of the entry under test: the kthread runs on that CPU.
inline constexpr kernel::u32 kKey = 1;
// A second key, where a scenario needs one; its kthread runs on the CPU of the polls.
inline constexpr kernel::u32 kOtherKey = 0;
// Where polls run unless a scenario needs two.
inline constexpr int kPollCpu = 0;

// Starts `body` as a system call or as whatever the name says, outside any CPU. `body` must outlive the thread.
template <typename Body>
kernel::thread_id StartTask(const char* name, Body& body, int cpu = -1) {
  return kernel::task_run(name, cpu, [](void* self) { (*static_cast<Body*>(self))(); }, const_cast<void*>(static_cast<const void*>(&body)));
}

// Starts all, in order, and waits for all.
template <typename First, typename Second>
void RunBoth(const char* first_name, First& first, const char* second_name, Second& second, int first_cpu = -1, int second_cpu = -1) {
  const kernel::thread_id one = StartTask(first_name, first, first_cpu);
  const kernel::thread_id two = StartTask(second_name, second, second_cpu);
  kernel::task_join(one);
  kernel::task_join(two);
}

// The at_end of every cpumap scenario.
void JudgeExecution(const graze::Variant& variant, graze::Execution& execution);

// CPUMAP_SCENARIO(Name, "who does what", rules, variants) { body } registers Cpumap.Name, judged as all are; the body has `variant`.
#define CPUMAP_SCENARIO(ident, summary_text, rules_list, ...)                                                            \
  static void CpumapScenario_##ident(const graze::Variant& variant);                                                     \
  [[maybe_unused]] static const bool cpumap_scenario_##ident = graze::RegisterScenario({.name = "Cpumap." #ident,        \
                                                                                        .summary = summary_text,         \
                                                                                        .body = &CpumapScenario_##ident, \
                                                                                        .at_end = &JudgeExecution,       \
                                                                                        .variants = __VA_ARGS__,         \
                                                                                        .rules = rules_list});           \
  static void CpumapScenario_##ident([[maybe_unused]] const graze::Variant& variant)

}  // namespace specs

#endif  // SPECS_ENVIRONMENT_TESTBED_H_
