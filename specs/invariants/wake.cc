// SPDX-License-Identifier: MIT
// I-WAKE: whoever puts a frame into a ring wakes the ring's kthread afterwards, by the flush at the end of the same poll (or of the same
// batch, where a kthread redirects). The flush of a full queue in the middle of a poll may leave that to it. A poll that does not flush
// breaks other rules. Where tasks of one CPU share staging queues, the flush of the other task may be the one that wakes.
// Where a flush finds entries through their slots, it does not find one that was replaced meanwhile: the stop of its kthread wakes it.
#include <algorithm>
#include <string_view>

#include "specs/invariants/invariants.h"

namespace specs {
namespace {

namespace observed = cpumap::observed;

// The end of the poll or batch in which `moment` happened, or null if its thread did not get there.
const graze::Observation* EndAfter(const graze::Observation& moment, const graze::Execution& execution) {
  for (const graze::Observation& later : execution.observations()) {
    if (later.thread != moment.thread || !execution.Before(moment, later)) continue;
    const std::string_view tag = later.tag;
    if (tag == observed::kPollEnded || tag == observed::kTraceKthread) return &later;
  }
  return nullptr;
}

bool IsWokenBetween(const EntryHistory& entry, const graze::Observation& from, const graze::Observation& to, bool by_others,
                    const graze::Execution& execution) {
  return std::ranges::any_of(entry.woken, [&](const graze::Observation* wake) {
    if (wake->c == 0 || !execution.Before(from, *wake)) return false;
    return wake->thread == from.thread ? execution.Before(*wake, to) : by_others;
  });
}

// True if the entry left its slot, and not only after `end`.
bool IsGoneBy(const EntryHistory& entry, const graze::Observation& end, const graze::Execution& execution) {
  return std::ranges::any_of(entry.replaced, [&](const graze::Observation* moment) { return !execution.Before(end, *moment); });
}

}  // namespace

void CheckWake(const History& history, graze::Execution& execution) {
  for (const RingHistory& ring : history.rings) {
    const EntryHistory* const entry = EntryOfRing(history, ring.ring);
    if (entry == nullptr) continue;
    for (const graze::Observation* put : ring.put) {
      const graze::Observation* const end = EndAfter(*put, execution);
      if (end == nullptr || (std::string_view(end->tag) == observed::kPollEnded && end->b == 0)) continue;
      const bool left_to_the_stop = history.generation.has_flush_bitmap && IsGoneBy(*entry, *end, execution);
      if (left_to_the_stop || IsWokenBetween(*entry, *put, *end, history.generation.has_task_flush_list, execution)) {
        execution.CountCheck(kWake);
      } else {
        execution.Report(kWake, "a frame is put into the ring of " + NameOf(history, *entry) + " and no wake-up follows in that poll");
      }
    }
  }
}

}  // namespace specs
