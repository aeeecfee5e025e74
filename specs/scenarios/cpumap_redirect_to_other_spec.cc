// SPDX-License-Identifier: MIT
// A kthread is a producer too: the program of one entry redirects to another, which is deleted meanwhile. The program keeps the map alive
// and the first entry the program: without its delete nothing would ever be freed, by design. The same without any end, which is short, and
// with the poll on a CPU of its own: what one CPU does it sees in order, whichever task does it, which the weaker models do not know.
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/entry_programs.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void RedirectToOther(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  const int program = LoadRedirectingProgram(map, kOtherKey);
  cpumap::Update(map, kKey, SetupOf(variant).qsize, program);
  cpumap::Update(map, kOtherKey, SetupOf(variant).qsize);
  auto poll = [map, &variant] { cpumap::Poll(kPollCpu, map, kKey, SetupOf(variant).frames); };
  kernel::task_join(StartTask("napi/0", poll, kPollCpu));
  cpumap::ProgClose(program);
  cpumap::Delete(map, kOtherKey);
  cpumap::Delete(map, kKey);
  cpumap::MapPut(map);
}

constexpr int kThirdCpu = 2;

void RedirectDelivers(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  cpumap::Update(map, kKey, SetupOf(variant).qsize, LoadRedirectingProgram(map, kOtherKey));
  cpumap::Update(map, kOtherKey, SetupOf(variant).qsize);
  auto poll = [map, &variant] { cpumap::Poll(kThirdCpu, map, kKey, SetupOf(variant).frames); };
  kernel::task_join(StartTask("napi/2", poll, kThirdCpu));
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.RedirectToOther",
    .summary = "the program of an entry sends each frame on to another entry, which is deleted meanwhile",
    .body = &RedirectToOther,
    .at_end = &JudgeExecution,
    .variants = Masked({.needs = {&cpumap::Generation::has_prog}, .keys = 2, .frames = 1, .frames_min = 1, .map_operations = 4}),
    .rules = TrafficAndTeardownRules({kProg}),
});

[[maybe_unused]] const bool delivers_registered = graze::RegisterScenario({
    .name = "Cpumap.RedirectDelivers",
    .summary = "the program of an entry sends a frame on to another entry; both stay",
    .body = &RedirectDelivers,
    .at_end = &JudgeExecution,
    .variants = Unmasked({.needs = {&cpumap::Generation::has_prog},
                          .cpus = 3,
                          .keys = 2,
                          .frames = 1,
                          .frames_min = 1,
                          .map_operations = 2,
                          .kthread_outlives = true}),
    .rules = TrafficRules(),
    .leak_check = false,
});

}  // namespace
}  // namespace specs
