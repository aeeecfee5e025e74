// SPDX-License-Identifier: MIT
// Two tasks run polls on one CPU, as in cpumap_two_tasks_spec.cc, and the entry that both redirect to is deleted meanwhile: who keeps its
// queue alive while it is on the list of a task that did not stage the frame in it?
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

std::vector<graze::Variant> Configurations(Setup setup) {
  setup.needs = {&cpumap::Generation::has_task_flush_list};
  std::vector<graze::Variant> all = Masked(setup);
  setup.preempt_rt = true;
  all = Together({all, Masked(setup)});
  setup.rt_bh_lock = false;
  return Together({all, Masked(setup)});
}

}  // namespace

// The queue is full when the other two start. Before that nothing is on any list, so that there is nothing to keep alive.
CPUMAP_SCENARIO(TwoTasksDelete, "one task has a frame on its flush list; another one of its CPU brings a second, and the entry is deleted",
                TrafficAndTeardownRules(), Configurations({.qsize = 4, .frames = 2, .map_operations = 2})) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  auto remove = [map] { cpumap::Delete(map, kKey); };
  auto one = [map] { cpumap::Poll(kPollCpu, map, kKey, 1); };
  kernel::thread_id second = {}, remover = {};
  auto first = [map, &one, &second, &remove, &remover] {
    cpumap::PollBegin(kPollCpu);
    cpumap::Receive(map, kKey);
    second = StartTask("napi/0 B", one, kPollCpu);
    remover = StartTask("bpf delete", remove);
    cpumap::PollEnd();
  };
  kernel::task_join(StartTask("napi/0 A", first, kPollCpu));
  kernel::task_join(second);
  kernel::task_join(remover);
  cpumap::MapPut(map);
}

}  // namespace specs
