// SPDX-License-Identifier: MIT
// I-NOENQ: when the grace period that follows an entry's removal is over, nothing stages for the entry, flushes into its ring or wakes its
// kthread from a flush any more. The free callback runs then, so all of that is ordered before it.
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

void Check(const History& history, const EntryHistory& entry, const graze::Observation& moment, const char* what,
           graze::Execution& execution) {
  if (execution.Before(moment, *entry.queues_freed[0])) {
    execution.CountCheck(kNoEnqueue);
  } else {
    execution.Report(kNoEnqueue, NameOf(history, entry) + " is " + what + " and its grace period does not wait for that");
  }
}

}  // namespace

void CheckNoEnqueue(const History& history, graze::Execution& execution) {
  for (const EntryHistory& entry : history.entries) {
    if (entry.queues_freed.empty()) continue;
    for (const FrameHistory& frame : history.frames) {
      for (const graze::Observation* staged : frame.staged) {
        if (staged->b == entry.entry) Check(history, entry, *staged, "staged for", execution);
      }
      for (const graze::Observation* put : frame.in_ring) {
        if (put->b == reinterpret_cast<uintptr_t>(entry.at_end.ring)) Check(history, entry, *put, "flushed to", execution);
      }
    }
    for (const graze::Observation* wake : entry.woken) {
      if (wake->c != 0) Check(history, entry, *wake, "woken by a flush", execution);
    }
  }
}

}  // namespace specs
