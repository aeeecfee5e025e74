// SPDX-License-Identifier: MIT
// Shapes of wr-vis, rw-xbstar and ww-vis that most pairs of accesses have and that clocks show: what is answered here need not be computed.
#include <algorithm>

#include "checker/consistency/lkmm.h"

namespace graze {
namespace {

constexpr FenceSet kStoreBarriers = FenceBit(FenceKind::kWmb) | FenceBit(FenceKind::kMb) | FenceBit(FenceKind::kSeqCst);

bool IsStore(const Event& event) { return event.is_access() ? event.is_write() : event.kind == EventKind::kTouch && event.aux != 0; }

}  // namespace

// Will whoever sees the write and depends on what it saw be behind `a`? A write barrier holds back stores, as far as they are `stores`.
bool LinuxKernelModel::IsPublished(const ExecutionGraph& graph, Stamp a, Stamp write, bool stores) const {
  const Event& one = graph.event(a);
  const Event& by = graph.event(write);
  if (!by.marked()) return false;
  if (Releases(by.order)) return sure_order().HbBefore(a, write);
  if (one.tid != by.tid || !stores || !IsStore(one)) return false;
  for (uint32_t idx = by.idx; idx-- > one.idx + 1;) {
    const Event& between = graph.event(graph.at(by.tid, idx));
    if (between.kind == EventKind::kFence && (FenceBit(static_cast<FenceKind>(between.aux)) & kStoreBarriers) != 0) return true;
  }
  return false;
}

// Whoever has stored to where a load led has done that load: was the store seen by an acquire that comes before the free?
bool LinuxKernelModel::IsUsedBeforeFree(const ExecutionGraph& graph, Stamp read, Stamp free) const {
  const Event& one = graph.event(read);
  for (uint32_t idx = one.idx + 1; idx < graph.length(one.tid); ++idx) {
    const Event& store = graph.event(graph.at(one.tid, idx));
    if (!store.is_access() || !store.is_write() || !store.marked() || store.addr_dep == 0) continue;
    const std::vector<uint32_t>& sources = dependencies().Indices(store.addr_dep);
    if (std::find(sources.begin(), sources.end(), one.idx) == sources.end()) continue;
    for (Stamp r = store.reader; r != kNone; r = graph.event(r).reader) {
      const Event& seen = graph.event(r);
      if (seen.tid != one.tid && !seen.has(kRmw) && SynchronisesAfterFence(seen) && sure_order().HbBefore(r, free)) return true;
    }
  }
  return false;
}

// By release and acquire, or because `b` has its address from a load that saw what published `a`.
bool LinuxKernelModel::IsSurelyVisible(const ExecutionGraph& graph, Stamp a, Stamp b) const {
  if (sure_order().HbBefore(a, b) || sure_order().IsBehindFence(a, b)) return true;
  const Event& two = graph.event(b);
  if (rw_ == Rw::kDeps || two.addr_dep == 0 || (!two.is_access() && two.kind != EventKind::kFree)) return false;
  for (const uint32_t idx : dependencies().Indices(two.addr_dep)) {
    const Event& load = graph.event(graph.at(two.tid, idx));
    if (!load.is_read() || !load.marked() || load.rf >= graph.size()) continue;
    if (graph.event(load.rf).tid != two.tid && IsPublished(graph, a, load.rf, AreWhole(graph, a, b))) return true;
  }
  return false;
}

// Between two plain stores that a compiler may precede by loads, the order of loads is asked for as well.
bool LinuxKernelModel::AreWhole(const ExecutionGraph& graph, Stamp a, Stamp b) const {
  const Event& two = graph.event(b);
  return whole_stores_ || graph.event(a).marked() || two.marked() || !two.is_access() || !two.is_write();
}

bool LinuxKernelModel::IsSurelyBefore(const ExecutionGraph& graph, Stamp a, Stamp b) {
  if (IsSurelyVisible(graph, a, b)) return true;
  const Event& two = graph.event(b);
  const bool free = two.kind == EventKind::kFree;
  const bool store = AreWhole(graph, a, b) && IsStore(graph.event(a));
  if (sure_order().IsOverGracePeriod(a, b, store && (free || IsStore(two)), store || free)) return true;
  return rw_ == Rw::kPo && free && graph.event(a).is_read() && IsUsedBeforeFree(graph, a, b);
}

// Is it a read of what is older than a write that is visible to it, or a write that co puts before one? Only what is porf-before `e` is
// asked about, so that a graph without such events keeps being one when an event is added that is newest.
bool LinuxKernelModel::IsSurelyStale(const ExecutionGraph& graph, Stamp e) {
  sure_order().LookAtClocks(graph, *this);
  const Event& event = graph.event(e);
  Stamp w = kNone;
  if (event.is_read() && event.rf != kNone) w = graph.co_succ(event.loc, event.rf);
  if (event.is_write()) w = event.co_next;
  for (; w != kNone; w = graph.event(w).co_next) {
    if (graph.event(w).tid != event.tid && IsSurelyVisible(graph, w, e)) return true;
  }
  return false;
}

}  // namespace graze
