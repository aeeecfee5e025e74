// SPDX-License-Identifier: MIT
#include "specs/environment/testbed.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "model/cpumap/syscall.h"
#include "model/kernel/config.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

// Generations that have what the setup needs.
std::vector<const cpumap::Generation*> Applicable(const Setup& setup) {
  std::vector<const cpumap::Generation*> all;
  for (const cpumap::Generation* generation : cpumap::Generations()) {
    if (std::ranges::all_of(setup.needs, [&](bool cpumap::Generation::* capability) { return generation->*capability; })) {
      all.push_back(generation);
    }
  }
  return all;
}

// The setup with those masks that the generation's kernel does not make superfluous.
Setup WithMasks(Setup setup, bool start_ran, bool stop_signal, bool stop_acquire) {
  setup.start_ran = start_ran && !setup.generation->has_start_handshake;
  setup.stop_signal = stop_signal && !setup.generation->has_stop_signal;
  setup.stop_acquire = stop_acquire;
  return setup;
}

// Invariants that speak of what the generation does not have.
std::vector<std::string> RulesWithoutObject(const cpumap::Generation& generation) {
  std::vector<std::string> rules;
  if (!generation.has_refcount) rules.emplace_back(kRef);
  if (!generation.has_prog) rules.emplace_back(kProg);
  if (!generation.has_flush_bitmap) rules.emplace_back(kBit);
  if (!generation.has_flush_list) rules.insert(rules.end(), {kList, kUnlink});
  return rules;
}

std::string ConfigurationOf(const Setup& setup) {
  std::string text;
  const auto add = [&text](bool on, const char* word) {
    if (on) text += (text.empty() ? "" : " ") + std::string(word);
  };
  add(setup.rcu_preempt, "rcu=preempt");
  add(setup.hotplug, "hotplug");
  add(setup.prog_recycled, "prog=recycled");
  add(setup.start_ran, "start=ran");
  add(setup.stop_signal, "stop=signal");
  add(setup.stop_acquire, "should_stop=acquire");
  add(setup.stop_without_signal, "stop=no-signal");
  add(setup.preempt_rt, setup.rt_bh_lock ? "rt=bh-lock" : "rt=no-bh-lock");
  return text;
}

// As people read them.
std::vector<graze::Bound> BoundsOf(const Setup& setup) {
  std::vector<graze::Bound> bounds;
  const auto bound = [&](const char* name, unsigned value) { bounds.push_back({name, std::to_string(value)}); };
  bound("CPUs", setup.cpus);
  bound("keys", setup.keys);
  bound("frames", setup.frames);
  bound("map operations", setup.map_operations);
  bound("bulk", setup.bounds.bulk);
  bound("ring size", setup.qsize);
  bound("ring batch", setup.bounds.ring_batch);
  bound("consumer batch", setup.bounds.batch);
  if (setup.allocation_failures > 0) bound("allocation failures", setup.allocation_failures);
  if (setup.start_ran) bounds.push_back({"start", "ran"});
  if (setup.stop_signal) bounds.push_back({"stop", "signal"});
  if (setup.stop_acquire) bounds.push_back({"should_stop", "acquire"});
  if (setup.stop_without_signal) bounds.push_back({"stop", "no-signal"});
  if (setup.preempt_rt) bounds.push_back({"rt", setup.rt_bh_lock ? "bh-lock" : "no-bh-lock"});
  // Where a switch of tasks would order what they do, only locks do here.
  if (setup.preempt_rt && !setup.rt_bh_lock) bounds.push_back({"tasks of one CPU", "like CPUs"});
  return bounds;
}

// A size that is no part of the story.
struct SettableSize {
  const char* name;
  unsigned* value;
  unsigned min, max;
};

std::vector<SettableSize> SettableSizes(Setup* setup) {
  constexpr unsigned kFramesMax = 128;      // two polls of as many as NAPI lets one bring
  constexpr unsigned kRingSizeMax = 16384;  // of an update
  constexpr unsigned kRingBatchMax = 16;    // pointers in two cache lines; 0: as upstream computes it
  constexpr unsigned kFailuresMax = 4;
  const cpumap::Bounds& real = setup->generation->real;
  const bool traffic = setup->frames > 0;
  std::vector<SettableSize> sizes;
  const auto add = [&](bool settable, const char* name, unsigned* value, unsigned min, unsigned max) {
    if (settable) sizes.push_back({name, value, min, max});
  };
  add(setup->frames_min > 0, "frames", &setup->frames, setup->frames_min, kFramesMax);
  add(traffic, "bulk", &setup->bounds.bulk, 1, real.bulk);
  add(!setup->qsize_fixed, "ring size", &setup->qsize, 1, kRingSizeMax);
  add(traffic, "ring batch", &setup->bounds.ring_batch, 0, kRingBatchMax);
  add(traffic && real.batch > 0, "consumer batch", &setup->bounds.batch, 1, real.batch);
  add(setup->allocation_failures > 0, "allocation failures", &setup->allocation_failures, 1, kFailuresMax);
  return sizes;
}

