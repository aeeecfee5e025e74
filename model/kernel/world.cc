// SPDX-License-Identifier: MIT
#include "model/kernel/world.h"

#include <cstring>
#include <new>

extern "C" {
// Bounds of the section of static per-CPU variables, from the linker; absent if there are none.
extern char __start_graze_percpu[] __attribute__((weak));
extern char __stop_graze_percpu[] __attribute__((weak));
}

namespace kernel {
namespace internal {
namespace {

constexpr size_t kPercpuAlign = 64;

world *current_world = nullptr;
[[maybe_unused]] const bool registered = [] {
  graze::RegisterGlobals(&current_world, sizeof current_world, "kernel layer");
  return true;
}();

uintptr_t section_begin() { return reinterpret_cast<uintptr_t>(&__start_graze_percpu[0]); }
uintptr_t section_size() { return reinterpret_cast<uintptr_t>(&__stop_graze_percpu[0]) - section_begin(); }
size_t section_stride() { return (section_size() + kPercpuAlign - 1) / kPercpuAlign * kPercpuAlign; }

}  // namespace

world &the_world() {
  if (current_world == nullptr) graze::Fail("misuse", "kernel_boot() was not called", nullptr);
  return *current_world;
}

}  // namespace internal

void kernel_boot(const KernelConfig &config) {
  using namespace internal;
  if (config.nr_cpu_ids == 0 || config.nr_cpu_ids > NR_CPUS || config.nr_cpumask_bits < config.nr_cpu_ids) {
    graze::Fail("misuse", "kernel_boot: number of CPUs out of range", nullptr);
  }
  current_world = new (graze::ArenaAllocate(sizeof(world), alignof(world))) world{};
  current_world->config = config;
  if (config.whole_stores) graze::AssumeWholeStores();
  const size_t stride = section_stride();
  if (stride > 0) {
    current_world->percpu = static_cast<char *>(graze::ArenaAllocate(stride * config.nr_cpu_ids, kPercpuAlign));
    for (unsigned cpu = 0; cpu < config.nr_cpu_ids; ++cpu) {
      std::memcpy(current_world->percpu + cpu * stride, &__start_graze_percpu[0], section_size());
    }
  }
  for (unsigned cpu = 0; cpu < config.nr_cpu_ids; ++cpu) name_word(&current_world->bh[cpu], "BH exclusion of a CPU");
  if (config.hotplug && graze::Tracing()) graze::NameLocation(&current_world->offline, "CPUs offline", /*internal=*/false);
}

const KernelConfig &kernel_config() { return internal::the_world().config; }

}  // namespace kernel

using kernel::internal::the_world;

extern "C" {

unsigned graze_nr_cpu_ids(void) { return the_world().config.nr_cpu_ids; }
unsigned graze_nr_cpumask_bits(void) { return the_world().config.nr_cpumask_bits; }

int graze_cpu_possible(unsigned cpu) {
  const kernel::KernelConfig &config = the_world().config;
  return cpu < config.nr_cpu_ids && (config.cpu_possible_mask >> cpu & 1) != 0;
}

int graze_cpumask_next_possible(int cpu) {
  const int end = static_cast<int>(graze_nr_cpu_ids());
  for (++cpu; cpu < end; ++cpu) {
    if (graze_cpu_possible(static_cast<unsigned>(cpu))) return cpu;
  }
  return end;
}

void graze_cpumask_check(unsigned cpu, graze_site_t site) {
  if (cpu >= graze_nr_cpumask_bits()) graze::Warn("I-WARN", "a mask of CPUs is asked for a CPU beyond its end", site);
}

int graze_cpu_online(unsigned cpu, graze_site_t site) {
  if (!graze_cpu_possible(cpu)) return 0;
  kernel::internal::world &world = the_world();
  if (!world.config.hotplug) return 1;
  return (graze_load(&world.offline, sizeof world.offline, GRAZE_ONCE, 0, site).v >> cpu & 1) == 0;
}

void graze_cpu_down(unsigned cpu, graze_site_t site) {
  kernel::internal::world &world = the_world();
  if (!world.config.hotplug || !graze_cpu_possible(cpu)) graze::Fail("misuse", "cpu_down() of a CPU that cannot go", site);
  graze_rmw(&world.offline, sizeof world.offline, GRAZE_OR, graze_u64{1} << cpu, GRAZE_FULL, 0, 0, site);
}

int graze_cpumask_next_online(int cpu, graze_site_t site) {
  do {
    cpu = graze_cpumask_next_possible(cpu);
  } while (static_cast<unsigned>(cpu) < graze_nr_cpu_ids() && !graze_cpu_online(static_cast<unsigned>(cpu), site));
  return cpu;
}

int graze_smp_processor_id(graze_site_t site) {
  const int cpu = graze::ThreadCpu();
  if (cpu < 0) graze::Fail("I-CTX", "per-CPU data used by a task that is bound to no CPU", site);
  return cpu;
}

void *graze_percpu_alloc(graze_u64 size, unsigned flags, const char *type_or_expr, graze_site_t site) {
  if (size > GRAZE_PERCPU_STRIDE) graze::Fail("misuse", "per-CPU object larger than GRAZE_PERCPU_STRIDE", site);
  const graze_u64 copies = the_world().config.nr_cpu_ids;
  return graze_alloc((copies - 1) * GRAZE_PERCPU_STRIDE + size, flags, type_or_expr, site);
}

void graze_percpu_free(void *base, graze_site_t site) { graze_free(base, site); }

void *graze_percpu_ptr(const void *base, int cpu, graze_site_t site) {
  using namespace kernel::internal;
  const uintptr_t address = reinterpret_cast<uintptr_t>(base);
  if (cpu < 0 || static_cast<unsigned>(cpu) >= graze_nr_cpu_ids()) graze::Fail("I-CTX", "per-CPU data of a CPU that does not exist", site);
  const size_t number = static_cast<size_t>(cpu);
  if (address - section_begin() < section_size()) return the_world().percpu + number * section_stride() + (address - section_begin());
  return reinterpret_cast<void *>(address + number * GRAZE_PERCPU_STRIDE);
}

void *graze_this_cpu_ptr(const void *base, graze_site_t site) {
  const int cpu = graze_smp_processor_id(site);
  kernel::internal::bh_commit(graze_current(), site);
  return graze_percpu_ptr(base, cpu, site);
}

}  // extern "C"
