// SPDX-License-Identifier: MIT
// As SloppyProgram, but the program and the whole map go: the map's end clears what the program left behind, or the kernel knows that it
// was another one, so that the later run is refused. With prog=recycled the next program lies where the first one was.
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
  kernel::bpf_prog* const next = SetupOf(variant).prog_recycled ? cpumap::DeviceProg() : cpumap::NewDeviceProg();
  auto second = [next] {
    cpumap::PollBegin(kPollCpu);
    RedirectWithoutAsking(next);
    cpumap::PollEnd();
  };
  kernel::task_join(StartTask("napi/0 later", second, kPollCpu));
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.SloppyMapFree",
    .summary = "a program asks for a redirect without doing it, the map is freed, a later run redirects without asking",
    .body = &SloppyMapFree,
    .at_end = &JudgeExecution,
    .variants =
        Together({Masked({.frames = 1, .map_operations = 1}),
                  Masked({.needs = {&cpumap::Generation::has_map_owner}, .prog_recycled = true, .frames = 1, .map_operations = 1})}),
    .rules = All({TeardownRules(), {kOnce}}),
});

}  // namespace
}  // namespace specs
