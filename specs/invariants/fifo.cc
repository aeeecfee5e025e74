// SPDX-License-Identifier: MIT
// I-FIFO: what one CPU stages for one entry is taken out of the entry's ring in that order. Frames of other CPUs and other entries, and
// frames dropped at a full ring, are not part of the promise.
#include <algorithm>

#include "specs/invariants/invariants.h"

namespace specs {
namespace {

// A frame's way from a staging queue to a kthread.
struct Trip {
  const FrameHistory* frame;
  const graze::Observation* staged;
  const graze::Observation* taken;
};

std::vector<Trip> TripsOf(const History& history) {
  std::vector<Trip> trips;
  for (const FrameHistory& frame : history.frames) {
    for (size_t i = 0; i < std::min(frame.staged.size(), frame.taken.size()); ++i) {
      trips.push_back({&frame, frame.staged[i], frame.taken[i]});
    }
  }
  return trips;
}

}  // namespace

void CheckFifo(const History& history, graze::Execution& execution) {
  const std::vector<Trip> trips = TripsOf(history);
  for (const Trip& first : trips) {
    for (const Trip& second : trips) {
      const bool same_queue = first.staged->b == second.staged->b && first.staged->c == second.staged->c;
      if (&first == &second || !same_queue || !execution.Before(*first.staged, *second.staged)) continue;
      if (execution.Before(*first.taken, *second.taken)) {
        execution.CountCheck(kFifo);
      } else {
        execution.Report(
            kFifo, NameOf(history, *second.frame) + " overtakes " + NameOf(history, *first.frame) + ", staged before it on the same CPU");
      }
    }
  }
}

}  // namespace specs
