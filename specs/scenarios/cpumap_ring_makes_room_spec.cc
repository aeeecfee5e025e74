// SPDX-License-Identifier: MIT
// Two polls on the CPU of the kthread, whose BH-off regions keep out of them: what the kthread took between the
// polls is known to be gone from the ring, so that the second may not be refused.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/entry_programs.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void RingMakesRoom(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  const int program = LoadPassingProgram();
  cpumap::Update(map, kKey, SetupOf(variant).qsize, program);
  auto polls = [map, &variant] {
    cpumap::Poll(static_cast<int>(kKey), map, kKey, SetupOf(variant).frames - 1);
    cpumap::Poll(static_cast<int>(kKey), map, kKey, 1);
  };
  kernel::task_join(StartTask("napi/1", polls, static_cast<int>(kKey)));
  cpumap::ProgClose(program);
  cpumap::Delete(map, kKey);
  cpumap::MapPut(map);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.RingMakesRoom",
    .summary = "a poll finds room again in a ring whose consumer took a frame between two polls",
    .body = &RingMakesRoom,
    .at_end = &JudgeExecution,
    .variants = Masked({.qsize = 2,
                        .frames = 3,
                        .frames_min = 2,
                        .map_operations = 2,
                        .bounds = {.bulk = 2, .batch = 1, .ring_batch = 1},
                        .bh_always_excludes = true}),
    .rules = TrafficAndTeardownRules({kFifo, kProg}),
});

}  // namespace
}  // namespace specs
