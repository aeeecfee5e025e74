// SPDX-License-Identifier: MIT
// What the simulated kernel is like: chosen at run time, so that one build serves every configuration.
#ifndef MODEL_KERNEL_CONFIG_H_
#define MODEL_KERNEL_CONFIG_H_

#include <cstdint>

namespace kernel {

// When a BH-off region excludes others on its CPU. kOnPerCpuUse takes the exclusion at the region's first use of per-CPU data or of a lock
// and keeps it to the end: it adds behaviours, loses none, and keeps regions that touch neither from multiplying executions.
enum class BhExclusion : uint8_t { kOnPerCpuUse, kAlways };

struct KernelConfig {
  // Masks: assumptions about the environment that take known bugs out of the way. Printed as bounds by whoever turns them on.
  bool start_ran = false;            // a woken kthread passes its first should-stop test before its stop can be asked for
  bool stop_sets_signal = false;     // schedule() in INTERRUPTIBLE does not block once the caller's stop was asked for (v6.1+)
  bool should_stop_acquire = false;  // kthread_should_stop() is an acquire load

  bool whole_stores = true;      // compilers store plain words once and read nothing first (CONFIG_KCSAN_ASSUME_PLAIN_WRITES_ATOMIC)
  bool bh_is_rcu_reader = true;  // consolidated RCU (v4.20+): a BH-off region holds up grace periods
  BhExclusion bh_exclusion = BhExclusion::kOnPerCpuUse;
  bool preempt_rt = false;  // local_lock_nested_bh() is a lock of its CPU, and not an assertion only
  bool rt_bh_lock = true;  // preempt_rt: BH-off regions of a CPU still exclude each other (PREEMPT_RT_NEEDS_BH_LOCK; always so up to v6.17)
  bool debug_rcu_heads = true;        // call_rcu of a head that is queued already is a violation
  bool kthreads_are_daemons = false;  // a kthread may sleep at the end of an execution without being a hung task
  bool capable = true;                // what bpf_capable() and capable() answer
  unsigned alloc_failures = 0;        // so many allocations of each thread may fail

  unsigned nr_cpu_ids = 2;
  unsigned nr_cpumask_bits = 2;               // >= nr_cpu_ids
  uint64_t cpu_possible_mask = ~uint64_t{0};  // further cut to nr_cpu_ids
  bool hotplug = false;                       // cpu_down() may be called; each look at the mask of online CPUs is an event then
};

// Starts the simulated kernel. First thing in every scenario's body, before any thread is created; nothing of it survives the execution.
void kernel_boot(const KernelConfig &config);
// The configuration of the running execution. REQUIRES: kernel_boot().
const KernelConfig &kernel_config();

}  // namespace kernel

#endif  // MODEL_KERNEL_CONFIG_H_
