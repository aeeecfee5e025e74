// SPDX-License-Identifier: MIT
// Traffic without teardown: whatever the kthread does meanwhile, no frame stays in the ring.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void EnqueueDelivers(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  auto poll = [map, &variant] { cpumap::Poll(kPollCpu, map, kKey, SetupOf(variant).frames); };
  kernel::task_join(StartTask("napi/0", poll, kPollCpu));
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.EnqueueDelivers",
    .summary = "a poll hands frames to an entry that stays; its kthread must not sleep on them",
    .body = &EnqueueDelivers,
    .at_end = &JudgeExecution,
    .variants = Unmasked({.frames = 1, .frames_min = 1, .map_operations = 1, .kthread_outlives = true}),
    .rules = TrafficRules(),
    .leak_check = false,
});

}  // namespace
}  // namespace specs
