// SPDX-License-Identifier: MIT
// Two polls of one CPU through a ring of two slots that the consumer zeroes two at a time: the ring wraps, looks full while it is not, and
// keeps the order of staging.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void RingWraps(const graze::Variant& variant) {
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
    .name = "Cpumap.RingWraps",
    .summary = "two polls push three frames through a ring of two slots zeroed in pairs",
    .body = &RingWraps,
    .at_end = &JudgeExecution,
    .variants = Masked({.qsize = 2, .frames = 3, .frames_min = 2, .map_operations = 2, .bounds = {.bulk = 2, .batch = 1, .ring_batch = 2}}),
    .rules = TrafficAndTeardownRules({kFifo}),
});

}  // namespace
}  // namespace specs
