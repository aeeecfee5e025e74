// SPDX-License-Identifier: MIT
// A poll brings more frames than the ring takes, the next poll one more: what is dropped is dropped once, and nothing of it stays staged.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void FullRing(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  auto polls = [map, &variant] {
    cpumap::Poll(kPollCpu, map, kKey, SetupOf(variant).frames - 1);
    cpumap::Poll(kPollCpu, map, kKey, 1);
  };
  kernel::task_join(StartTask("napi/0", polls, kPollCpu));
  cpumap::Delete(map, kKey);
  cpumap::MapPut(map);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.FullRing",
    .summary = "a poll overfills a ring of one slot, the next poll brings one more frame",
    .body = &FullRing,
    .at_end = &JudgeExecution,
    .variants = Masked({.qsize = 1, .frames = 3, .frames_min = 2, .map_operations = 2, .bounds = {.bulk = 2, .batch = 1, .ring_batch = 1}}),
    .rules = TrafficAndTeardownRules({kFifo}),
});

}  // namespace
}  // namespace specs
