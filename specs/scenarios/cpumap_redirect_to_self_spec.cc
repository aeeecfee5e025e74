// SPDX-License-Identifier: MIT
// A program redirects a frame back into the ring that its own kthread consumes, while the entry is deleted: consumer and producer are one.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/entry_programs.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void RedirectToSelf(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  const int program = LoadRedirectingProgram(map, kKey);
  cpumap::Update(map, kKey, SetupOf(variant).qsize, program);
  auto poll = [map, &variant] { cpumap::Poll(kPollCpu, map, kKey, SetupOf(variant).frames); };
  kernel::task_join(StartTask("napi/0", poll, kPollCpu));
  cpumap::ProgClose(program);
  cpumap::Delete(map, kKey);
  cpumap::MapPut(map);
}

// One slot of the ring is consumed and not zeroed when the first frame comes back: there is no room for it.
[[maybe_unused]] const bool full_registered = graze::RegisterScenario({
    .name = "Cpumap.RedirectToFullRing",
    .summary = "the program of an entry sends each frame once more through its own entry, whose ring looks full",
    .body = &RedirectToSelf,
    .at_end = &JudgeExecution,
    .variants = Masked({.needs = {&cpumap::Generation::has_prog},
                        .qsize = 2,
                        .frames = 2,
                        .frames_min = 1,
                        .map_operations = 2,
                        .bounds = {.bulk = 2, .batch = 1, .ring_batch = 2}}),
    .rules = TrafficAndTeardownRules({kProg}),
});

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.RedirectToSelf",
    .summary = "the program of an entry sends each frame once more through its own entry, which is deleted",
    .body = &RedirectToSelf,
    .at_end = &JudgeExecution,
    .variants = Masked({.needs = {&cpumap::Generation::has_prog}, .frames = 1, .frames_min = 1, .map_operations = 2}),
    .rules = TrafficAndTeardownRules({kProg}),
});

}  // namespace
}  // namespace specs
