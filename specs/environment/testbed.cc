// SPDX-License-Identifier: MIT
#include "specs/environment/testbed.h"

#include <deque>

#include "model/cpumap/syscall.h"
#include "model/kernel/config.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

std::string MasksOf(const Setup& setup) {
  std::string text = setup.start_ran ? "start=ran" : "";
  if (setup.stop_signal) text += text.empty() ? "stop=signal" : " stop=signal";
  if (setup.stop_acquire) text += text.empty() ? "should_stop=acquire" : " should_stop=acquire";
  return text;
}

}  // namespace

graze::Variant MakeVariant(const Setup& setup) {
  static std::deque<Setup>* const setups = new std::deque<Setup>;
  const Setup& kept = setups->emplace_back(setup);
  graze::Variant variant;
  variant.generation = kept.generation->name;
  variant.configuration = MasksOf(kept);
  const auto bound = [&](const char* name, unsigned value) { variant.bounds.push_back({name, std::to_string(value)}); };
  bound("CPUs", kept.cpus);
  bound("keys", kept.keys);
  bound("frames", kept.frames);
  bound("map operations", kept.map_operations);
  bound("bulk", kept.bounds.bulk);
  bound("ring size", kept.qsize);
  bound("ring batch", kept.bounds.ring_batch);
  bound("consumer batch", kept.bounds.batch);
  if (kept.allocation_failures > 0) bound("allocation failures", kept.allocation_failures);
  if (kept.start_ran) variant.bounds.push_back({"start", "ran"});
  if (kept.stop_signal) variant.bounds.push_back({"stop", "signal"});
  if (kept.stop_acquire) variant.bounds.push_back({"should_stop", "acquire"});
  variant.arg = &kept;
  return variant;
}

std::vector<graze::Variant> UnderEveryMask(const Setup& setup) {
  std::vector<graze::Variant> variants;
  for (const bool start_ran : {false, true}) {
    for (const bool stop_signal : {false, true}) {
      Setup masked = setup;
      masked.start_ran = start_ran;
      masked.stop_signal = stop_signal;
      variants.push_back(MakeVariant(masked));
    }
  }
  variants.push_back(Masked(setup));
  return variants;
}

graze::Variant Masked(Setup setup) {
  setup.start_ran = setup.stop_signal = setup.stop_acquire = true;
  return MakeVariant(setup);
}

const Setup& SetupOf(const graze::Variant& variant) { return *static_cast<const Setup*>(variant.arg); }

kernel::bpf_map* BootAndCreateMap(const graze::Variant& variant) {
  const Setup& setup = SetupOf(variant);
  kernel::KernelConfig config;
  config.start_ran = setup.start_ran;
  config.stop_sets_signal = setup.stop_signal;
  config.should_stop_acquire = setup.stop_acquire;
  config.nr_cpu_ids = config.nr_cpumask_bits = setup.cpus;
  config.kthreads_are_daemons = setup.kthread_outlives;
  config.alloc_failures = setup.allocation_failures;
  cpumap::Boot(*setup.generation, setup.bounds, config);
  return cpumap::MapCreate({.max_entries = setup.cpus});
}

void JudgeExecution(const graze::Variant& variant, graze::Execution& execution) {
  const History history(execution, *SetupOf(variant).generation);
  CheckAll(history, execution);
  if (SetupOf(variant).kthread_outlives) CheckNoSleepOnFrames(history, execution);
}

}  // namespace specs
