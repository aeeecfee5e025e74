// SPDX-License-Identifier: MIT
// A faulty driver ends its poll without a flush; the entry goes; the next poll on that CPU flushes.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void DriverForgetsFlush(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  auto forgetful = [map] {
    cpumap::PollBegin(kPollCpu);
    cpumap::Receive(map, kKey);
    cpumap::PollEnd(false);
  };
  kernel::task_join(StartTask("napi/0", forgetful, kPollCpu));
  cpumap::Delete(map, kKey);
  kernel::wait_for_quiescence();
  auto good = [] {
    cpumap::PollBegin(kPollCpu);
    cpumap::PollEnd();
  };
  kernel::task_join(StartTask("napi/0 later", good, kPollCpu));
  cpumap::MapPut(map);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.DriverForgetsFlush",
    .summary = "a driver forgets the flush of one poll, the entry is deleted, the next poll flushes",
    .body = &DriverForgetsFlush,
    .at_end = &JudgeExecution,
    .variants = Masked({.frames = 1, .map_operations = 2}),
    .rules = {kUaf},
});

}  // namespace
}  // namespace specs
