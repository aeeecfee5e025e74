// SPDX-License-Identifier: MIT
#include "specs/invariants/invariants.h"

namespace specs {

void CheckAll(const History& history, graze::Execution& execution) {
  for (auto check :
       {CheckReferences, CheckSingleFree, CheckOnce, CheckEmpty, CheckLive, CheckLeak, CheckUseAfterFree, CheckFifo, CheckRace}) {
    check(history, execution);
  }
}

}  // namespace specs
