// SPDX-License-Identifier: MIT
// I-SINGLE-CONS: a ring has one consumer at a time. The ring itself does not see to that: its consumer takes no lock.
#include "specs/invariants/invariants.h"

namespace specs {

void CheckSingleConsumer(const History& history, graze::Execution& execution) {
  for (const RingHistory& ring : history.rings) {
    for (const graze::Observation* one : ring.consumed) {
      for (const graze::Observation* other : ring.consumed) {
        if (one->thread >= other->thread) continue;
        if (execution.Before(*one, *other) || execution.Before(*other, *one)) continue;
        execution.Report(kSingleConsumer, "two threads look into one ring as consumers at the same time");
      }
    }
    execution.CountCheck(kSingleConsumer, ring.consumed.size());
  }
}

}  // namespace specs
