// SPDX-License-Identifier: MIT
// I-LIVE: every call, work item and kthread comes to its end. The engine reports a thread that waits for ever; here it is counted that
// there were threads which could have.
#include "specs/invariants/invariants.h"

namespace specs {

void CheckLive(const History& /*history*/, graze::Execution& execution) {
  if (execution.finished()) execution.CountCheck(kLive, execution.threads().size());
}

}  // namespace specs
