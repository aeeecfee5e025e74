// SPDX-License-Identifier: MIT
// The map goes right after a delete: it detaches the entry that is left while the teardown of the other is under way.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void MapFreeAfterDelete(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  cpumap::Update(map, kOtherKey, SetupOf(variant).qsize);
  auto poll = [map, &variant] { cpumap::Poll(kPollCpu, map, kKey, SetupOf(variant).frames); };
  kernel::task_join(StartTask("napi/0", poll, kPollCpu));
  cpumap::Delete(map, kKey);
  cpumap::MapPut(map);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.MapFreeAfterDelete",
    .summary = "one entry is deleted and the map freed at once, with another entry attached",
    .body = &MapFreeAfterDelete,
    .at_end = &JudgeExecution,
    .variants = Masked({.keys = 2, .frames = 1, .frames_min = 1, .map_operations = 3}),
    .rules = TrafficAndTeardownRules(),
});

}  // namespace
}  // namespace specs
