// SPDX-License-Identifier: MIT
#include "checker/consistency/sure_order.h"

#include <algorithm>

#include "checker/base/lanes.h"

namespace graze {

void SureOrder::Look(const ExecutionGraph& graph, const MemoryModel& model) {
  if (version_ == graph.version()) return;
  version_ = graph.version();
  graph_ = &graph;
  pairs_.clear();
  known_ = false;
  ComputeClocks(model);
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
  fences_.assign(graph_->size(), kNone);
  for (Stamp e = 0; e < graph_->size(); ++e) {
    const Event& event = graph_->event(e);
    Clock* const row = &clocks_[size_t{e} * stride];
    std::copy_n(graph_->hb(e), stride, row);
    const auto add = [&](Stamp from) {
      if (from < e) MaxInto(row, Hb(from), stride);
    };
    if (event.idx > 0) {
      const Stamp before = graph_->at(event.tid, event.idx - 1);
      add(before);
      const EventKind kind = graph_->event(before).kind;
      const bool fence = kind == EventKind::kFence || kind == EventKind::kRcuSync || graph_->event(before).is_write();
      fences_[e] = fence && model.IsStrongFence(graph_->event(before)) ? before : fences_[before];
    } else if (creators_[event.tid] != kNone) {
      add(creators_[event.tid]);
    }
    if (event.kind == EventKind::kCreate && event.aux < creators_.size()) creators_[event.aux] = e;
    if (event.kind == EventKind::kJoin && graph_->length(event.aux) > 0) add(graph_->last_of(event.aux));
    if (event.is_read() && event.rf < e) {
      const Stamp from = SynchronisedWith(event, e, model);
      if (from != kNone) add(from);
    }
  }
}

Stamp SureOrder::SynchronisedWith(const Event& read, Stamp r, const MemoryModel& model) const {
  const Event& write = graph_->event(read.rf);
  if (read.has(kRmw) && graph_->rmw_write(r) == kNone) return model.Synchronises(write, read) ? read.rf : kNone;
  if (model.SynchronisesAtLast(write, read)) return read.rf;
  const bool fenced = fences_[read.rf] != kNone && write.marked() && model.SynchronisesAfterFence(read);
  return fenced ? fences_[read.rf] : kNone;
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
  const std::vector<Clock> first(row, row + graph_->stride());
  for (const auto& [from, to] : steps_) {
    const Event& one = graph_->event(from);
    const Event& two = graph_->event(to);
    if (first[one.tid] <= one.idx && two.idx < row[two.tid]) AddAfter(two.tid, two.idx, row);
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
