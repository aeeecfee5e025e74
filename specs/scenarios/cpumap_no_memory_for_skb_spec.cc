// SPDX-License-Identifier: MIT
// The kthread finds no memory for an skb, or the network stack does not want the packet: the frame ends once and is counted.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void NoMemoryForSkb(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  if (map == nullptr) return;  // out of memory already
  kernel::bpf_policy_now().stack_may_drop = true;
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  auto poll = [map, &variant] { cpumap::Poll(kPollCpu, map, kKey, SetupOf(variant).frames); };
  kernel::task_join(StartTask("napi/0", poll, kPollCpu));
  cpumap::Delete(map, kKey);
  cpumap::MapPut(map);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.NoMemoryForSkb",
    .summary = "the kthread gets no skb for a frame, or the stack drops the packet",
    .body = &NoMemoryForSkb,
    .at_end = &JudgeExecution,
    .variants = Masked({.frames = 1, .frames_min = 1, .map_operations = 2, .allocation_failures = 1}),
    .rules = TrafficAndTeardownRules(),
});

}  // namespace
}  // namespace specs
