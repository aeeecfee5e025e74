// SPDX-License-Identifier: MIT
#include "specs/invariants/history.h"

#include <string_view>
#include <utility>

#include "model/cpumap/generations.h"

namespace specs {
namespace {

namespace observed = cpumap::observed;

template <typename Object>
struct Kind {
  std::string_view tag;
  Moments Object::* moments;
};

constexpr Kind<EntryHistory> kEntryKinds[] = {
    {observed::kEntryGet, &EntryHistory::gets},
    {observed::kEntryPut, &EntryHistory::puts},
    {observed::kEntryDetached, &EntryHistory::detached},
    {observed::kKthreadLeft, &EntryHistory::left},
};

constexpr Kind<QueueHistory> kQueueKinds[] = {
    {observed::kQueueLinked, &QueueHistory::linked},
    {observed::kQueueUnlinked, &QueueHistory::unlinked},
};

constexpr Kind<FrameHistory> kFrameKinds[] = {
    {observed::kFrameReceived, &FrameHistory::received}, {observed::kFrameStaged, &FrameHistory::staged},
    {observed::kFrameRefused, &FrameHistory::refused},   {observed::kFrameRecycled, &FrameHistory::recycled},
    {observed::kFrameInRing, &FrameHistory::in_ring},    {observed::kFrameNoRoom, &FrameHistory::no_room},
    {observed::kFrameTaken, &FrameHistory::taken},       {observed::kFrameDelivered, &FrameHistory::delivered},
    {observed::kFrameReturned, &FrameHistory::returned},
};

template <typename Object>
Object& Of(std::vector<Object>& objects, uint64_t Object::* address, uint64_t wanted) {
  for (Object& object : objects) {
    if (object.*address == wanted) return object;
  }
  objects.emplace_back().*address = wanted;
  return objects.back();
}

template <typename Object, size_t kCount>
bool Sort(const graze::Observation& observation, const Kind<Object> (&kinds)[kCount], uint64_t Object::* address,
          std::vector<Object>& objects) {
  for (const Kind<Object>& kind : kinds) {
    if (kind.tag != observation.tag) continue;
    (Of(objects, address, observation.a).*kind.moments).push_back(&observation);
    return true;
  }
  return false;
}

// What happens to one frame is ordered, whichever threads do it.
void SortInTime(Moments& moments, const graze::Execution& execution) {
  // By insertion, which keeps what is not ordered as it is.
  for (size_t i = 1; i < moments.size(); ++i) {
    for (size_t j = i; j > 0 && execution.Before(*moments[j], *moments[j - 1]); --j) std::swap(moments[j], moments[j - 1]);
  }
}

}  // namespace

History::History(const graze::Execution& execution, const cpumap::Generation& of) : generation(of) {
  Moments woken, stop_asked;
  for (const graze::Observation& observation : execution.observations()) {
    const std::string_view tag = observation.tag;
    if (tag == observed::kFrameInRing) Of(rings, &RingHistory::ring, observation.b).put.push_back(&observation);
    if (tag == observed::kFrameNoRoom) Of(rings, &RingHistory::ring, observation.b).refused.push_back(&observation);
    if (Sort(observation, kEntryKinds, &EntryHistory::entry, entries)) continue;
    if (Sort(observation, kFrameKinds, &FrameHistory::frame, frames)) continue;
    if (Sort(observation, kQueueKinds, &QueueHistory::queue, queues)) continue;
    if (tag == observed::kRingConsumed) Of(rings, &RingHistory::ring, observation.a).consumed.push_back(&observation);
    if (tag == observed::kStopAsked) stop_asked.push_back(&observation);
    if (tag == observed::kQueuesFreed) queues_freed.push_back(&observation);
    if (tag == observed::kRingCleaned && observation.b != 0) rings_cleaned.push_back(&observation);
    if (tag == observed::kKthreadWoken) woken.push_back(&observation);
    if (tag == observed::kSlotExchanged) {
      if (observation.a != 0) Of(entries, &EntryHistory::entry, observation.a).published.push_back(&observation);
      if (observation.b != 0) Of(entries, &EntryHistory::entry, observation.b).replaced.push_back(&observation);
    }
  }
  for (EntryHistory& entry : entries) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): observations carry addresses.
    entry.at_end = generation.entry_state(execution, reinterpret_cast<const void*>(entry.entry));
    for (const graze::Observation* moment : woken) {
      if (moment->a == reinterpret_cast<uintptr_t>(entry.at_end.kthread)) entry.woken.push_back(moment);
    }
    for (const graze::Observation* moment : stop_asked) {
      if (moment->a == reinterpret_cast<uintptr_t>(entry.at_end.kthread)) entry.stop_asked.push_back(moment);
    }
    for (const graze::Observation* moment : queues_freed) {
      if (!entry.at_end.queues.empty() && moment->a == reinterpret_cast<uintptr_t>(entry.at_end.queues[0].queue)) {
        entry.queues_freed.push_back(moment);
      }
    }
  }
  for (FrameHistory& frame : frames) {
    for (Moments* moments : {&frame.staged, &frame.in_ring, &frame.no_room, &frame.taken}) SortInTime(*moments, execution);
  }
}

const EntryHistory* EntryOfRing(const History& history, uint64_t ring) {
  for (const EntryHistory& entry : history.entries) {
    if (reinterpret_cast<uintptr_t>(entry.at_end.ring) == ring) return &entry;
  }
  return nullptr;
}

std::string NameOf(const History& history, const EntryHistory& entry) {
  return "entry#" + std::to_string(&entry - history.entries.data() + 1);
}

std::string NameOf(const History& history, const FrameHistory& frame) {
  return "frame#" + std::to_string(&frame - history.frames.data() + 1);
}

}  // namespace specs
