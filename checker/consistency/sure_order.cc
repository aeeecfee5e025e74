// SPDX-License-Identifier: MIT
#include "checker/consistency/sure_order.h"

#include <algorithm>

#include "checker/base/lanes.h"

namespace graze {

void SureOrder::LookAtClocks(const ExecutionGraph& graph, const MemoryModel& model) {
  if (clocks_version_ == graph.version()) return;
  clocks_version_ = graph.version();
  graph_ = &graph;
  ComputeClocks(model);
  FollowFences(model);
}

void SureOrder::Look(const ExecutionGraph& graph, const MemoryModel& model) {
  LookAtClocks(graph, model);
  if (version_ == graph.version()) return;
  version_ = graph.version();
  pairs_.clear();
  known_ = false;
  if (!graph.has_grace_periods() || graph.has_srcu()) return;
  CollectSteps();
  reach_.Reset(graph.size(), graph.stride());
  for (Stamp e = 0; e < graph.size(); ++e) {
    const EventKind kind = graph.event(e).kind;
    if (kind == EventKind::kRcuLock || kind == EventKind::kRcuSync) Reach(e);
  }
  known_ = grace_periods_.Holds(graph, reach_, {});
  if (known_) grace_periods_.ForOrdered(graph, [&](Stamp entry, Stamp exit) { pairs_.emplace_back(entry, exit); });
}

// In the order of insertion. Whose source came in later is left with what the graph knows.
void SureOrder::ComputeClocks(const MemoryModel& model) {
  const uint32_t stride = graph_->stride();
  clocks_.resize(size_t{graph_->size()} * stride);
  creators_.assign(graph_->thread_count(), kNone);
  for (Stamp e = 0; e < graph_->size(); ++e) {
    const Event& event = graph_->event(e);
    Clock* const row = &clocks_[size_t{e} * stride];
    std::copy_n(graph_->hb(e), stride, row);
    const auto add = [&](Stamp from) {
      if (from < e) MaxInto(row, Hb(from), stride);
    };
    if (event.idx > 0) {
      add(graph_->at(event.tid, event.idx - 1));
    } else if (creators_[event.tid] != kNone) {
      add(creators_[event.tid]);
    }
    if (event.kind == EventKind::kCreate && event.aux < creators_.size()) creators_[event.aux] = e;
    if (event.kind == EventKind::kJoin && graph_->length(event.aux) > 0) add(graph_->last_of(event.aux));
    if (event.is_read() && event.rf < e && Synchronises(event, e, model)) add(event.rf);
  }
}

bool SureOrder::Synchronises(const Event& read, Stamp r, const MemoryModel& model) const {
  const Event& write = graph_->event(read.rf);
  const bool failed = read.has(kRmw) && graph_->rmw_write(r) == kNone;
  return failed ? model.Synchronises(write, read) : model.SynchronisesAtLast(write, read);
}

// Beyond a strong fence every step of hb will do: marked reads of marked writes, a read before a write of its thread, what follows an
// acquire or another fence.
void SureOrder::FollowFences(const MemoryModel& model) {
  fenced_ = model.has_strong_fences();
  if (!fenced_) return;
  const size_t stride = graph_->stride();
  settled_.resize(graph_->size() * stride);
  sent_.resize(graph_->size() * stride);
  read_.assign(size_t{2} * graph_->thread_count() * stride, 0);
  for (Stamp e = 0; e < graph_->size(); ++e) FollowFence(e, model);
}

void SureOrder::FollowFence(Stamp e, const MemoryModel& model) {
  const uint32_t stride = graph_->stride();
  const Event& event = graph_->event(e);
  Clock* const read = Read(event.tid);
  Clock* const known = Known(event.tid);
  std::copy_n(known, stride, Settled(e));
  if (model.IsStrongFence(event) && event.idx > 0) {
    MaxInto(known, read, stride);
    MaxInto(known, Hb(e), stride);  // with itself: the write of a full RMW is one
  }
  if (event.kind == EventKind::kCreate && event.aux < graph_->thread_count()) {
    MaxInto(Known(event.aux), known, stride);
    MaxInto(Known(event.aux), read, stride);
  }
  if (event.kind == EventKind::kJoin) {
    MaxInto(known, Known(event.aux), stride);
    MaxInto(known, Read(event.aux), stride);
  }
  if (!event.is_access() || !event.marked()) return;
  if (event.is_write()) {
    std::copy_n(Settled(e), stride, Sent(e));
    MaxInto(Sent(e), read, stride);
  } else if (event.rf < e && graph_->event(event.rf).marked()) {
    MaxInto(read, Sent(event.rf), stride);
    const bool failed = event.has(kRmw) && graph_->rmw_write(e) == kNone;
    if (!failed && model.SynchronisesAfterFence(event)) MaxInto(known, Sent(event.rf), stride);
  }
}

void SureOrder::CollectSteps() {
  const ExecutionGraph& graph = *graph_;
  steps_.clear();
  const auto step = [&](Stamp from, Stamp to) {
    if (to == kNone || to == kInit) return;
    const Event& one = graph.event(from);
    const Event& two = graph.event(to);
    if (one.tid != two.tid && one.marked() && two.marked()) steps_.emplace_back(from, to);
  };
  for (Stamp e = 0; e < graph.size(); ++e) {
    const Event& event = graph.event(e);
    if (event.is_write()) step(e, event.co_next);
    if (!event.is_read() || event.rf == kNone) continue;
    step(e, graph.co_succ(event.loc, event.rf));
    if (event.rf != kInit) step(event.rf, e);
  }
}

void SureOrder::AddAfter(uint32_t tid, uint32_t idx, Clock* row) const {
  row[tid] = std::min(row[tid], static_cast<Clock>(idx));
  for (uint32_t t = 0; t < graph_->thread_count(); ++t) {
    if (t == tid) continue;
    // Clocks grow along po.
    uint32_t low = 0, high = std::min(graph_->length(t), uint32_t{row[t]});
    while (low < high) {
      const uint32_t middle = (low + high) / 2;
      if (Hb(graph_->at(t, middle))[tid] > idx) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    if (low < graph_->length(t)) row[t] = std::min(row[t], static_cast<Clock>(low));
  }
}

void SureOrder::Reach(Stamp node) {
  Clock* const row = reach_.row(node);
  const Event& event = graph_->event(node);
  AddAfter(event.tid, event.idx, row);
  first_.assign(row, row + graph_->stride());
  for (const auto& [from, to] : steps_) {
    const Event& one = graph_->event(from);
    const Event& two = graph_->event(to);
    if (first_[one.tid] <= one.idx && two.idx < row[two.tid]) AddAfter(two.tid, two.idx, row);
  }
}

bool SureOrder::IsOverGracePeriod(Stamp a, Stamp b, bool before, bool after) const {
  const auto in_order = [&](Stamp x, Stamp y, bool synchronised) {
    const Event& one = graph_->event(x);
    const Event& two = graph_->event(y);
    return one.tid == two.tid ? one.idx <= two.idx : synchronised && HbBefore(x, y);
  };
  return std::any_of(pairs_.begin(), pairs_.end(),
                     [&](const auto& pair) { return in_order(a, pair.first, before) && in_order(pair.second, b, after); });
}

}  // namespace graze
