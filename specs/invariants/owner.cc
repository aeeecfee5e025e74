// SPDX-License-Identifier: MIT
// I-OWN: a staging queue is used by its own CPU only, with BH off. Seen where it is linked, unlinked, and emptied into the ring.
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

// The CPU whose queue this is, or -1.
int64_t CpuOf(const History& history, uint64_t queue) {
  for (const EntryHistory& entry : history.entries) {
    for (size_t cpu = 0; cpu < entry.at_end.queues.size(); ++cpu) {
      if (reinterpret_cast<uintptr_t>(entry.at_end.queues[cpu].queue) == queue) return static_cast<int64_t>(cpu);
    }
  }
  return -1;
}

void CheckQueue(const History& history, const QueueHistory& queue, graze::Execution& execution) {
  const int64_t owner = CpuOf(history, queue.queue);
  for (const Moments* moments : {&queue.linked, &queue.unlinked}) {
    for (const graze::Observation* moment : *moments) {
      if (static_cast<int64_t>(moment->c) != owner) {
        execution.Report(kOwn, "a staging queue is used on a CPU that is not its own", "CPU " + std::to_string(owner),
                         "CPU " + std::to_string(moment->c));
      } else if (moment->b == 0) {
        execution.Report(kOwn, "a staging queue is used with BH on");
      } else {
        execution.CountCheck(kOwn);
      }
    }
  }
}

}  // namespace

void CheckOwner(const History& history, graze::Execution& execution) {
  for (const QueueHistory& queue : history.queues) CheckQueue(history, queue, execution);
  for (const FrameHistory& frame : history.frames) {
    for (const Moments* moments : {&frame.in_ring, &frame.no_room}) {
      for (const graze::Observation* moment : *moments) {
        // The staging that this move ends is the last one before it.
        const graze::Observation* staged = nullptr;
        for (const graze::Observation* each : frame.staged) {
          if (execution.Before(*each, *moment)) staged = each;
        }
        if (staged == nullptr) continue;
        // The free callback moves what it finds, on whatever CPU, when nobody stages any more.
        const bool by_callback = moment->c == cpumap::observed::kNoCpu && history.generation.flushes_at_free;
        if (by_callback || staged->c == moment->c) {
          execution.CountCheck(kOwn);
        } else {
          execution.Report(kOwn, NameOf(history, frame) + " leaves its staging queue on another CPU", "CPU " + std::to_string(staged->c),
                           "CPU " + std::to_string(moment->c));
        }
      }
    }
  }
}

}  // namespace specs
