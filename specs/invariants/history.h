// SPDX-License-Identifier: MIT
// What happened to entries, frames and rings in one complete execution, sorted from what its threads observed.
#ifndef SPECS_INVARIANTS_HISTORY_H_
#define SPECS_INVARIANTS_HISTORY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "checker/api/execution.h"
#include "model/cpumap/generations.h"

namespace specs {

// Observations of one kind about one object: by thread, program order within a thread.
using Moments = std::vector<const graze::Observation*>;

struct EntryHistory {
  uint64_t entry = 0;
  cpumap::EntryState at_end;
  Moments gets, puts;
  Moments published;  // put into a slot
  Moments replaced;   // taken out of a slot
  Moments detached;   // its free callback was asked for
  Moments woken;      // its kthread was
  Moments stop_asked;
  Moments left;          // its kthread's function returned
  Moments queues_freed;  // by the callback: its grace period is over
};

struct FrameHistory {
  uint64_t frame = 0;
  Moments received, staged, refused, recycled, in_ring, no_room, taken, delivered, returned;
};

struct RingHistory {
  uint64_t ring = 0;
  Moments put, refused;  // of frames
  Moments consumed;      // looks of consumers, in vain or not
};

struct QueueHistory {
  uint64_t queue = 0;
  Moments linked, unlinked;
};

struct History {
  History(const graze::Execution& execution, const cpumap::Generation& of);

  const cpumap::Generation& generation;
  std::vector<EntryHistory> entries;
  std::vector<FrameHistory> frames;  // a frame that goes round has its moments in the order in which they happened
  std::vector<RingHistory> rings;
  std::vector<QueueHistory> queues;
  Moments queues_freed;
  Moments rings_cleaned;  // at the end of their entries
};

// The entry whose ring this is, or null.
const EntryHistory* EntryOfRing(const History& history, uint64_t ring);

// "entry#2", "frame#1": numbered in the order of first mention.
std::string NameOf(const History& history, const EntryHistory& entry);
std::string NameOf(const History& history, const FrameHistory& frame);

}  // namespace specs

#endif  // SPECS_INVARIANTS_HISTORY_H_
