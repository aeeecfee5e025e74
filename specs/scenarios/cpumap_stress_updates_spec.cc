// SPDX-License-Identifier: MIT
// The stress shape of the kernel's own sample: one key is updated again and again, with other sizes, while a poll runs.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void StressUpdates(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  auto poll = [map, &variant] { cpumap::Poll(kPollCpu, map, kKey, SetupOf(variant).frames); };
  const kernel::thread_id napi = StartTask("napi/0", poll, kPollCpu);
  for (const kernel::u32 qsize : {2u, 1u, 4u}) cpumap::Update(map, kKey, qsize);
  kernel::task_join(napi);
  cpumap::MapPut(map);
}

// For where two take minutes (search_facts.cc): a configuration of its own.
std::vector<graze::Variant> WithOneFrame() {
  std::vector<graze::Variant> variants = Masked({.needs = {&cpumap::Generation::has_refcount, &cpumap::Generation::has_flush_list},
                                                 .qsize = 4,
                                                 .frames = 1,
                                                 .qsize_fixed = true,
                                                 .map_operations = 3});
  for (graze::Variant& variant : variants) variant.configuration = "frames=1 " + variant.configuration;
  return variants;
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.StressUpdates",
    .summary = "one key is updated three times while a poll runs",
    .body = &StressUpdates,
    .at_end = &JudgeExecution,
    // Two frames are too many where each update also waits for its kthread.
    .variants = Together({Masked({.needs = {&cpumap::Generation::has_refcount, &cpumap::Generation::has_flush_list},
                                  .qsize = 4,
                                  .frames = 2,
                                  .frames_min = 1,
                                  .qsize_fixed = true,
                                  .map_operations = 3}),
                          WithOneFrame(),
                          Masked({.needs = {&cpumap::Generation::has_start_handshake},
                                  .qsize = 4,
                                  .frames = 1,
                                  .frames_min = 1,
                                  .qsize_fixed = true,
                                  .map_operations = 3}),
                          // Or where free callbacks flush.
                          Masked({.needs = {&cpumap::Generation::flushes_at_free},
                                  .qsize = 4,
                                  .frames = 1,
                                  .frames_min = 1,
                                  .qsize_fixed = true,
                                  .map_operations = 3})}),
    .rules = TrafficAndTeardownRules(),
});

}  // namespace
}  // namespace specs
