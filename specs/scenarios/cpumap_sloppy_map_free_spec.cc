// SPDX-License-Identifier: MIT
// As SloppyProgram, but the whole map goes: its end clears what a program left behind, so that the later run is refused.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/sloppy_program.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void SloppyMapFree(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  auto first = [map] {
    cpumap::PollBegin(kPollCpu);
    AskThenPass(map, kKey);
    cpumap::PollEnd();
  };
  kernel::task_join(StartTask("napi/0", first, kPollCpu));
  cpumap::MapPut(map);
  kernel::wait_for_quiescence();
  auto second = [] {
    cpumap::PollBegin(kPollCpu);
    RedirectWithoutAsking();
    cpumap::PollEnd();
  };
  kernel::task_join(StartTask("napi/0 later", second, kPollCpu));
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.SloppyMapFree",
    .summary = "a program asks for a redirect without doing it, the map is freed, a later run redirects without asking",
    .body = &SloppyMapFree,
    .at_end = &JudgeExecution,
    .variants = Masked({.frames = 1, .map_operations = 1}),
    .rules = All({TeardownRules(), {kOnce}}),
});

}  // namespace
}  // namespace specs
