// SPDX-License-Identifier: MIT
// User space looks a key up while it is replaced and deleted: it copies the value of an entry that cannot be freed under it. Another task
// walks over the keys meanwhile, and meets them all.
#include "checker/api/ops.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

constexpr kernel::u32 kFirst = 1, kSecond = 2;

void LookupVsReplace(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, kFirst);
  auto look = [map] {
    kernel::bpf_cpumap_val value;
    if (cpumap::Lookup(map, kKey, &value) == 0 && value.qsize != kFirst && value.qsize != kSecond) {
      graze::Fail("I-UAF", "a lookup gives a value that was never stored", kernel::src::here());
    }
  };
  auto walk = [map] {
    kernel::u32 key = 0;
    int error = cpumap::NextKey(map, nullptr, &key);
    for (int steps = 0; error == 0 && steps < 3; ++steps) error = cpumap::NextKey(map, &key, &key);
  };
  const kernel::thread_id reader = StartTask("bpf lookup", look);
  const kernel::thread_id walker = StartTask("bpf walk", walk);
  cpumap::Update(map, kKey, kSecond);
  cpumap::Delete(map, kKey);
  kernel::task_join(reader);
  kernel::task_join(walker);
  cpumap::MapPut(map);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.LookupVsReplace",
    .summary = "a key is looked up, and the keys are walked over, while it is replaced and deleted",
    .body = &LookupVsReplace,
    .at_end = &JudgeExecution,
    .variants = Masked({.qsize = 2, .qsize_fixed = true, .map_operations = 7}),
    .rules = TeardownRules(),
});

}  // namespace
}  // namespace specs
