// SPDX-License-Identifier: MIT
// An update and a delete of one occupied key at the same time; whoever is last decides what a lookup finds.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void UpdateVsDelete(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, 1);
  auto update = [map] { cpumap::Update(map, kKey, 2); };
  const kernel::thread_id other = StartTask("bpf update", update);
  cpumap::Delete(map, kKey);
  kernel::task_join(other);
  kernel::bpf_cpumap_val value;
  cpumap::Lookup(map, kKey, &value);
  cpumap::MapPut(map);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.UpdateVsDelete",
    .summary = "a key is updated while it is deleted, and looked up afterwards",
    .body = &UpdateVsDelete,
    .at_end = &JudgeExecution,
    .variants = Masked({.qsize = 2, .qsize_fixed = true, .map_operations = 4}),
    .rules = TeardownRules(),
});

}  // namespace
}  // namespace specs
