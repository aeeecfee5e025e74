// SPDX-License-Identifier: MIT
#include "checker/testing/canonical.h"

#include <algorithm>
#include <cstddef>

#include "checker/base/hash.h"
#include "checker/testing/program.h"

namespace graze::proof {
namespace {

uint64_t HashGraph(const CanonicalGraph& graph, bool core) {
  Hasher hasher;
  hasher.Add(graph.threads.size());
  for (size_t t = 0; t < graph.threads.size(); ++t) {
    const std::vector<CanonicalEvent>& events = graph.threads[t];
    const size_t count = events.size() - (core && graph.waits_at_read[t] ? 1 : 0);
    hasher.Add(count * 2 + (graph.blocked[t] ? 1 : 0));
    for (size_t i = 0; i < count; ++i) {
      const CanonicalEvent& event = events[i];
      hasher.Add(static_cast<uint64_t>(event.kind) | static_cast<uint64_t>(event.location + 1) << 8 |
                 static_cast<uint64_t>(event.source_thread + 1) << 16 | static_cast<uint64_t>(event.source_index + 1) << 24 |
                 static_cast<uint64_t>(event.value) << 32);
    }
  }
  for (const std::vector<CanonicalWrite>& writes : graph.order) {
    hasher.Add(writes.size());
    for (const CanonicalWrite& write : writes) hasher.Add(static_cast<uint64_t>(write.thread) << 8 | static_cast<uint64_t>(write.index));
  }
  return hasher.value();
}

std::string Point(int thread, int index) { return "T" + std::to_string(thread) + "." + std::to_string(index); }

std::string EventText(const CanonicalEvent& event) {
  const std::string value = std::to_string(event.value);
  switch (event.kind) {
    case CanonicalKind::kRead:
      return "R(" + std::string(kLocationNames[event.location]) + ")=" + value + "<-" +
             (event.source_thread < 0 ? "init" : Point(event.source_thread, event.source_index));
    case CanonicalKind::kWrite: return "W(" + std::string(kLocationNames[event.location]) + ")=" + value;
    case CanonicalKind::kRcuLock: return "RL";
    case CanonicalKind::kRcuUnlock: return "RU";
    case CanonicalKind::kSync: return "GP";
    case CanonicalKind::kChoose: return "choose=" + value;
  }
  return "?";
}

}  // namespace

bool CanonicalGraph::any_blocked() const { return std::find(blocked.begin(), blocked.end(), true) != blocked.end(); }

uint64_t CanonicalGraph::Hash() const { return HashGraph(*this, false); }
uint64_t CanonicalGraph::CoreHash() const { return HashGraph(*this, true); }

std::string CanonicalGraph::ToText() const {
  std::string text;
  for (size_t t = 0; t < threads.size(); ++t) {
    text += "T" + std::to_string(t) + ":";
    for (const CanonicalEvent& event : threads[t]) text += " " + EventText(event);
    if (blocked[t]) text += waits_at_read[t] ? " (blocked here)" : " (blocked)";
    text += "\n";
  }
  for (size_t l = 0; l < order.size(); ++l) {
    if (order[l].size() < 2) continue;
    text += "co " + std::string(kLocationNames[l]) + ":";
    for (const CanonicalWrite& write : order[l]) text += " " + Point(write.thread, write.index);
    text += "\n";
  }
  return text;
}

}  // namespace graze::proof
