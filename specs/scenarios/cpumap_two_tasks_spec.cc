// SPDX-License-Identifier: MIT
// Two tasks run polls on one CPU, and the second finds the staging queue of an entry full if the first has been there. Where BH-off regions
// do not exclude each other, either may interrupt the other anywhere.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

std::vector<graze::Variant> Configurations(unsigned keys) {
  Setup setup = {.needs = {&cpumap::Generation::has_task_flush_list},
                 .keys = keys,
                 .qsize = 4,
                 .frames = keys + 1,
                 .map_operations = keys,
                 .kthread_outlives = true};
  std::vector<graze::Variant> all = Unmasked(setup);
  setup.preempt_rt = true;
  all = Together({all, Unmasked(setup)});
  setup.rt_bh_lock = false;
  return Together({all, Unmasked(setup)});
}

void TwoTasks(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  const auto one = [map] { cpumap::Poll(kPollCpu, map, kKey, 1); };
  RunBoth("napi/0 A", one, "napi/0 B", one, kPollCpu, kPollCpu);
}

void TwoTasksTwoEntries(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  cpumap::Update(map, kOtherKey, SetupOf(variant).qsize);
  const auto both = [map] {
    cpumap::PollBegin(kPollCpu);
    cpumap::Receive(map, kKey);
    cpumap::Receive(map, kOtherKey);
    cpumap::PollEnd();
  };
  const auto one = [map] { cpumap::Poll(kPollCpu, map, kKey, 1); };
  RunBoth("napi/0 A", both, "napi/0 B", one, kPollCpu, kPollCpu);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.TwoTasks",
    .summary = "two tasks poll on one CPU, each for the same entry",
    .body = &TwoTasks,
    .at_end = &JudgeExecution,
    .variants = Configurations(1),
    .rules = TrafficRules(),
    .leak_check = false,
});

[[maybe_unused]] const bool two_entries_registered = graze::RegisterScenario({
    .name = "Cpumap.TwoTasksTwoEntries",
    .summary = "two tasks poll on one CPU, one for two entries, one for one of them",
    .body = &TwoTasksTwoEntries,
    .at_end = &JudgeExecution,
    .variants = Configurations(2),
    .rules = TrafficRules(),
    .leak_check = false,
});

}  // namespace
}  // namespace specs
