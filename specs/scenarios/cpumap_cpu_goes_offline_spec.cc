// SPDX-License-Identifier: MIT
// A flush finds its entry gone and leaves the frame to the free callback; the CPU goes offline before that runs, or after.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "model/kernel/cpumask.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {

CPUMAP_SCENARIO(CpuGoesOffline, "a CPU staged a frame, its entry is deleted, and the CPU goes offline", All({TeardownRules(), {kOnce}}),
                Masked({.needs = {&cpumap::Generation::flushes_at_free}, .hotplug = true, .frames = 1, .map_operations = 2})) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  auto remove = [map] { cpumap::Delete(map, kKey); };
  auto poll = [map, &remove] {
    cpumap::PollBegin(kPollCpu);
    cpumap::Receive(map, kKey);
    kernel::task_join(StartTask("bpf delete", remove));
    cpumap::PollEnd();
  };
  kernel::task_join(StartTask("napi/0", poll, kPollCpu));
  kernel::cpu_down(kPollCpu);
  cpumap::MapPut(map);
}

}  // namespace specs
