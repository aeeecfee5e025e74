// SPDX-License-Identifier: MIT
// I-CAP: a ring never holds more frames than it has slots, and refuses a frame only when it is full or looks full because of slots that
// were consumed and are not zeroed yet, of which there are fewer than a batch.
#include <algorithm>
#include <iterator>
#include <string_view>

#include "specs/invariants/invariants.h"

namespace specs {
namespace {

namespace observed = cpumap::observed;

// A frame's stay in one ring.
struct Stay {
  const graze::Observation* put;
  const graze::Observation* began;  // its consumer began to look for frames; null: nobody has taken it
  const graze::Observation* taken;  // what is behind this is behind that; null as well
};

const graze::Observation* BeganToTake(const graze::Observation& taken, const graze::Execution& execution) {
  const std::vector<graze::Observation>& moments = execution.observations();
  const auto self = moments.begin() + (&taken - moments.data());
  const auto began = std::find_if(std::make_reverse_iterator(self), moments.rend(), [&](const graze::Observation& moment) {
    return moment.thread == taken.thread && moment.tag == std::string_view(observed::kRingConsuming);
  });
  return began == moments.rend() ? &taken : &*began;
}

std::vector<Stay> StaysIn(const History& history, uint64_t ring, const graze::Execution& execution) {
  std::vector<Stay> stays;
  for (const FrameHistory& frame : history.frames) {
    for (size_t i = 0; i < frame.in_ring.size(); ++i) {
      if (frame.in_ring[i]->b != ring) continue;
      const graze::Observation* const taken = i < frame.taken.size() ? frame.taken[i] : nullptr;
      stays.push_back({.put = frame.in_ring[i], .began = taken == nullptr ? nullptr : BeganToTake(*taken, execution), .taken = taken});
    }
  }
  return stays;
}

// Frames that are in the ring for sure when `now` has just been put, or some number up to `size`. A slot is used again by who has seen
// that its frame was taken, and with it that the taking of all older ones had begun. That `now` comes before the end of a taking does not
// say that the frame was still there: slots are free before that is seen, and in a weak memory model before what the consumer had read
// earlier, which may be the end of a grace period that waited for `now`.
int64_t InRingAt(const std::vector<Stay>& stays, const graze::Observation& now, int64_t size, const graze::Execution& execution) {
  std::vector<const Stay*> put;
  for (const Stay& stay : stays) {
    if (stay.put == &now || execution.Before(*stay.put, now)) put.push_back(&stay);
  }
  if (static_cast<int64_t>(put.size()) <= size) return static_cast<int64_t>(put.size());
  return std::ranges::count_if(
      put, [&](const Stay* stay) { return stay->began == nullptr || stay->put == &now || !execution.Before(*stay->began, now); });
}

// Slots that may look occupied at `refusal`: whatever was put before it, less what was taken out and zeroed so that it must be seen.
int64_t OccupiedAtMost(const std::vector<Stay>& stays, const graze::Observation& refusal, int64_t batch,
                       const graze::Execution& execution) {
  int64_t put = 0, taken = 0;
  for (const Stay& stay : stays) {
    put += execution.Before(*stay.put, refusal);
    taken += stay.taken != nullptr && execution.Visible(*stay.taken, refusal);
  }
  return put - taken + std::min(taken, batch - 1);
}

}  // namespace

void CheckCapacity(const History& history, graze::Execution& execution) {
  for (const RingHistory& ring : history.rings) {
    const EntryHistory* const entry = EntryOfRing(history, ring.ring);
    if (entry == nullptr || entry->at_end.ring_size == 0) continue;
    const int64_t size = entry->at_end.ring_size;
    const std::vector<Stay> stays = StaysIn(history, ring.ring, execution);
    for (const graze::Observation* put : ring.put) {
      const int64_t held = InRingAt(stays, *put, size, execution);
      if (held > size)
        execution.Report(kCap, "the ring of " + NameOf(history, *entry) + " holds more than its size", std::to_string(size),
                         std::to_string(held));
    }
    for (const graze::Observation* refusal : ring.refused) {
      const int64_t occupied = OccupiedAtMost(stays, *refusal, entry->at_end.ring_batch, execution);
      if (occupied >= size) continue;
      execution.Report(kCap, "the ring of " + NameOf(history, *entry) + " refuses a frame although it has room",
                       "at least " + std::to_string(size) + " slots in use", "at most " + std::to_string(occupied));
    }
    execution.CountCheck(kCap, ring.put.size() + ring.refused.size());
  }
}

}  // namespace specs
