// SPDX-License-Identifier: MIT
// I-SINGLE-FREE: an entry is detached once, its free callback then runs once, and an entry that left the map was detached. The kernel layer
// reports a second call_rcu() for the same entry the moment it happens.
#include <algorithm>
#include <string_view>

#include "specs/invariants/invariants.h"

namespace specs {
namespace {

bool MapIsFreed(const History& history, const graze::Execution& execution) {
  return std::ranges::any_of(execution.objects(), [&](const graze::ObjectView& object) {
    return object.freed && std::string_view(object.type) == history.generation.map_type;
  });
}

std::string Check(const History& history, const EntryHistory& entry, const graze::Execution& execution) {
  if (entry.detached.size() > 1) return "detached " + std::to_string(entry.detached.size()) + " times";
  if (entry.replaced.size() > 1) return "taken out of its slot " + std::to_string(entry.replaced.size()) + " times";
  if (!entry.replaced.empty() && entry.detached.empty() && execution.finished()) return "taken out of its slot and never detached";
  if (!entry.published.empty() && entry.replaced.empty() && entry.detached.empty() && MapIsFreed(history, execution)) {
    return "gone from the map without having been detached";
  }
  return "";
}

}  // namespace

void CheckSingleFree(const History& history, graze::Execution& execution) {
  size_t detached = 0;
  for (const EntryHistory& entry : history.entries) {
    detached += entry.detached.size();
    if (entry.published.empty() && entry.detached.empty()) continue;
    const std::string broken = Check(history, entry, execution);
    if (broken.empty()) {
      execution.CountCheck(kSingleFree);
    } else {
      execution.Report(kSingleFree, NameOf(history, entry) + ": " + broken);
    }
  }
  for (const graze::Observation* freed : history.queues_freed) {
    const auto times = std::ranges::count_if(history.queues_freed, [&](const graze::Observation* each) { return each->a == freed->a; });
    if (times > 1) execution.Report(kSingleFree, "the free callback of one entry runs " + std::to_string(times) + " times");
  }
  if (execution.finished() && history.queues_freed.size() < detached) {
    execution.Report(kSingleFree, "an entry is detached and its free callback never runs");
  }
}

}  // namespace specs
