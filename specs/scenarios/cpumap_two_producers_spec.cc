// SPDX-License-Identifier: MIT
// Two CPUs flush into the ring of one entry at the same time.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void TwoProducers(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  auto poll0 = [map] { cpumap::Poll(0, map, kKey, 1); };
  auto poll1 = [map] { cpumap::Poll(1, map, kKey, 1); };
  RunBoth("napi/0", poll0, "napi/1", poll1, 0, 1);
  cpumap::Delete(map, kKey);
  cpumap::MapPut(map);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.TwoProducers",
    .summary = "polls on two CPUs flush into one entry at the same time, which is then deleted",
    .body = &TwoProducers,
    .at_end = &JudgeExecution,
    .variants = Masked({.qsize = 1, .frames = 2, .map_operations = 2}),
    .rules = TrafficAndTeardownRules(),
});

}  // namespace
}  // namespace specs
