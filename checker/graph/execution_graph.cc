// SPDX-License-Identifier: MIT
#include "checker/graph/execution_graph.h"

#include <algorithm>

#include "checker/base/check.h"
#include "checker/base/lanes.h"

namespace graze {

void ExecutionGraph::Clear() {
  events_.clear();
  for (auto& thread : threads_) thread.clear();
  for (auto& location : locations_) location = Location();
  frees_.clear();
  sections_ = 0;
  grace_periods_ = 0;
  sleepable_ = 0;
  plain_ = 0;
  Touch();
}

ExecutionGraph::Location& ExecutionGraph::location(LocId loc) {
  if (loc >= locations_.size()) locations_.resize(loc + 1);
  return locations_[loc];
}

void ExecutionGraph::EnsureStride(uint32_t threads) {
  if (threads <= stride_) return;
  const uint32_t wider = (threads + kLanes - 1) / kLanes * kLanes;
  std::vector<Clock> out(static_cast<size_t>(size()) * 2 * wider, 0);
  for (Stamp e = 0; e < size(); ++e) {
    std::copy_n(porf(e), stride_, &out[static_cast<size_t>(e) * 2 * wider]);
    std::copy_n(hb(e), stride_, &out[static_cast<size_t>(e) * 2 * wider + wider]);
  }
  rows_ = std::move(out);
  stride_ = wider;
}

// Rows are filled when their event comes in, so nothing is cleared; the room only grows.
void ExecutionGraph::MakeRoom(Stamp e) {
  const size_t needed = static_cast<size_t>(e + 1) * 2 * stride_;
  if (rows_.size() < needed) rows_.resize(std::max(needed, 2 * rows_.size()));
}

void ExecutionGraph::Count(const Event& event, uint32_t by) {
  if (event.kind == EventKind::kRcuLock || event.kind == EventKind::kSrcuLock) sections_ += by;
  if (event.kind == EventKind::kRcuSync || event.kind == EventKind::kSrcuSync) grace_periods_ += by;
  if (event.kind == EventKind::kSrcuLock || event.kind == EventKind::kSrcuSync) sleepable_ += by;
  if (event.is_access() ? !event.marked() : event.kind == EventKind::kFree || event.kind == EventKind::kTouch) plain_ += by;
  Touch();
}

void ExecutionGraph::InitialRow(Stamp e) {
  Clock* const row = rows(e);
  const Stamp pred = po_prev(e);
  if (pred == kNone) {
    std::fill_n(row, 2 * stride_, Clock{0});
  } else {
    std::copy_n(porf(pred), 2 * stride_, row);
  }
  const Clock own = static_cast<Clock>(events_[e].idx + 1);
  row[events_[e].tid] = own;
  row[stride_ + events_[e].tid] = own;
}

void ExecutionGraph::JoinInto(Stamp e, Stamp from, bool synchronises) {
  MaxInto(rows(e), porf(from), synchronises ? 2 * stride_ : stride_);
}

Stamp ExecutionGraph::Append(uint32_t tid, const Event& wanted, Stamp join) {
  if (tid >= threads_.size()) threads_.resize(tid + 1);
  EnsureStride(static_cast<uint32_t>(threads_.size()));
  auto& thread = threads_[tid];
  GRAZE_CHECK(thread.size() < kEventsPerThreadMax);
  const Stamp stamp = size();
  Event& event = events_.emplace_back(wanted);
  event.tid = static_cast<uint16_t>(tid);
  event.idx = static_cast<uint32_t>(thread.size());
  thread.push_back(stamp);
  if (event.kind == EventKind::kFree) frees_.push_back(stamp);
  Count(event, 1);
  MakeRoom(stamp);
  InitialRow(stamp);
  if (join != kNone) JoinInto(stamp, join, true);
  return stamp;
}

void ExecutionGraph::SetRf(Stamp r, Stamp source, bool synchronises) {
  Event& event = events_[r];
  GRAZE_CHECK(event.is_read() && po_next(r) == kNone);
  RemoveReader(r);
  event.rf = source;
  Touch();
  AddReader(r, source);
  InitialRow(r);
  if (source != kInit) JoinInto(r, source, synchronises);
}

void ExecutionGraph::AddReader(Stamp r, Stamp source) {
  if (source == kInit || source == kNone) return;
  events_[r].reader = events_[source].reader;
  events_[source].reader = r;
}

void ExecutionGraph::RemoveReader(Stamp r) {
  const Stamp source = events_[r].rf;
  if (source == kInit || source == kNone) return;
  Stamp* link = &events_[source].reader;
  while (*link != r) link = &events_[*link].reader;
  *link = events_[r].reader;
  events_[r].reader = kNone;
}

void ExecutionGraph::AddToReads(Stamp r) {
  Location& loc = location(events_[r].loc);
  events_[r].read_prev = loc.last_read;
  loc.last_read = r;
}

void ExecutionGraph::InsertCo(Stamp w, Stamp pred) {
  Touch();
  Location& loc = location(events_[w].loc);
  const Stamp next = pred == kInit ? loc.co_first : events_[pred].co_next;
  events_[w].co_prev = pred;
  events_[w].co_next = next;
  (pred == kInit ? loc.co_first : events_[pred].co_next) = w;
  (next == kNone ? loc.co_last : events_[next].co_prev) = w;
}

void ExecutionGraph::RemoveCo(Stamp w) {
  Touch();
  Location& loc = location(events_[w].loc);
  const Stamp prev = events_[w].co_prev;
  const Stamp next = events_[w].co_next;
  (prev == kInit ? loc.co_first : events_[prev].co_next) = next;
  (next == kNone ? loc.co_last : events_[next].co_prev) = prev;
}

void ExecutionGraph::Truncate(uint32_t size) {
  for (Stamp e = this->size(); e-- > size;) {
    const Event& event = events_[e];
    threads_[event.tid].pop_back();
    Count(event, ~uint32_t{0});
    if (event.is_read()) {
      GRAZE_CHECK(locations_[event.loc].last_read == e);
      RemoveReader(e);
      locations_[event.loc].last_read = event.read_prev;
    } else if (event.is_write()) {
      RemoveCo(e);
    } else if (event.kind == EventKind::kFree) {
      frees_.pop_back();
    }
  }
  events_.resize(size);
}

void ExecutionGraph::AssignInOrder(const ExecutionGraph& from, const std::vector<Stamp>& order, std::vector<Stamp>* renumbered) {
  Clear();
  stride_ = from.stride_;
  if (threads_.size() < from.threads_.size()) threads_.resize(from.threads_.size());
  if (locations_.size() < from.locations_.size()) locations_.resize(from.locations_.size());
  renumbered->assign(from.size(), kNone);
  if (!order.empty()) MakeRoom(static_cast<Stamp>(order.size() - 1));
  events_.reserve(order.size());
  for (const Stamp e : order) {
    const Stamp stamp = size();
    (*renumbered)[e] = stamp;
    events_.push_back(from.events_[e]);
    Event& event = events_.back();
    GRAZE_CHECK(event.idx == threads_[event.tid].size());
    threads_[event.tid].push_back(stamp);
    Count(event, 1);
    std::copy_n(from.porf(e), 2 * stride_, rows(stamp));
    if (event.is_read()) AddToReads(stamp);
    if (event.kind == EventKind::kFree) frees_.push_back(stamp);
  }
  for (Event& event : events_) event.reader = kNone;
  for (Stamp r = 0; r < size(); ++r) {
    Event& event = events_[r];
    if (!event.is_read() || event.rf == kInit || event.rf == kNone) continue;
    event.rf = (*renumbered)[event.rf];
    AddReader(r, event.rf);
  }
  for (LocId loc = 0; loc < from.locations_.size(); ++loc) {
    Stamp last = kInit;
    for (Stamp w = from.locations_[loc].co_first; w != kNone; w = from.events_[w].co_next) {
      const Stamp mine = (*renumbered)[w];
      if (mine == kNone) continue;
      events_[mine].co_prev = last;
      events_[mine].co_next = kNone;
      (last == kInit ? locations_[loc].co_first : events_[last].co_next) = mine;
      last = mine;
    }
    locations_[loc].co_last = last;
  }
}

bool ExecutionGraph::IsAtomic(Stamp w) const {
  if (!events_[w].has(kRmw)) return true;
  const Event& read = events_[rmw_read(w)];
  if (events_[w].co_prev != read.rf) return false;
  // Another RMW of the same source must sit directly after it as well: then it is now pushed away by `w`.
  const Stamp next = events_[w].co_next;
  return next == kNone || !events_[next].has(kRmw) || events_[rmw_read(next)].rf == w;
}

void ExecutionGraph::CheckInvariants() const {
  for (const auto& thread : threads_) {
    for (uint32_t i = 0; i < thread.size(); ++i) {
      GRAZE_CHECK(events_[thread[i]].idx == i);
      GRAZE_CHECK(i == 0 || thread[i - 1] < thread[i]);
    }
  }
  for (Stamp e = 0; e < size(); ++e) {
    const Event& event = events_[e];
    if (event.is_read()) {
      GRAZE_CHECK(event.rf == kInit || (event.rf < size() && events_[event.rf].is_write() && events_[event.rf].loc == event.loc));
      GRAZE_CHECK(event.rf == kInit || (in_porf_prefix(event.rf, e) && !in_porf_prefix(e, event.rf)));
      Stamp reader = event.rf == kInit ? e : events_[event.rf].reader;
      while (reader != e && reader != kNone) reader = events_[reader].reader;
      GRAZE_CHECK(reader == e);
    }
    if (event.is_write()) {
      GRAZE_CHECK(event.co_prev == kInit ? co_first(event.loc) == e : events_[event.co_prev].co_next == e);
      GRAZE_CHECK(event.co_next == kNone ? co_last(event.loc) == e : events_[event.co_next].co_prev == e);
    }
    if (event.has(kStable)) {
      for (Stamp p = 0; p < size(); ++p) GRAZE_CHECK(!in_porf_prefix(p, e) || events_[p].has(kStable));
    }
  }
}

}  // namespace graze
