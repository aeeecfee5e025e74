// SPDX-License-Identifier: MIT
// I-LEAK: with the map freed and every callback and work item done, nothing that was allocated is alive. The engine takes the census;
// here it is counted how many objects it had to look at.
#include "specs/invariants/invariants.h"

namespace specs {

void CheckLeak(const History& /*history*/, graze::Execution& execution) {
  if (execution.finished()) execution.CountCheck(kLeak, execution.objects().size());
}

}  // namespace specs
