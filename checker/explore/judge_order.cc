// SPDX-License-Identifier: MIT
// The order of what threads observed, for monitors.
#include "checker/explore/explorer.h"
#include "checker/explore/judge.h"

namespace graze::internal {

// x happens before the event after it; y happens after the event before it.
bool Judge::Around(const Observation& x, const Observation& y, Stamp* after_x, Stamp* before_y) const {
  if (y.index == 0 || x.index >= graph_.length(x.thread)) return false;
  *after_x = graph_.at(x.thread, x.index);
  *before_y = graph_.at(y.thread, y.index - 1);
  return true;
}

bool Judge::InProgramOrder(const Observation& x, const Observation& y) { return x.index != y.index ? x.index < y.index : &x < &y; }

bool Judge::Visible(const Observation& x, const Observation& y) const {
  if (x.thread == y.thread) return InProgramOrder(x, y);
  Stamp after_x = kNone, before_y = kNone;
  if (!Around(x, y, &after_x, &before_y)) return false;
  return graph_.hb_before(after_x, before_y) || explorer_.model_->IsBefore(graph_, after_x, before_y);
}

// In weak models little is ordered for everybody. What y knows of has happened all the same, and so has what a grace period waited for.
bool Judge::Before(const Observation& x, const Observation& y) const {
  if (x.thread == y.thread) return InProgramOrder(x, y);
  Stamp after_x = kNone, before_y = kNone;
  if (!Around(x, y, &after_x, &before_y)) return false;
  return graph_.in_porf_prefix(after_x, before_y) || explorer_.model_->IsBefore(graph_, after_x, before_y) ||
         WasWaitedFor(after_x, before_y);
}

// Does `x` lie in, or before, a read-side section that a grace period waited for which is over before `y`?
bool Judge::WasWaitedFor(Stamp x, Stamp y) const {
  const auto is = [&](Stamp e, EventKind kind, Stamp from, Stamp to) {
    return graph_.event(e).kind == kind && (from == to || graph_.in_porf_prefix(from, to));
  };
  for (Stamp gp = 0; gp < graph_.size(); ++gp) {
    if (!is(gp, EventKind::kRcuSync, gp, y)) continue;
    for (Stamp unlock = 0; unlock < graph_.size(); ++unlock) {
      if (!is(unlock, EventKind::kRcuUnlock, x, unlock)) continue;
      Stamp section = unlock;
      while (graph_.event(section).kind != EventKind::kRcuLock)
        section = graph_.at(graph_.event(section).tid, graph_.event(section).idx - 1);
      if (explorer_.model_->HadToWait(graph_, section, gp)) return true;
    }
  }
  return false;
}

}  // namespace graze::internal
