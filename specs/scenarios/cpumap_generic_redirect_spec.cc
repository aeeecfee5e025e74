// SPDX-License-Identifier: MIT
// A packet that is an skb already goes past the staging queue into the ring, marked in its pointer, beside a frame of the same poll; the
// entry is deleted meanwhile.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/entry_programs.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {

CPUMAP_SCENARIO(GenericRedirect, "a poll redirects an skb and a frame to an entry that is deleted meanwhile", TrafficAndTeardownRules(),
                Masked({.needs = {&cpumap::Generation::has_generic_redirect},
                        .qsize = 2,
                        .frames = 2,
                        .map_operations = 2,
                        .bounds = {.bulk = 1, .batch = 2, .ring_batch = 1}})) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  const auto poll = [map] {
    cpumap::PollBegin(kPollCpu);
    cpumap::Receive(map, kKey);
    cpumap::ReceiveGeneric(map, kKey);
    cpumap::PollEnd();
  };
  const kernel::thread_id napi = StartTask("napi/0", poll, kPollCpu);
  cpumap::Delete(map, kKey);
  kernel::task_join(napi);
  cpumap::MapPut(map);
}

CPUMAP_SCENARIO(GenericEntryProgram, "a program on the entry passes, drops or fails with an skb, in every way",
                All({TeardownRules(), {kOnce, kProg, kContext}}),
                Masked({.needs = {&cpumap::Generation::has_generic_redirect}, .frames = 1, .map_operations = 2})) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  const int program = LoadErraticProgram();
  cpumap::Update(map, kKey, SetupOf(variant).qsize, program);
  const auto poll = [map] {
    cpumap::PollBegin(kPollCpu);
    cpumap::ReceiveGeneric(map, kKey);
    cpumap::PollEnd();
  };
  kernel::task_join(StartTask("napi/0", poll, kPollCpu));
  cpumap::ProgClose(program);
  cpumap::Delete(map, kKey);
  cpumap::MapPut(map);
}

}  // namespace specs
