// SPDX-License-Identifier: MIT
// A packet without room for the frame header is refused and stays with the driver; the next one of the same poll is taken.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void NoHeadroom(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  auto poll = [map] {
    cpumap::PollBegin(kPollCpu);
    cpumap::Receive(map, kKey, {.headroom = 8});
    cpumap::Receive(map, kKey);
    cpumap::PollEnd();
  };
  kernel::task_join(StartTask("napi/0", poll, kPollCpu));
  cpumap::Delete(map, kKey);
  cpumap::MapPut(map);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.NoHeadroom",
    .summary = "a poll brings a packet without room for the frame header, and one with it",
    .body = &NoHeadroom,
    .at_end = &JudgeExecution,
    .variants = Masked({.frames = 2, .map_operations = 2}),
    .rules = TrafficAndTeardownRules(),
});

}  // namespace
}  // namespace specs
