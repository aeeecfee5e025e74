// SPDX-License-Identifier: MIT
// Upstream's own sizes: a ring of 32 slots is zeroed sixteen at a time, so that it looks full to the last frames of the poll although a
// batch has been taken out of it. The poll runs on the kthread's CPU, so that the kthread gets no further than its first batch before
// the poll ends, which keeps the executions few.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/entry_programs.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void Ring32(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  const int program = LoadPassingProgram();
  cpumap::Update(map, kKey, SetupOf(variant).qsize, program);
  auto poll = [map, &variant] { cpumap::Poll(static_cast<int>(kKey), map, kKey, SetupOf(variant).frames); };
  kernel::task_join(StartTask("napi/1", poll, static_cast<int>(kKey)));
  cpumap::ProgClose(program);
  cpumap::Delete(map, kKey);
  cpumap::MapPut(map);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.Ring32",
    .summary = "one poll brings 34 frames for a ring of 32 slots that are zeroed sixteen at a time",
    .body = &Ring32,
    .at_end = &JudgeExecution,
    .variants = Masked({.qsize = 32,
                        .frames = 34,
                        .frames_min = 2,
                        .map_operations = 2,
                        .bounds = {.bulk = 8, .batch = 8, .ring_batch = 0},
                        .bh_always_excludes = true}),
    .rules = TrafficAndTeardownRules({kFifo, kProg}),
});

}  // namespace
}  // namespace specs
