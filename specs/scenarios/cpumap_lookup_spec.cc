// SPDX-License-Identifier: MIT
// User space looks a key up while it is replaced and deleted: it copies the value of an entry that cannot be freed under it.
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
  const kernel::thread_id reader = StartTask("bpf lookup", look);
  cpumap::Update(map, kKey, kSecond);
  cpumap::Delete(map, kKey);
  kernel::task_join(reader);
  cpumap::MapPut(map);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.LookupVsReplace",
    .summary = "a key is looked up while it is replaced and deleted",
    .body = &LookupVsReplace,
    .at_end = &JudgeExecution,
    .variants = Masked({.qsize = 2, .qsize_fixed = true, .map_operations = 4}),
    .rules = TeardownRules(),
});

}  // namespace
}  // namespace specs
