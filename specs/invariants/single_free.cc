// SPDX-License-Identifier: MIT
// I-SINGLE-FREE: an entry is detached once and then freed once; one that is not in the map any more was detached by somebody.
#include <algorithm>
#include <string_view>

#include "model/cpumap/generations.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

bool MapIsFreed(const graze::Execution& execution) {
  return std::ranges::any_of(execution.objects(), [](const graze::ObjectView& object) {
    return object.freed && std::string_view(object.type) == cpumap::Booted().map_type;
  });
}

std::string Check(const EntryHistory& entry, const graze::Execution& execution) {
  if (entry.detached.size() > 1) return "detached " + std::to_string(entry.detached.size()) + " times";
  if (entry.freeing.size() > 1) return "freed " + std::to_string(entry.freeing.size()) + " times";
  if (!entry.freeing.empty() && (entry.detached.empty() || !execution.Before(*entry.detached[0], *entry.freeing[0]))) {
    return "freed while it was attached";
  }
  if (!entry.detached.empty() && entry.freeing.empty() && execution.finished()) return "detached but never freed";
  if (!entry.published.empty() && entry.detached.empty() && MapIsFreed(execution)) return "published, and gone from the map without having been detached";
  return "";
}

}  // namespace

void CheckSingleFree(const History& history, graze::Execution& execution) {
  for (const EntryHistory& entry : history.entries) {
    if (entry.published.empty() && entry.detached.empty() && entry.freeing.empty()) continue;
    const std::string broken = Check(entry, execution);
    if (broken.empty()) {
      execution.CountCheck(kSingleFree);
    } else {
      execution.Report(kSingleFree, NameOf(history, entry) + ": " + broken);
    }
  }
}

}  // namespace specs
