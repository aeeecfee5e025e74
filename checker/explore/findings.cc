// SPDX-License-Identifier: MIT
#include "checker/explore/findings.h"

namespace graze::internal {

Finding* Findings::Note(uint64_t shape, uint32_t size) {
  for (Finding& finding : all_) {
    if (finding.shape != shape) continue;
    ++finding.violation.count;
    return size < finding.size ? &finding : nullptr;
  }
  all_.emplace_back();
  all_.back().shape = shape;
  all_.back().violation.count = 1;
  return &all_.back();
}

}  // namespace graze::internal
