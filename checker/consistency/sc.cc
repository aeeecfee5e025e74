// SPDX-License-Identifier: MIT
#include "checker/consistency/sc.h"

#include <algorithm>

#include "checker/base/lanes.h"

namespace graze {
namespace {

// See SequentialConsistency::Successors().
template <typename Visit>
void ForSuccessors(const ExecutionGraph& graph, Stamp e, const std::vector<uint8_t>& in, Visit visit) {
  const Event& event = graph.event(e);
  const auto present = [&](Stamp s) { return in.empty() || in[s] != 0; };
  const auto next_in_co = [&](Stamp w) {
    while (w != kNone && !present(w)) w = graph.event(w).co_next;
    return w;
  };
  const Stamp po = graph.po_next(e);
  if (po != kNone && present(po)) visit(po);
  switch (event.kind) {
    case EventKind::kRead: {
      const Stamp fr = event.rf == kNone ? kNone : next_in_co(graph.co_succ(event.loc, event.rf));
      if (fr != kNone) visit(fr);
      break;
    }
    case EventKind::kWrite: {
      const Stamp co = next_in_co(event.co_next);
      if (co != kNone) visit(co);
      for (Stamp r = event.reader; r != kNone; r = graph.event(r).reader) {
        if (present(r)) visit(r);
      }
      break;
    }
    case EventKind::kCreate:
      if (graph.length(event.aux) > 0 && present(graph.at(event.aux, 0))) visit(graph.at(event.aux, 0));
      break;
    case EventKind::kEnd:
      for (Stamp j = e + 1; j < graph.size(); ++j) {
        if (graph.event(j).kind == EventKind::kJoin && graph.event(j).aux == event.tid && present(j)) visit(j);
      }
      break;
    default: break;
  }
}

}  // namespace

void SequentialConsistency::Successors(const ExecutionGraph& graph, Stamp e, const std::vector<uint8_t>& in, std::vector<Stamp>* to) {
  to->clear();
  ForSuccessors(graph, e, in, [&](Stamp s) { to->push_back(s); });
}

// A cycle must go through `changed`: leave it by any edge and look for a way back into what it already depends on.
bool SequentialConsistency::IsConsistent(const ExecutionGraph& graph, Stamp changed) {
  if (visited_.size() < graph.size()) visited_.resize(graph.size(), 0);
  ++visit_;
  stack_.clear();
  bool cycle = false;
  const auto visit = [&](Stamp s) {
    if (visited_[s] == visit_) return;
    visited_[s] = visit_;
    if (graph.in_porf_prefix(s, changed)) cycle = true;
    stack_.push_back(s);
  };
  ForSuccessors(graph, changed, {}, visit);
  while (!cycle && !stack_.empty()) {
    const Stamp e = stack_.back();
    stack_.pop_back();
    ForSuccessors(graph, e, {}, visit);
  }
  return !cycle;
}

bool SequentialConsistency::IsConsistentFromScratch(const ExecutionGraph& graph) {
  for (Stamp start = 0; start < graph.size(); ++start) {
    // Plain depth-first search for a path from `start` back to it.
    seen_.assign(graph.size(), 0);
    stack_.assign(1, start);
    bool back = false;
    while (!back && !stack_.empty()) {
      const Stamp e = stack_.back();
      stack_.pop_back();
      ForSuccessors(graph, e, {}, [&](Stamp s) {
        back |= s == start;
        if (seen_[s] != 0) return;
        seen_[s] = 1;
        stack_.push_back(s);
      });
    }
    if (back) return false;
  }
  return true;
}

bool SequentialConsistency::IsAcyclic(const ExecutionGraph& graph, const std::vector<uint8_t>& in) {
  enum : uint8_t { kNew, kOpen, kDone };
  seen_.assign(graph.size(), kNew);
  // Newest first: most successors of an event are newer than it.
  for (Stamp start = graph.size(); start-- > 0;) {
    if (seen_[start] != kNew || (!in.empty() && in[start] == 0)) continue;
    stack_.assign(1, start);
    while (!stack_.empty()) {
      const Stamp e = stack_.back();
      if (seen_[e] == kNew) {
        seen_[e] = kOpen;
        bool cycle = false;
        ForSuccessors(graph, e, in, [&](Stamp s) {
          cycle |= seen_[s] == kOpen;
          if (seen_[s] == kNew) stack_.push_back(s);
        });
        if (cycle) return false;
      } else {
        seen_[e] = kDone;
        stack_.pop_back();
      }
    }
  }
  return true;
}

void SequentialConsistency::ComputeReachability(const ExecutionGraph& graph, const std::vector<uint8_t>& in) {
  const uint32_t stride = graph.stride();
  reach_.Reset(graph.size(), stride);
  seen_.assign(graph.size(), 0);
  // Newest first: most successors of an event are newer than it, so most rows are complete at the first look.
  for (Stamp start = graph.size(); start-- > 0;) {
    if (seen_[start] != 0 || (!in.empty() && in[start] == 0)) continue;
    stack_.assign(1, start);
    while (!stack_.empty()) {
      const Stamp e = stack_.back();
      if (seen_[e] == 0) {
        Clock* const row = reach_.row(e);
        bool complete = true;
        ForSuccessors(graph, e, in, [&](Stamp s) {
          if (seen_[s] != 0) {
            MinInto(row, reach_.row(s), stride);
          } else {
            complete = false;
            stack_.push_back(s);
          }
        });
        if (!complete) continue;
        const Event& event = graph.event(e);
        row[event.tid] = std::min(row[event.tid], static_cast<Clock>(event.idx));
        seen_[e] = 1;
      }
      stack_.pop_back();
    }
  }
}

bool SequentialConsistency::SatisfiesExtra(const ExecutionGraph& graph, const std::vector<uint8_t>& in) {
  ComputeReachability(graph, in);
  reach_current_ = in.empty();
  pairs_known_ = false;
  const bool holds = grace_periods_.Holds(graph, reach_, in);
  holds_ = reach_current_ && holds;
  return holds;
}

bool SequentialConsistency::Synchronises(const Event& write, const Event& read) const {
  // Who reads plain data is told nothing by it.
  return write.marked() && read.marked();
}

void SequentialConsistency::TraceOrder(const ExecutionGraph& graph, std::vector<std::pair<Stamp, Stamp>>* pairs) {
  for (Stamp e = 0; e < graph.size(); ++e) {
    const Event& event = graph.event(e);
    if (event.is_write() && event.co_next != kNone) pairs->emplace_back(e, event.co_next);
    const Stamp fr = event.is_read() ? graph.co_succ(event.loc, event.rf) : kNone;
    if (fr != kNone && fr != graph.rmw_write(e)) pairs->emplace_back(e, fr);
  }
  if (!graph.has_grace_periods()) return;
  ComputeReachability(graph, {});
  grace_periods_.ExtendedHb(graph, reach_, false);
  Forget();
  for (const auto& pair : grace_periods_.order()) pairs->push_back(pair);
}

void SequentialConsistency::ExtendHb(const ExecutionGraph& graph) {
  if (extended_ != nullptr) return;
  if (!reach_current_) ComputeReachability(graph, {});
  extended_ = &grace_periods_.ExtendedHb(graph, reach_, holds_);
  reach_current_ = true;
}

bool SequentialConsistency::HadToWait(const ExecutionGraph& graph, Stamp section, Stamp grace_period) {
  ExtendHb(graph);
  return grace_periods_.Precedes(section, grace_period);
}

void SequentialConsistency::CollectPairs(const ExecutionGraph& graph) {
  if (pairs_known_) return;
  pairs_known_ = true;
  pairs_.clear();
  if (!reach_current_) ComputeReachability(graph, {});
  reach_current_ = true;
  if (!graph.has_grace_periods() || (!holds_ && !grace_periods_.Holds(graph, reach_, {}))) return;
  holds_ = true;
  grace_periods_.ForOrdered(graph, [&](Stamp entry, Stamp exit) { pairs_.emplace_back(entry, exit); });
}

bool SequentialConsistency::MayPrecede(const ExecutionGraph& graph, Stamp a, Stamp b) {
  CollectPairs(graph);
  const uint32_t stride = graph.stride();
  reached_.assign(reach_.row(a), reach_.row(a) + stride);
  const Event& last = graph.event(b);
  for (bool more = true; more && reached_[last.tid] > last.idx;) {
    more = false;
    for (const auto& [entry, exit] : pairs_) {
      const Event& here = graph.event(entry);
      const Event& there = graph.event(exit);
      if (reached_[here.tid] > here.idx || reached_[there.tid] <= there.idx) continue;
      MinInto(reached_.data(), reach_.row(exit), stride);
      more = true;
    }
  }
  return reached_[last.tid] <= last.idx;
}

bool SequentialConsistency::MayHaveWaited(const ExecutionGraph& graph, Stamp section, Stamp grace_period) {
  CollectPairs(graph);
  return grace_periods_.Precedes(section, grace_period);
}

RaceOrder SequentialConsistency::Order(const ExecutionGraph& graph, Stamp a, Stamp b) {
  if (graph.hb_before(a, b)) return RaceOrder::kBefore;
  if (graph.hb_before(b, a)) return RaceOrder::kAfter;
  if (extended_ == nullptr && !graph.has_grace_periods()) return RaceOrder::kUnordered;
  ExtendHb(graph);
  const std::vector<Clock>& hb = *extended_;
  const uint32_t stride = graph.stride();
  const auto before = [&](Stamp x, Stamp y) { return hb[static_cast<size_t>(y) * stride + graph.event(x).tid] > graph.event(x).idx; };
  if (before(a, b)) return RaceOrder::kBefore;
  return before(b, a) ? RaceOrder::kAfter : RaceOrder::kUnordered;
}

}  // namespace graze
