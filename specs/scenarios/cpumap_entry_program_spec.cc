// SPDX-License-Identifier: MIT
// An entry carries a program that does anything with a frame but redirect it to an entry; the entry is deleted meanwhile.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/entry_programs.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void EntryProgram(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  const int program = LoadErraticProgram();
  cpumap::Update(map, kKey, SetupOf(variant).qsize, program);
  auto poll = [map, &variant] { cpumap::Poll(kPollCpu, map, kKey, SetupOf(variant).frames); };
  kernel::task_join(StartTask("napi/0", poll, kPollCpu));
  cpumap::ProgClose(program);
  cpumap::Delete(map, kKey);
  cpumap::MapPut(map);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.EntryProgram",
    .summary = "a program on the entry passes, drops or fails with a frame, in every way",
    .body = &EntryProgram,
    .at_end = &JudgeExecution,
    .variants = Masked({.needs = {&cpumap::Generation::has_prog}, .frames = 1, .frames_min = 1, .map_operations = 2}),
    .rules = TrafficAndTeardownRules({kProg}),
});

}  // namespace
}  // namespace specs
