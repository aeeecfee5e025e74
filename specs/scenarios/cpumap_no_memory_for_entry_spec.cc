// SPDX-License-Identifier: MIT
// Memory runs out at each allocation of an update in turn: it gives ENOMEM, changes nothing and leaves nothing behind.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/entry_programs.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void NoMemoryForEntry(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  if (map == nullptr) return;  // out of memory already
  const int program = LoadPassingProgram();
  auto update = [map, program, &variant] { cpumap::Update(map, kKey, SetupOf(variant).qsize, program); };
  kernel::task_join(StartTask("bpf update", update));
  kernel::bpf_cpumap_val value;
  cpumap::Lookup(map, kKey, &value);
  cpumap::ProgClose(program);
  cpumap::MapPut(map);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.NoMemoryForEntry",
    .summary = "an update fails for want of memory at each of its allocations",
    .body = &NoMemoryForEntry,
    .at_end = &JudgeExecution,
    .variants = Masked({.map_operations = 2, .allocation_failures = 1}),
    .rules = All({TeardownRules(), {kProg}}),
});

}  // namespace
}  // namespace specs
