// SPDX-License-Identifier: MIT
#include "checker/explore/findings.h"

namespace graze::internal {

Finding* Findings::Note(uint64_t shape, uint32_t size, uint64_t execution) {
  for (Finding& finding : all_) {
    if (finding.shape != shape) continue;
    if (finding.shown_in.back() != execution) finding.shown_in.push_back(execution);
    return size < finding.size ? &finding : nullptr;
  }
  all_.emplace_back();
  all_.back().shape = shape;
  all_.back().shown_in.push_back(execution);
  return &all_.back();
}

}  // namespace graze::internal
