// SPDX-License-Identifier: MIT
// A faulty driver ends its poll without a flush; the entry stays, and the next poll on that CPU overfills the queue that was left behind.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {

CPUMAP_SCENARIO(DriverForgetsThenFills, "a driver forgets the flush of one poll, the next poll on its CPU fills the same staging queue",
                {kOnce}, Masked({.needs = {&cpumap::Generation::has_flush_list}, .qsize = 2, .frames = 2, .map_operations = 2})) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  const auto forgetful = [map] {
    cpumap::PollBegin(kPollCpu);
    cpumap::Receive(map, kKey);
    cpumap::PollEnd(false);
  };
  kernel::task_join(StartTask("napi/0", forgetful, kPollCpu));
  const auto good = [map] { cpumap::Poll(kPollCpu, map, kKey, 1); };
  kernel::task_join(StartTask("napi/0 later", good, kPollCpu));
  cpumap::Delete(map, kKey);
  cpumap::MapPut(map);
}

}  // namespace specs
