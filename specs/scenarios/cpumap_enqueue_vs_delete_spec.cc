// SPDX-License-Identifier: MIT
// A poll stages and flushes while the entry is deleted and its kthread is stopped, in every order.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void EnqueueVsDelete(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  auto poll = [map, &variant] { cpumap::Poll(kPollCpu, map, kKey, SetupOf(variant).frames); };
  const kernel::thread_id napi = StartTask("napi/0", poll, kPollCpu);
  cpumap::Delete(map, kKey);
  kernel::task_join(napi);
  cpumap::MapPut(map);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.EnqueueVsDelete",
    .summary = "a poll stages and flushes while the entry is deleted and its kthread stopped",
    .body = &EnqueueVsDelete,
    .at_end = &JudgeExecution,
    .variants = MaskedUnderEveryRcu({.frames = 1, .frames_min = 1, .map_operations = 2}),
    .rules = TrafficAndTeardownRules(),
});

}  // namespace
}  // namespace specs
