// SPDX-License-Identifier: MIT
// Two tasks run polls on one CPU, and the second finds the staging queue of an entry full if the first has been there. Where BH-off regions
// do not exclude each other, either may interrupt the other anywhere.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

std::vector<graze::Variant> Configurations(Setup setup) {
  setup.needs = {&cpumap::Generation::has_task_flush_list};
  setup.kthread_outlives = true;
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

// The queue is full when the second task starts: that it may fill it itself, frame by frame, is left out.
void TwoTasksFullQueue(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  auto one = [map] { cpumap::Poll(kPollCpu, map, kKey, 1); };
  kernel::thread_id second = {};
  auto rest = [map, &variant, &one, &second] {
    cpumap::PollBegin(kPollCpu);
    for (unsigned frame = 1; frame < SetupOf(variant).frames; ++frame) cpumap::Receive(map, kKey);
    second = StartTask("napi/0 B", one, kPollCpu);
    cpumap::PollEnd();
  };
  kernel::task_join(StartTask("napi/0 A", rest, kPollCpu));
  kernel::task_join(second);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.TwoTasks",
    .summary = "two tasks poll on one CPU, each for the same entry",
    .body = &TwoTasks,
    .at_end = &JudgeExecution,
    .variants = Configurations({.qsize = 4, .frames = 2, .map_operations = 1}),
    .rules = TrafficRules(),
    .leak_check = false,
});

[[maybe_unused]] const bool two_entries_registered = graze::RegisterScenario({
    .name = "Cpumap.TwoTasksTwoEntries",
    .summary = "two tasks poll on one CPU, one for two entries, one for one of them",
    .body = &TwoTasksTwoEntries,
    .at_end = &JudgeExecution,
    .variants = Configurations({.keys = 2, .qsize = 4, .frames = 3, .map_operations = 2}),
    .rules = TrafficRules(),
    .leak_check = false,
});

[[maybe_unused]] const bool full_queue_registered = graze::RegisterScenario({
    .name = "Cpumap.TwoTasksFullQueue",
    .summary = "one task has filled the staging queue of an entry with two frames, another one of its CPU brings a third",
    .body = &TwoTasksFullQueue,
    .at_end = &JudgeExecution,
    .variants =
        Configurations({.qsize = 4, .frames = 3, .frames_min = 2, .map_operations = 1, .bounds = {.bulk = 2, .batch = 1, .ring_batch = 1}}),
    .rules = TrafficRules(),
    .leak_check = false,
});

}  // namespace
}  // namespace specs
