// SPDX-License-Identifier: MIT
// Upstream's own staging queue and batch of eight: a poll of eight frames fills the queue, one of nine flushes it from inside, while the
// entry goes. As in Ring32 the poll runs on the kthread's CPU, which keeps the executions few.
#include "checker/api/choose.h"
#include "model/cpumap/driver.h"
#include "model/cpumap/syscall.h"
#include "specs/environment/entry_programs.h"
#include "specs/environment/testbed.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void RealBulk(const graze::Variant& variant) {
  kernel::bpf_map* const map = BootAndCreateMap(variant);
  const int program = LoadPassingProgram();
  cpumap::Update(map, kKey, SetupOf(variant).qsize, program);
  const unsigned frames = SetupOf(variant).frames - (graze::choose_bool("one frame less") ? 1 : 0);
  auto poll = [map, frames] { cpumap::Poll(static_cast<int>(kKey), map, kKey, frames); };
  const kernel::thread_id napi = StartTask("napi/1", poll, static_cast<int>(kKey));
  cpumap::ProgClose(program);
  // A free callback that flushes would meet the kthread at each of eight frames.
  const bool delete_later = SetupOf(variant).generation->flushes_at_free;
  if (delete_later) kernel::task_join(napi);
  cpumap::Delete(map, kKey);
  if (!delete_later) kernel::task_join(napi);
  cpumap::MapPut(map);
}

[[maybe_unused]] const bool registered = graze::RegisterScenario({
    .name = "Cpumap.RealBulk",
    .summary = "one poll of eight or nine frames with upstream's staging queue of eight, and a delete",
    .body = &RealBulk,
    .at_end = &JudgeExecution,
    .variants = Masked({.qsize = 16,
                        .frames = 9,
                        .frames_min = 2,
                        .map_operations = 2,
                        .bounds = {.bulk = 8, .batch = 8, .ring_batch = 1},
                        .bh_always_excludes = true}),
    .rules = TrafficAndTeardownRules({kFifo, kProg}),
});

}  // namespace
}  // namespace specs
