// SPDX-License-Identifier: MIT
// I-ONCE: every frame that a driver received ends exactly once: delivered to the stack, given back by cpumap, or, if the map refused it,
// recycled by the driver. It may go round before, redirected by programs of entries: then it is staged again only after it was taken out of
// a ring. What comes as an skb is taken when it is in the ring.
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

std::string Check(const FrameHistory& frame, const graze::Execution& execution) {
  const size_t ends = frame.recycled.size() + frame.delivered.size() + frame.returned.size();
  if (ends > 1) return "disposed of " + std::to_string(ends) + " times";
  for (size_t i = 1; i < frame.staged.size(); ++i) {
    if (frame.taken.size() < i || !execution.Before(*frame.taken[i - 1], *frame.staged[i])) {
      return "staged again while it is staged or in a ring";
    }
  }
  const bool took = !frame.staged.empty() || !frame.in_ring.empty();
  if (took && !frame.recycled.empty()) return "recycled by the driver although the map took it";
  if (!took && !frame.delivered.empty()) return "delivered although the map never took it";
  for (const Moments* end : {&frame.delivered, &frame.returned}) {
    for (const graze::Observation* moment : *end) {
      if (!frame.staged.empty() && !execution.Before(*frame.staged[0], *moment)) return "disposed of before it was staged";
    }
  }
  if (ends == 0 && execution.finished() && !frame.received.empty()) {
    if (!took) return "neither taken by the map nor recycled by the driver";
    return frame.in_ring.empty() ? "staged and never disposed of" : "put into the ring and never disposed of";
  }
  return "";
}

std::string Ends(const FrameHistory& frame) {
  return "delivered " + std::to_string(frame.delivered.size()) + ", returned " + std::to_string(frame.returned.size()) + ", recycled " +
         std::to_string(frame.recycled.size()) + " times";
}

}  // namespace

void CheckOnce(const History& history, graze::Execution& execution) {
  for (const FrameHistory& frame : history.frames) {
    const std::string broken = Check(frame, execution);
    if (broken.empty()) {
      execution.CountCheck(kOnce);
    } else {
      execution.Report(kOnce, NameOf(history, frame) + ": " + broken, "one end", Ends(frame));
    }
  }
}

}  // namespace specs