// Leaked on purpose: variants point to them.
Setup& Keep(const Setup& setup) {
  static std::deque<Setup>* const setups = new std::deque<Setup>;
  return setups->emplace_back(setup);
}

bool WithSizes(const graze::Variant& variant, const std::vector<uint64_t>& values, graze::Variant* changed, std::string* why_not) {
  Setup setup = SetupOf(variant);
  const std::vector<SettableSize> sizes = SettableSizes(&setup);
  for (size_t i = 0; i < sizes.size(); ++i) *sizes[i].value = static_cast<unsigned>(values[i]);
  if (setup.bounds.ring_batch > setup.qsize) {
    *why_not = "a ring-batch of " + std::to_string(setup.bounds.ring_batch) + " is more than the ring-size " + std::to_string(setup.qsize);
    return false;
  }
  *changed = variant;
  changed->bounds = BoundsOf(setup);
  changed->arg = &Keep(setup);
  return true;
}

}  // namespace

graze::Variant MakeVariant(const Setup& setup) {
  Setup& kept = Keep(setup);
  graze::Variant variant;
  variant.generation = kept.generation->name;
  variant.configuration = ConfigurationOf(kept);
  variant.bounds = BoundsOf(kept);
  variant.arg = &kept;
  variant.without_rules = RulesWithoutObject(*kept.generation);
  for (const SettableSize& size : SettableSizes(&kept)) variant.settable.push_back({size.name, *size.value, size.min, size.max});
  variant.rebound = &WithSizes;
  return variant;
}

std::vector<graze::Variant> Unmasked(const Setup& setup) {
  std::vector<graze::Variant> variants;
  for (const cpumap::Generation* generation : Applicable(setup)) {
    Setup each = setup;
    each.generation = generation;
    variants.push_back(MakeVariant(each));
  }
  return variants;
}

std::vector<graze::Variant> Masked(const Setup& setup) {
  std::vector<graze::Variant> variants;
  for (const cpumap::Generation* generation : Applicable(setup)) {
    Setup each = setup;
    each.generation = generation;
    variants.push_back(MakeVariant(WithMasks(each, true, true, true)));
  }
  return variants;
}

std::vector<graze::Variant> MaskedUnderEveryRcu(const Setup& setup) {
  Setup preemptible = setup;
  preemptible.needs.push_back(&cpumap::Generation::has_rcu_flavours);
  preemptible.rcu_preempt = true;
  return Together({Masked(setup), Masked(preemptible)});
}

std::vector<graze::Variant> UnderEveryMask(const Setup& setup) {
  constexpr bool kCombinations[][3] = {
      {false, false, false}, {false, true, false}, {true, false, false}, {true, true, false}, {true, true, true}};
  std::vector<graze::Variant> variants;
  for (const cpumap::Generation* generation : Applicable(setup)) {
    Setup each = setup;
    each.generation = generation;
    std::vector<std::string> made;
    for (const auto& [start_ran, stop_signal, stop_acquire] : kCombinations) {
      graze::Variant variant = MakeVariant(WithMasks(each, start_ran, stop_signal, stop_acquire));
      // Where a mask is superfluous, combinations coincide.
      if (std::ranges::find(made, variant.configuration) != made.end()) continue;
      made.push_back(variant.configuration);
      variants.push_back(std::move(variant));
    }
  }
  return variants;
}

std::vector<graze::Variant> Together(std::initializer_list<std::vector<graze::Variant>> sets) {
  std::vector<graze::Variant> all;
  for (const std::vector<graze::Variant>& some : sets) all.insert(all.end(), some.begin(), some.end());
  return all;
}

const Setup& SetupOf(const graze::Variant& variant) { return *static_cast<const Setup*>(variant.arg); }

kernel::bpf_map* BootAndCreateMap(const graze::Variant& variant) {
  const Setup& setup = SetupOf(variant);
  kernel::KernelConfig config;
  config.start_ran = setup.start_ran;
  config.stop_sets_signal = setup.stop_signal || (setup.generation->has_stop_signal && !setup.stop_without_signal);
  config.preempt_rt = setup.preempt_rt;
  config.rt_bh_lock = setup.rt_bh_lock;
  config.should_stop_acquire = setup.stop_acquire;
  config.bh_is_rcu_reader = !setup.rcu_preempt;
  config.hotplug = setup.hotplug;
  config.nr_cpu_ids = config.nr_cpumask_bits = setup.cpus;
  config.kthreads_are_daemons = setup.kthread_outlives;
  config.alloc_failures = setup.allocation_failures;
  if (setup.bh_always_excludes) config.bh_exclusion = kernel::BhExclusion::kAlways;
  cpumap::Boot(*setup.generation, setup.bounds, config);
  return cpumap::MapCreate({.max_entries = setup.cpus});
}

void JudgeExecution(const graze::Variant& variant, graze::Execution& execution) {
  const History history(execution, *SetupOf(variant).generation);
  CheckAll(history, execution);
  if (SetupOf(variant).kthread_outlives) CheckNoSleepOnFrames(history, execution);
}

}  // namespace specs
