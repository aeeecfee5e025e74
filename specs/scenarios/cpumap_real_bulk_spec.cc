// SPDX-License-Identifier: MIT
// Upstream's own staging queue of eight: a poll of eight frames fills it, one of nine flushes it from inside. The map stays in use, which
// keeps the executions few.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void RealBulk(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  auto poll = [map, &variant] { cpumap::Poll(kPollCpu, map, kKey, SetupOf(variant).frames); };
  kernel::task_join(StartTask("napi/0", poll, kPollCpu));
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.RealBulk",
    .summary = "one poll of nine frames with upstream's staging queue of eight",
    .body = &RealBulk,
    .at_end = &JudgeExecution,
    .variants = {MakeVariant(
        {.qsize = 16, .frames = 9, .map_operations = 1, .bounds = {.bulk = 8, .batch = 8, .ring_batch = 1}, .kthread_outlives = true})},
    .rules = TrafficRules({kFifo}),
    .leak_check = false,
});

}  // namespace
}  // namespace specs
