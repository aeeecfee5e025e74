// SPDX-License-Identifier: MIT
// I-LIVE: every call, work item and kthread comes to its end. The engine reports a thread that waits for ever; here it is counted that
// there were threads which could have.
#include "specs/invariants/invariants.h"

namespace specs {

void CheckLive(const History& /*history*/, graze::Execution& execution) {
  if (execution.finished()) execution.CountCheck(kLive, execution.threads().size());
}

void CheckNoSleepOnFrames(const History& history, graze::Execution& execution) {
  for (const EntryHistory& entry : history.entries) {
    if (!entry.at_end.alive) continue;
    if (entry.at_end.in_ring.empty()) {
      execution.CountCheck(kLive);
    } else {
      execution.Report(kLive, "the kthread of " + NameOf(history, entry) + " sleeps on frames in its ring and nobody will wake it", "0",
                       std::to_string(entry.at_end.in_ring.size()));
    }
  }
}

}  // namespace specs
