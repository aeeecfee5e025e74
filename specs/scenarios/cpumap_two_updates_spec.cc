// SPDX-License-Identifier: MIT
// Two updates of one key, which has an entry already, at the same time: both new entries are published, and each entry that is replaced is
// torn down once.
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void TwoUpdates(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  auto update = [map, &variant] { cpumap::Update(map, kKey, SetupOf(variant).qsize); };
  update();
  const kernel::thread_id other = StartTask("bpf update", update);
  update();
  kernel::task_join(other);
  cpumap::MapPut(map);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.TwoUpdates",
    .summary = "two updates of an occupied key at the same time, then the map is freed",
    .body = &TwoUpdates,
    .at_end = &JudgeExecution,
    .variants = Masked({.map_operations = 3}),
    .rules = TeardownRules(),
});

}  // namespace
}  // namespace specs
