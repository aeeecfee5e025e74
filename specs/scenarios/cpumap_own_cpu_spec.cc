// SPDX-License-Identifier: MIT
// The poll runs on the CPU of the entry's kthread: their BH-off regions exclude each other.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void EnqueueOnOwnCpu(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  auto poll = [map, &variant] { cpumap::Poll(static_cast<int>(kKey), map, kKey, SetupOf(variant).frames); };
  const kernel::thread_id napi = StartTask("napi/1", poll, static_cast<int>(kKey));
  cpumap::Delete(map, kKey);
  kernel::task_join(napi);
  cpumap::MapPut(map);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.EnqueueOnOwnCpu",
    .summary = "a poll on the CPU of the kthread stages and flushes while the entry is deleted",
    .body = &EnqueueOnOwnCpu,
    .at_end = &JudgeExecution,
    .variants = Masked({.frames = 1, .frames_min = 1, .map_operations = 2}),
    .rules = TrafficAndTeardownRules(),
});

}  // namespace
}  // namespace specs
