// SPDX-License-Identifier: MIT
// I-EMPTY: nothing is left in the ring when the last reference goes and the ring is cleaned. The port's own warning, where it has one, is
// reported under the same name the moment it fires.
#include <algorithm>

#include "specs/invariants/invariants.h"

namespace specs {

void CheckEmpty(const History& history, graze::Execution& execution) {
  for (const FrameHistory& frame : history.frames) {
    const bool found =
        std::ranges::any_of(frame.returned, [](const graze::Observation* moment) { return moment->b == cpumap::observed::kByCleanup; });
    if (found) execution.Report(kEmpty, NameOf(history, frame) + " was left in a ring that is cleaned");
  }
  execution.CountCheck(kEmpty, history.rings_cleaned.size());
}

}  // namespace specs
