// SPDX-License-Identifier: MIT
// Two tasks delete the same key at once: one of them takes the entry down, the other finds nothing to take.
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {

CPUMAP_SCENARIO(TwoDeletes, "two tasks delete the same key at once", TeardownRules(), Masked({.qsize_fixed = true, .map_operations = 3})) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, 1);
  const auto remove = [map] { cpumap::Delete(map, kKey); };
  RunBoth("first delete", remove, "second delete", remove);
  cpumap::MapPut(map);
}

}  // namespace specs
