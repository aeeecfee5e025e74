// SPDX-License-Identifier: MIT
// A CPU that staged for an entry polls again when the entry is long gone: nothing of the entry may be left in the CPU's flush list.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void FlushAfterTeardown(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  auto poll = [map, &variant] { cpumap::Poll(kPollCpu, map, kKey, SetupOf(variant).frames); };
  kernel::task_join(StartTask("napi/0", poll, kPollCpu));
  cpumap::Delete(map, kKey);
  kernel::wait_for_quiescence();
  auto empty = [map] { cpumap::Poll(kPollCpu, map, kKey, 0); };
  kernel::task_join(StartTask("napi/0 later", empty, kPollCpu));
  cpumap::MapPut(map);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.FlushAfterTeardown",
    .summary = "a CPU that staged for an entry flushes again when the entry is gone",
    .body = &FlushAfterTeardown,
    .at_end = &JudgeExecution,
    .variants = MaskedUnderEveryRcu({.frames = 1, .frames_min = 1, .map_operations = 2}),
    .rules = TrafficAndTeardownRules(),
});

}  // namespace
}  // namespace specs
