// SPDX-License-Identifier: MIT
// Kind: model of <linux/cpumask.h>: the CPUs of the running configuration. All that are possible are online, unless KernelConfig::hotplug
// lets cpu_down() take some away.
#ifndef MODEL_KERNEL_CPUMASK_H_
#define MODEL_KERNEL_CPUMASK_H_

#include "model/kernel/types.h"

// The compile-time limit; nr_cpu_ids of the configuration is at most this.
#define NR_CPUS 16
#define NUMA_NO_NODE (-1)

#define for_each_possible_cpu(cpu)                                                               \
  for ((cpu) = graze_cpumask_next_possible(-1); static_cast<unsigned>(cpu) < graze_nr_cpu_ids(); \
       (cpu) = graze_cpumask_next_possible(static_cast<int>(cpu)))
#define for_each_online_cpu(cpu)                                                                                      \
  for ((cpu) = graze_cpumask_next_online(-1, ::kernel::src::here()); static_cast<unsigned>(cpu) < graze_nr_cpu_ids(); \
       (cpu) = graze_cpumask_next_online(static_cast<int>(cpu), ::kernel::src::here()))

namespace kernel {

struct nr_cpu_ids_t {
  operator unsigned() const { return graze_nr_cpu_ids(); }
};
inline constexpr nr_cpu_ids_t nr_cpu_ids{};
struct nr_cpumask_bits_t {
  operator unsigned() const { return graze_nr_cpumask_bits(); }
};
inline constexpr nr_cpumask_bits_t nr_cpumask_bits{};

// Of a CPU beyond nr_cpumask_bits the mask has no bit: the debug check of CONFIG_DEBUG_PER_CPU_MAPS, I-WARN.
inline bool cpu_possible(unsigned cpu, src site = src::here()) {
  graze_cpumask_check(cpu, site);
  return graze_cpu_possible(cpu) != 0;
}
inline bool cpu_online(unsigned cpu, src site = src::here()) { return graze_cpu_online(cpu, site) != 0; }
// For scenarios: the CPU, which does nothing any more, leaves the mask of online CPUs.
inline void cpu_down(unsigned cpu, src site = src::here()) { graze_cpu_down(cpu, site); }
inline unsigned num_possible_cpus() {
  unsigned n = 0;
  int cpu;
  for_each_possible_cpu(cpu)++ n;
  return n;
}
inline int cpu_to_node(unsigned) { return 0; }
inline int smp_processor_id(src site = src::here()) { return graze_smp_processor_id(site); }

}  // namespace kernel

#endif  // MODEL_KERNEL_CPUMASK_H_
