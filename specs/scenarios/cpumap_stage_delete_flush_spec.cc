// SPDX-License-Identifier: MIT
// A delete falls exactly between the staging of a frame and the flush of the same poll; the map is freed after the poll.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void StageDeleteFlush(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize);
  auto remove = [map] { cpumap::Delete(map, kKey); };
  auto poll = [map, &variant, &remove] {
    cpumap::PollBegin(kPollCpu);
    for (unsigned i = 0; i < SetupOf(variant).frames; ++i) cpumap::Receive(map, kKey);
    kernel::task_join(StartTask("bpf delete", remove));
    cpumap::PollEnd();
  };
  kernel::task_join(StartTask("napi/0", poll, kPollCpu));
  cpumap::MapPut(map);
}

// Where a flush finds entries through their slots, it finds none here, and wakes nobody: that is left to the stop.
std::vector<graze::Variant> Variants() {
  std::vector<graze::Variant> all = UnderEveryMask({.frames = 1, .frames_min = 1, .map_operations = 2});
  for (graze::Variant& variant : all) {
    if (SetupOf(variant).generation->has_flush_bitmap) variant.without_rules.emplace_back(kWake);
  }
  return all;
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.StageDeleteFlush",
    .summary = "an entry is deleted between the staging of a frame and the flush, then the map is freed",
    .body = &StageDeleteFlush,
    .at_end = &JudgeExecution,
    .variants = Variants(),
    .rules = TrafficAndTeardownRules(),
});

}  // namespace
}  // namespace specs
