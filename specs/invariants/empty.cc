// SPDX-License-Identifier: MIT
// I-EMPTY: nothing is left in the ring when the last reference goes and the ring is cleaned.
#include "specs/invariants/invariants.h"

namespace specs {

void CheckEmpty(const History& history, graze::Execution& execution) {
  for (const graze::Observation* cleaned : history.rings_cleaned) {
    if (cleaned->b == 0) {
      execution.CountCheck(kEmpty);
    } else {
      execution.Report(kEmpty, "frames were left in a ring that is cleaned", "0", std::to_string(cleaned->b));
    }
  }
}

}  // namespace specs
