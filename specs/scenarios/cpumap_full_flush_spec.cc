// SPDX-License-Identifier: MIT
// More frames than a staging queue holds: the queue is flushed from inside the poll as well, into a ring that may be full, during a delete.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void FullFlush(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  auto poll = [map, &variant] { cpumap::Poll(kPollCpu, map, kKey, SetupOf(variant).frames); };
  const kernel::thread_id napi = StartTask("napi/0", poll, kPollCpu);
  cpumap::Delete(map, kKey);
  kernel::task_join(napi);
  cpumap::MapPut(map);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.FullFlush",
    .summary = "a poll overfills its staging queue and the ring while the entry is deleted",
    .body = &FullFlush,
    .at_end = &JudgeExecution,
    .variants = MaskedUnderEveryRcu({.qsize = 1, .frames = 2, .frames_min = 2, .map_operations = 2}),
    .rules = TrafficAndTeardownRules({kFifo}),
});

}  // namespace
}  // namespace specs
