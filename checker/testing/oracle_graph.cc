// SPDX-License-Identifier: MIT
#include "checker/testing/oracle_graph.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "checker/base/check.h"

namespace graze::proof {
namespace {

size_t Index(int event) { return static_cast<size_t>(event); }

bool IsCanonical(EventKind kind) {
  switch (kind) {
    case EventKind::kRead:
    case EventKind::kWrite:
    case EventKind::kRcuLock:
    case EventKind::kRcuUnlock:
    case EventKind::kSync:
    case EventKind::kChoose: return true;
    default: return false;
  }
}

CanonicalKind KindOf(EventKind kind) {
  switch (kind) {
    case EventKind::kRead: return CanonicalKind::kRead;
    case EventKind::kWrite: return CanonicalKind::kWrite;
    case EventKind::kRcuLock: return CanonicalKind::kRcuLock;
    case EventKind::kRcuUnlock: return CanonicalKind::kRcuUnlock;
    case EventKind::kSync: return CanonicalKind::kSync;
    default: return CanonicalKind::kChoose;
  }
}

}  // namespace

OracleEvent& OracleGraph::Append(EventKind kind, int t) {
  GRAZE_CHECK(size < kEventsMax);
  OracleThread& own = thread[Index(t)];
  own.events[Index(own.count++)] = static_cast<int8_t>(size);
  OracleEvent& event = events[Index(size++)];
  event = {.kind = kind, .thread = static_cast<int8_t>(t)};
  event.pc = own.pc;
  if (IsCanonical(kind)) event.index = own.visible++;
  return event;
}

void OracleGraph::InsertWrite(int location, int position, int event) {
  auto& writes_here = order[Index(location)];
  int8_t& count = writes[Index(location)];
  GRAZE_CHECK(Index(count) < writes_here.size());
  for (int i = count; i > position; --i) writes_here[Index(i)] = writes_here[Index(i - 1)];
  writes_here[Index(position)] = static_cast<int8_t>(event);
  ++count;
}

int OracleGraph::PositionOf(int location, int event) const {
  if (event == kFromInit) return -1;
  const auto& here = order[Index(location)];
  return static_cast<int>(std::find(here.begin(), here.begin() + writes[Index(location)], event) - here.begin());
}

CanonicalGraph Canonical(const OracleGraph& graph) {
  CanonicalGraph result;
  for (int t = 0; t < graph.threads; ++t) {
    const OracleThread& thread = graph.thread[Index(t)];
    std::vector<CanonicalEvent>& events = result.threads.emplace_back();
    for (int i = 0; i < thread.count; ++i) {
      const OracleEvent& event = graph.events[Index(thread.events[Index(i)])];
      if (event.index < 0) continue;
      CanonicalEvent& canonical = events.emplace_back();
      canonical = {.kind = KindOf(event.kind), .location = event.location, .value = event.value};
      if (event.kind != EventKind::kRead || event.source == kFromInit) continue;
      canonical.source_thread = graph.events[Index(event.source)].thread;
      canonical.source_index = graph.events[Index(event.source)].index;
    }
    result.blocked.push_back(thread.status == ThreadStatus::kBlocked || thread.status == ThreadStatus::kJoining);
    result.waits_at_read.push_back(thread.status == ThreadStatus::kBlocked);
  }
  for (int l = 0; l < kLocations; ++l) {
    std::vector<CanonicalWrite>& writes = result.order.emplace_back();
    for (int i = 0; i < graph.writes[Index(l)]; ++i) {
      const OracleEvent& event = graph.events[Index(graph.order[Index(l)][Index(i)])];
      writes.push_back({event.thread, event.index});
    }
  }
  return result;
}

}  // namespace graze::proof
