// SPDX-License-Identifier: MIT
// As DriverForgetsFlush, but that CPU never polls again: nothing touches what is freed, and the frame and the link stay behind.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void DriverForgetsForGood(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  auto forgetful = [map] {
    cpumap::PollBegin(kPollCpu);
    cpumap::Receive(map, kKey);
    cpumap::PollEnd(false);
  };
  kernel::task_join(StartTask("napi/0", forgetful, kPollCpu));
  cpumap::Delete(map, kKey);
  cpumap::MapPut(map);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.DriverForgetsForGood",
    .summary = "a driver forgets the flush of its last poll and the entry is deleted",
    .body = &DriverForgetsForGood,
    .at_end = &JudgeExecution,
    .variants = Masked({.frames = 1, .map_operations = 2}),
    .rules = TeardownRules(),
});

}  // namespace
}  // namespace specs
