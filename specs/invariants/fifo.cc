// SPDX-License-Identifier: MIT
// I-FIFO: what one CPU stages for one entry is taken out of the entry's ring in that order. Frames of other CPUs and other entries, and
// frames dropped at a full ring, are not part of the promise.
#include "specs/invariants/invariants.h"

namespace specs {

void CheckFifo(const History& history, graze::Execution& execution) {
  for (const FrameHistory& first : history.frames) {
    for (const FrameHistory& second : history.frames) {
      if (first.staged.empty() || second.staged.empty() || first.taken.empty() || second.taken.empty()) continue;
      const graze::Observation &a = *first.staged[0], &b = *second.staged[0];
      const bool same_queue = a.b == b.b && a.c == b.c;
      if (&first == &second || !same_queue || !execution.Before(a, b)) continue;
      if (execution.Before(*first.taken[0], *second.taken[0])) {
        execution.CountCheck(kFifo);
      } else {
        execution.Report(kFifo, NameOf(history, second) + " overtakes " + NameOf(history, first) + ", staged before it on the same CPU");
      }
    }
  }
}

}  // namespace specs
