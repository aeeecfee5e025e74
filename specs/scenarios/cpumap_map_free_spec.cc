// SPDX-License-Identifier: MIT
// The map is freed with an entry in it right after a poll: the entry is detached by the map free itself.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void MapFreeDetaches(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  auto poll = [map, &variant] { cpumap::Poll(kPollCpu, map, kKey, SetupOf(variant).frames); };
  kernel::task_join(StartTask("napi/0", poll, kPollCpu));
  cpumap::MapPut(map);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.MapFreeDetaches",
    .summary = "the map is freed with its entry attached, right after a poll",
    .body = &MapFreeDetaches,
    .at_end = &JudgeExecution,
    .variants = Together({MaskedUnderEveryRcu({.frames = 1, .frames_min = 1, .map_operations = 1}),
                          // Where D05 ends StageDeleteFlush, this shows D02.
                          Unmasked({.needs = {&cpumap::Generation::flushes_at_free}, .frames = 1, .frames_min = 1, .map_operations = 1})}),
    .rules = TrafficAndTeardownRules(),
});

}  // namespace
}  // namespace specs
