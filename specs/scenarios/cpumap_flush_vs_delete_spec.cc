// SPDX-License-Identifier: MIT
// A delete comes when a poll has staged a frame and is about to flush it: nothing but the flush is concurrent with the teardown.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {

CPUMAP_SCENARIO(FlushVsDelete, "an entry is deleted while a poll that staged a frame flushes", TrafficAndTeardownRules(),
                MaskedUnderEveryRcu({.frames = 1, .map_operations = 2})) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  auto remove = [map] { cpumap::Delete(map, kKey); };
  auto poll = [map, &remove] {
    cpumap::PollBegin(kPollCpu);
    cpumap::Receive(map, kKey);
    const kernel::thread_id remover = StartTask("bpf delete", remove);
    cpumap::PollEnd();
    kernel::task_join(remover);
  };
  kernel::task_join(StartTask("napi/0", poll, kPollCpu));
  cpumap::MapPut(map);
}

}  // namespace specs
