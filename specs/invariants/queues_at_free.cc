// SPDX-License-Identifier: MIT
// I-BQ-EMPTY and I-UNLINK: when the staging queues of an entry are freed, none holds a frame and none is on a flush list. Whoever touches
// them later breaks I-UAF, so they are at the end as they were then.
#include "specs/invariants/invariants.h"

namespace specs {

void CheckQueuesAtFree(const History& history, graze::Execution& execution) {
  for (const EntryHistory& entry : history.entries) {
    if (entry.queues_freed.empty()) continue;
    for (size_t cpu = 0; cpu < entry.at_end.queues.size(); ++cpu) {
      const cpumap::QueueState& queue = entry.at_end.queues[cpu];
      const std::string name = "the staging queue of CPU " + std::to_string(cpu) + " of " + NameOf(history, entry);
      if (queue.staged != 0) execution.Report(kBqEmpty, name + " is freed with frames in it", "0", std::to_string(queue.staged));
      if (queue.linked) execution.Report(kUnlink, name + " is freed while it is on a flush list");
      execution.CountCheck(kBqEmpty);
      execution.CountCheck(kUnlink);
    }
  }
}

}  // namespace specs
