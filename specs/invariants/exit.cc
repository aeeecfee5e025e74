// SPDX-License-Identifier: MIT
// I-EXIT: an entry's kthread leaves its function only when its stop was asked for and its ring is empty. That it does leave then is a
// matter of I-LIVE.
#include <algorithm>

#include "specs/invariants/invariants.h"

namespace specs {
namespace {

// True if the frame is in `ring` when `left` happens, for good.
bool IsLeftIn(const FrameHistory& frame, uint64_t ring, const graze::Observation& left, const graze::Execution& execution) {
  if (frame.in_ring.size() <= frame.taken.size()) return false;
  const graze::Observation* const last = frame.in_ring.back();
  return last->b == ring && execution.Before(*last, left);
}

std::string Check(const History& history, const EntryHistory& entry, const graze::Execution& execution) {
  const graze::Observation& left = *entry.left[0];
  const bool asked = std::ranges::any_of(entry.stop_asked, [&](const graze::Observation* stop) { return execution.Before(*stop, left); });
  if (!asked) return "leaves without having been asked to stop";
  const auto ring = reinterpret_cast<uintptr_t>(entry.at_end.ring);
  const auto frames =
      std::ranges::count_if(history.frames, [&](const FrameHistory& frame) { return IsLeftIn(frame, ring, left, execution); });
  if (frames > 0) return "leaves " + std::to_string(frames) + " frames in its ring";
  return "";
}

}  // namespace

void CheckExit(const History& history, graze::Execution& execution) {
  for (const EntryHistory& entry : history.entries) {
    if (entry.left.empty()) continue;
    const std::string broken = Check(history, entry, execution);
    if (broken.empty()) {
      execution.CountCheck(kExit);
    } else {
      execution.Report(kExit, "the kthread of " + NameOf(history, entry) + " " + broken);
    }
  }
}

}  // namespace specs
