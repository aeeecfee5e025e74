// SPDX-License-Identifier: MIT
// I-BIT, where a bit per key and CPU says what a flush has to look at: whoever stages a frame marks its key on the same CPU before anything
// else is staged there.
#include <string_view>

#include "specs/invariants/invariants.h"

namespace specs {
namespace {

namespace observed = cpumap::observed;

// The next observation of the same thread with one of two tags, or null.
const graze::Observation* Next(const std::vector<graze::Observation>& moments, size_t from, std::string_view one, std::string_view other) {
  for (size_t i = from + 1; i < moments.size() && moments[i].thread == moments[from].thread; ++i) {
    const std::string_view tag = moments[i].tag;
    if (tag == one || tag == other) return &moments[i];
  }
  return nullptr;
}

}  // namespace

void CheckFlushBits(const History& history, graze::Execution& execution) {
  if (!history.generation.has_flush_bitmap) return;
  const std::vector<graze::Observation>& moments = execution.observations();
  for (size_t i = 0; i < moments.size(); ++i) {
    const std::string_view tag = moments[i].tag;
    if (tag == observed::kFrameStaged) {
      const graze::Observation* const marked = Next(moments, i, observed::kKeyMarked, observed::kFrameStaged);
      if (marked != nullptr && std::string_view(marked->tag) == observed::kKeyMarked && marked->c == moments[i].c) {
        execution.CountCheck(kBit);
      } else if (execution.finished()) {
        execution.Report(kBit, "a frame is staged and its key is not marked for the flush");
      }
    }
  }
}

}  // namespace specs
