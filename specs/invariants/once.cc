// SPDX-License-Identifier: MIT
// I-ONCE: every frame that a driver received ends exactly once: delivered to the stack, given back by cpumap, or, if the map refused it,
// recycled by the driver.
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

std::string Check(const FrameHistory& frame, const graze::Execution& execution) {
  const size_t ends = frame.recycled.size() + frame.delivered.size() + frame.returned.size();
  if (ends > 1) return "disposed of " + std::to_string(ends) + " times";
  if (frame.staged.size() > 1) return "staged " + std::to_string(frame.staged.size()) + " times";
  if (!frame.staged.empty() && !frame.recycled.empty()) return "recycled by the driver although the map took it";
  if (frame.staged.empty() && !frame.delivered.empty()) return "delivered although the map never took it";
  for (const Moments* end : {&frame.delivered, &frame.returned}) {
    for (const graze::Observation* moment : *end) {
      if (!frame.staged.empty() && !execution.Before(*frame.staged[0], *moment)) return "disposed of before it was staged";
    }
  }
  if (ends == 0 && execution.finished() && !frame.received.empty()) {
    if (frame.staged.empty()) return "neither taken by the map nor recycled by the driver";
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
