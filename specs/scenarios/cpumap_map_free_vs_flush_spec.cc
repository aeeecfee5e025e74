// SPDX-License-Identifier: MIT
// The last reference to a map goes when a poll has staged its frames, and is about to flush them.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {

// The key is not the last one, so that a flush looks at what comes behind it.
CPUMAP_SCENARIO(MapFreeVsFlush, "the map is freed while a poll that staged a frame flushes", TrafficAndTeardownRules(),
                MaskedUnderEveryRcu({.frames = 1, .map_operations = 1})) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kOtherKey, SetupOf(variant).qsize);
  auto close = [map] { cpumap::MapPut(map); };
  auto poll = [map, &close] {
    cpumap::PollBegin(kPollCpu);
    cpumap::Receive(map, kOtherKey);
    const kernel::thread_id closer = StartTask("close", close);
    cpumap::PollEnd();
    kernel::task_join(closer);
  };
  kernel::task_join(StartTask("napi/0", poll, kPollCpu));
}

}  // namespace specs
