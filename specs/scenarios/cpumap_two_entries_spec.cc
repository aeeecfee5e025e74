// SPDX-License-Identifier: MIT
// One poll stages for two entries: the flush list of its CPU has two queues, and the entry of one is deleted meanwhile.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void TwoEntries(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  cpumap::Update(map, kOtherKey, SetupOf(variant).qsize);
  auto poll = [map] {
    cpumap::PollBegin(kPollCpu);
    cpumap::Receive(map, kKey);
    cpumap::Receive(map, kOtherKey);
    cpumap::PollEnd();
  };
  const kernel::thread_id napi = StartTask("napi/0", poll, kPollCpu);
  cpumap::Delete(map, kKey);
  kernel::task_join(napi);
  cpumap::MapPut(map);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.TwoEntries",
    .summary = "one poll stages for two entries and flushes both while one of them is deleted",
    .body = &TwoEntries,
    .at_end = &JudgeExecution,
    .variants = Masked({.keys = 2, .frames = 2, .map_operations = 3}),
    .rules = TrafficAndTeardownRules(),
});

}  // namespace
}  // namespace specs
