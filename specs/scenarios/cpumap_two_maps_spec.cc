// SPDX-License-Identifier: MIT
// A poll redirects into two maps. Where kernels keep a flush bitmap for each map, turning to the second flushes the first; later, one flush
// list links the staging queues of both, and one of the maps goes while it does.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {

CPUMAP_SCENARIO(TwoMaps, "a poll redirects into two maps, and the first is freed before it flushes", TrafficAndTeardownRules(),
                Masked({.keys = 2, .frames = 2, .map_operations = 2})) {
  kernel::bpf_map* const first = BootAndCreateMap(variant);
  kernel::bpf_map* const second = cpumap::MapCreate();
  cpumap::Update(first, kKey, SetupOf(variant).qsize);
  cpumap::Update(second, kOtherKey, SetupOf(variant).qsize);
  auto close = [first] { cpumap::MapPut(first); };
  auto poll = [first, second, &close] {
    cpumap::PollBegin(kPollCpu);
    cpumap::Receive(first, kKey);
    cpumap::Receive(second, kOtherKey);
    const kernel::thread_id closer = StartTask("close", close);
    cpumap::PollEnd();
    kernel::task_join(closer);
  };
  kernel::task_join(StartTask("napi/0", poll, kPollCpu));
  cpumap::MapPut(second);
}

}  // namespace specs
