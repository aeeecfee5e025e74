// SPDX-License-Identifier: MIT
// One entry, no traffic: update, delete, map free, while the kthread is anywhere between its creation and its sleep.
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void UpdateDelete(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  cpumap::Delete(map, kKey);
  cpumap::MapPut(map);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.UpdateDelete",
    .summary = "an entry is created and deleted while its kthread starts",
    .body = &UpdateDelete,
    .at_end = &JudgeExecution,
    .variants = Together({UnderEveryMask({.map_operations = 2}),
                          Unmasked({.needs = {&cpumap::Generation::has_stop_signal}, .stop_without_signal = true, .map_operations = 2})}),
    .rules = TeardownRules(),
});

}  // namespace
}  // namespace specs
