// SPDX-License-Identifier: MIT
// Two CPUs stage and flush for an entry that is deleted at the same time.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void ProducersVsDelete(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  auto poll0 = [map] { cpumap::Poll(0, map, kKey, 1); };
  auto poll1 = [map] { cpumap::Poll(1, map, kKey, 1); };
  const kernel::thread_id one = StartTask("napi/0", poll0, 0);
  const kernel::thread_id other = StartTask("napi/1", poll1, 1);
  cpumap::Delete(map, kKey);
  kernel::task_join(one);
  kernel::task_join(other);
  cpumap::MapPut(map);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.ProducersVsDelete",
    .summary = "polls on two CPUs stage and flush for an entry that is deleted at the same time",
    .body = &ProducersVsDelete,
    .at_end = &JudgeExecution,
    .variants = Masked({.qsize = 1, .frames = 2, .map_operations = 2}),
    .rules = TrafficAndTeardownRules(),
});

}  // namespace
}  // namespace specs
