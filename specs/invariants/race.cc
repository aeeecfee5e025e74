// SPDX-License-Identifier: MIT
// I-RACE: no two conflicting accesses, one of them plain, are unordered. The engine looks at every pair; here it is counted that there was
// more than one thread.
#include "specs/invariants/invariants.h"

namespace specs {

void CheckRace(const History& /*history*/, graze::Execution& execution) {
  if (execution.threads().size() > 1) execution.CountCheck(kRace);
}

}  // namespace specs
