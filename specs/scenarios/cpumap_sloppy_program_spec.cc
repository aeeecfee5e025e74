// SPDX-License-Identifier: MIT
// A program asks for a redirect and does not do it; its entry goes; a later run on that CPU redirects without asking.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/sloppy_program.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void SloppyProgram(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  auto first = [map] {
    cpumap::PollBegin(kPollCpu);
    AskThenPass(map, kKey);
    cpumap::PollEnd();
  };
  kernel::task_join(StartTask("napi/0", first, kPollCpu));
  cpumap::Delete(map, kKey);
  auto second = [] {
    cpumap::PollBegin(kPollCpu);
    RedirectWithoutAsking(cpumap::DeviceProg());
    cpumap::PollEnd();
  };
  kernel::task_join(StartTask("napi/0 later", second, kPollCpu));
  cpumap::MapPut(map);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.SloppyProgram",
    .summary = "a program asks for a redirect without doing it, the entry is deleted, a later run redirects without asking",
    .body = &SloppyProgram,
    .at_end = &JudgeExecution,
    .variants = Masked({.frames = 1, .map_operations = 2}),
    .rules = {kUaf},
});

}  // namespace
}  // namespace specs
