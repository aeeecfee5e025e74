// SPDX-License-Identifier: MIT
// I-UAF: nothing is touched after it was freed. The engine looks at every access; here it is counted how many objects could have been.
#include "specs/invariants/invariants.h"

#include <algorithm>

namespace specs {

void CheckUseAfterFree(const History& /*history*/, graze::Execution& execution) {
  const auto freed = std::ranges::count_if(execution.objects(), [](const graze::ObjectView& object) { return object.freed; });
  execution.CountCheck(kUaf, static_cast<uint64_t>(freed));
}

}  // namespace specs
