// SPDX-License-Identifier: MIT
// An entry is replaced and its successor deleted while a poll stages frames, which may go to either entry or to none.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void ReplaceUnderTraffic(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  auto poll = [map, &variant] { cpumap::Poll(kPollCpu, map, kKey, SetupOf(variant).frames); };
  const kernel::thread_id napi = StartTask("napi/0", poll, kPollCpu);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  cpumap::Delete(map, kKey);
  kernel::task_join(napi);
  cpumap::MapPut(map);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.ReplaceUnderTraffic",
    .summary = "an entry is replaced and its successor deleted while a poll stages and flushes",
    .body = &ReplaceUnderTraffic,
    .at_end = &JudgeExecution,
    .variants = Masked({.qsize = 2, .frames = 2, .frames_min = 2, .map_operations = 3, .bounds = {.bulk = 2, .batch = 2, .ring_batch = 1}}),
    .rules = TrafficAndTeardownRules({kFifo}),
});

}  // namespace
}  // namespace specs
