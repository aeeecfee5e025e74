// SPDX-License-Identifier: MIT
// The program of an entry asks by which receive queue a frame came: it passes those of queue 0 and drops those of queue 1.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "model/cpumap/xdp.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {

CPUMAP_SCENARIO(ProgramReadsQueue, "the program of an entry reads by which queue a frame came", TrafficAndTeardownRules({kInit}),
                Masked({.needs = {&cpumap::Generation::has_prog}, .frames = 1, .map_operations = 2})) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  const int program = cpumap::ProgLoad([](kernel::xdp_buff* xdp) -> kernel::u32 { return kernel::XDP_PASS - xdp->rxq->queue_index; });
  cpumap::Update(map, kKey, SetupOf(variant).qsize, program);
  cpumap::Poll(kPollCpu, map, kKey, 1);
  cpumap::ProgClose(program);
  cpumap::Delete(map, kKey);
  cpumap::MapPut(map);
}

}  // namespace specs
