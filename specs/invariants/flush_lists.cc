// SPDX-License-Identifier: MIT
// I-LIST: a staging queue is on one flush list at most, every poll that flushes leaves its CPU's list empty, and so is every list when all
// is quiet. Lists of tasks are looked at on the spot, where their poll ends.
#include <algorithm>
#include <string_view>

#include "specs/invariants/invariants.h"

namespace specs {
namespace {

// Times that `moments` has before `end` in its thread.
int64_t CountBefore(const Moments& moments, const graze::Observation& end, const graze::Execution& execution) {
  return std::ranges::count_if(moments, [&](const graze::Observation* moment) { return execution.Before(*moment, end); });
}

std::string Check(const QueueHistory& queue, bool of_tasks, const graze::Execution& execution) {
  for (const graze::Observation* linked : queue.linked) {
    if (CountBefore(queue.linked, *linked, execution) > CountBefore(queue.unlinked, *linked, execution)) {
      return "a staging queue is linked that is on a flush list already";
    }
  }
  for (const graze::Observation* unlinked : queue.unlinked) {
    if (CountBefore(queue.linked, *unlinked, execution) <= CountBefore(queue.unlinked, *unlinked, execution)) {
      return "a staging queue is unlinked that is on no flush list";
    }
  }
  if (of_tasks) return "";
  for (const graze::Observation& end : execution.observations()) {
    if (std::string_view(end.tag) != cpumap::observed::kPollEnded || end.b == 0) continue;
    const bool ours = std::ranges::any_of(queue.linked, [&](const graze::Observation* linked) { return linked->c == end.a; });
    if (ours && CountBefore(queue.linked, end, execution) > CountBefore(queue.unlinked, end, execution)) {
      return "the flush list of CPU " + std::to_string(end.a) + " is not empty when a poll on it has flushed";
    }
  }
  return "";
}

}  // namespace

void CheckFlushLists(const History& history, graze::Execution& execution) {
  for (const QueueHistory& queue : history.queues) {
    const std::string broken = Check(queue, history.generation.has_task_flush_list, execution);
    if (broken.empty()) {
      execution.CountCheck(kList);
    } else {
      execution.Report(kList, broken);
    }
  }
  if (!execution.finished() || history.generation.flush_list_empty == nullptr) return;
  for (const EntryHistory& entry : history.entries) {
    for (unsigned cpu = 0; cpu < entry.at_end.queues.size(); ++cpu) {
      if (history.generation.flush_list_empty(execution, cpu)) continue;
      execution.Report(kList, "the flush list of CPU " + std::to_string(cpu) + " is not empty at the end");
    }
  }
}

}  // namespace specs
