// SPDX-License-Identifier: MIT
#include "checker/consistency/base_relations.h"

#include <algorithm>
#include <utility>

namespace graze {

namespace {

const Event kFullBarrier = [] {
  Event fence;
  fence.kind = EventKind::kFence;
  fence.aux = static_cast<uint32_t>(FenceKind::kSeqCst);
  return fence;
}();

}  // namespace

void BaseRelations::Build(const ExecutionGraph& graph, const std::vector<uint8_t>& in, bool fences, const std::vector<uint8_t>& member) {
  graph_ = &graph;
  members_.clear();
  first_.clear();
  elements_.assign(graph.size(), kNoElement);
  if (fences_.size() < graph.thread_count()) fences_.resize(graph.thread_count());
  fence_kinds_ = 0;
  has_rmw_ = false;
  bool threads = false;
  srcu_unlocked_in_ = kNoElement;
  for (uint32_t tid = 0; tid < graph.thread_count(); ++tid) {
    first_.push_back(static_cast<uint32_t>(members_.size()));
    fences_[tid].clear();
    for (uint32_t idx = 0; idx < graph.length(tid); ++idx) {
      const Stamp e = graph.at(tid, idx);
      if (!in.empty() && in[e] == 0) break;
      AddMember(e, fences, member[e] != 0);
      const EventKind kind = graph.event(e).kind;
      threads |= kind == EventKind::kCreate || kind == EventKind::kJoin;
    }
    for (const Fence& fence : fences_[tid]) fence_kinds_ |= fence.kind;
  }
  first_.push_back(static_cast<uint32_t>(members_.size()));
  pool_.Reset(static_cast<uint32_t>(members_.size()));
  joined_.clear();
  if (threads) AddSync(in);
}

void BaseRelations::AddMember(Stamp e, bool fences, bool member) {
  const Event& event = graph_->event(e);
  const bool full = fences && event.order == MemoryOrder::kFull;
  const auto add = [&](const Event& shown) { members_.push_back({.event = &shown, .tid = event.tid, .idx = event.idx}); };
  const auto fence = [&](FenceSet kind) {
    const uint32_t here = static_cast<uint32_t>(members_.size());
    fences_[event.tid].push_back({.kind = kind, .end_before = here, .first_after = here});
  };
  switch (event.kind) {
    case EventKind::kRead:
      if (member && full && graph_->rmw_write(e) != kNone) add(kFullBarrier);
      [[fallthrough]];
    case EventKind::kWrite:
    case EventKind::kFree:
    case EventKind::kTouch:
      if (!member) break;
      elements_[e] = static_cast<uint32_t>(members_.size());
      add(event);
      has_rmw_ |= event.is_write() && event.has(kRmw);
      if (full && event.is_write()) add(kFullBarrier);
      // A store of C11's strongest order is followed by a barrier wherever barriers make the difference.
      if (!fences && event.is_write() && event.order == MemoryOrder::kSeqCst) fence(FenceBit(FenceKind::kSeqCst));
      break;
    case EventKind::kFence:
      if (fences) {
        if (OrdersHere(event)) add(event);
      } else if (static_cast<FenceKind>(event.aux) != FenceKind::kAfterSrcuUnlock) {
        fence(FenceBit(static_cast<FenceKind>(event.aux)));
      } else if (srcu_unlocked_in_ == event.tid) {
        fence(FenceBit(FenceKind::kAfterSrcuUnlock));
        fences_[event.tid].back().end_before = srcu_unlocked_at_;
      }
      break;
    case EventKind::kSrcuUnlock:
      srcu_unlocked_in_ = event.tid;
      srcu_unlocked_at_ = static_cast<uint32_t>(members_.size());
      break;
    case EventKind::kRcuSync:
    case EventKind::kSrcuSync:
      if (fences) {
        add(kFullBarrier);
      } else {
        fence(kGracePeriod);
      }
      break;
    default: break;
  }
}

// Other fences may be in between. An RMW that stored nothing is a read, beside which these fences are none. Those between two critical
// sections never are: the locks' release and acquire is all the order there.
bool BaseRelations::OrdersHere(const Event& fence) const {
  const FenceKind kind = static_cast<FenceKind>(fence.aux);
  if (kind < FenceKind::kBeforeAtomic) return true;
  if (kind == FenceKind::kAfterUnlockLock || kind == FenceKind::kAfterSrcuUnlock) return false;
  const bool before = kind == FenceKind::kBeforeAtomic;
  uint32_t idx = fence.idx;
  do {
    idx = before ? idx + 1 : idx - 1;
    if (idx >= graph_->length(fence.tid)) return false;
  } while (graph_->event(graph_->at(fence.tid, idx)).kind == EventKind::kFence);
  const Stamp beside = graph_->at(fence.tid, idx);
  const Event& half = graph_->event(beside);
  if (!half.has(kRmw) || half.is_read() != before || (before && graph_->rmw_write(beside) == kNone)) return false;
  return (half.order == MemoryOrder::kLock) == (kind == FenceKind::kAfterSpinlock);
}

// One pass in the order of insertion, which creation and joining respect.
void BaseRelations::AddSync(const std::vector<uint8_t>& in) {
  const ExecutionGraph& graph = *graph_;
  const uint32_t threads = graph.thread_count();
  known_.assign(threads, std::vector<Clock>(threads, 0));  // of other threads
  const auto learn = [&](uint32_t tid, uint32_t idx, uint32_t from, uint32_t from_length) {
    std::vector<Clock>& mine = known_[tid];
    for (uint32_t t = 0; t < threads; ++t) mine[t] = std::max(mine[t], known_[from][t]);
    mine[from] = std::max(mine[from], static_cast<Clock>(from_length));
    joined_.push_back({.tid = tid, .idx = idx, .before = mine});
  };
  for (Stamp e = 0; e < graph.size(); ++e) {
    if (!in.empty() && in[e] == 0) continue;
    const Event& event = graph.event(e);
    if (event.kind == EventKind::kCreate && event.aux < threads) learn(event.aux, 0, event.tid, event.idx + 1);
    if (event.kind == EventKind::kJoin) learn(event.tid, event.idx, event.aux, graph.length(event.aux));
  }
}

uint32_t BaseRelations::FirstFrom(uint32_t tid, uint32_t idx) const {
  uint32_t low = first_[tid], high = first_[tid + 1];
  while (low < high) {
    const uint32_t middle = (low + high) / 2;
    if (members_[middle].idx >= idx) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

void BaseRelations::FillReachability(Relation order, const std::vector<uint8_t>& from, Reachability* reach) const {
  const ExecutionGraph& graph = *graph_;
  reach->Reset(graph.size(), graph.stride());
  RelationPool* const pool = order.pool();
  const uint32_t words = pool->words();
  const auto first_at = [](Clock* slot, uint32_t idx) { *slot = std::min(*slot, static_cast<Clock>(idx)); };
  for (Stamp e = 0; e < graph.size(); ++e) {
    const Event& event = graph.event(e);
    if (event.kind != EventKind::kRcuLock && event.kind != EventKind::kRcuSync && event.kind != EventKind::kSrcuLock &&
        event.kind != EventKind::kSrcuSync)
      continue;
    if (!from.empty() && from[e] == 0) continue;
    Clock* const row = reach->row(e);
    first_at(&row[event.tid], event.idx);
    Set start = pool->EmptySet();
    Set reached = pool->EmptySet();
    const auto go_on = [&](uint32_t tid, uint32_t idx) {
      for (const Joined& joined : joined_) {
        if (joined.before[tid] > idx) first_at(&row[joined.tid], joined.idx);
      }
    };
    go_on(event.tid, event.idx);
    // A grace period may be an element itself, from which and to which the order leads.
    const uint32_t self = FirstFrom(event.tid, event.idx);
    const bool is_element = self < last(event.tid) && members_[self].idx == event.idx;
    if (is_element) start.Add(self);
    ForElementsAfter(event.tid, event.idx, [&](uint32_t first, uint32_t last) { start.AddRange(first, last); });
    order.AddImage(start, &reached);
    uint32_t tid = 0;
    ForEachBit(reached.bits(), words, [&](uint32_t element) {
      while (element >= last(tid)) ++tid;
      if (is_element && element == self) return;
      uint32_t idx = members_[element].idx;
      // What is reached is before another grace period if it is that one.
      if (graph.event(graph.at(tid, idx)).kind == EventKind::kRcuSync) --idx;
      if (idx >= row[tid]) return;
      first_at(&row[tid], idx);
      go_on(tid, idx);
    });
  }
}

bool BaseRelations::IsRmw(const Event& event) const {
  if (!event.has(kRmw)) return false;
  if (event.is_write()) return true;
  const Stamp self = graph_->at(event.tid, event.idx);
  const Stamp write = graph_->rmw_write(self);
  return write != kNone && elements_[write] != kNoElement;
}

void BaseRelations::FillRow(uint32_t which, uint32_t e, uint64_t* row) const {
  const Event& here = event(e);
  const uint32_t tid = members_[e].tid;
  switch (which) {
    case kPo: return graze::AddRange(row, e + 1, last(tid));
    case kInt: return graze::AddRange(row, first(tid), last(tid));
    case kRf:
      if (!here.is_write()) return;
      for (Stamp r = here.reader; r != kNone; r = graph_->event(r).reader) AddElement(r, row);
      return;
    case kCo:
      if (here.is_write()) AddWrites(here.co_next, row);
      return;
    // Straight from co, for the sake of reads of initial values.
    case kFr:
      if (here.is_read() && here.rf != kNone) AddWrites(graph_->co_succ(here.loc, here.rf), row);
      return;
    case kRmwRel:
      if (e + 1 < size() && event(e + 1).is_write() && event(e + 1).has(kRmw)) graze::AddRange(row, e + 1, e + 2);
      return;
    case kLoc:
      if (!here.is_access()) return;
      AddWrites(graph_->co_first(here.loc), row);
      for (Stamp r = graph_->last_read(here.loc); r != kNone; r = graph_->event(r).read_prev) AddElement(r, row);
      return;
    case kSync: return AddSyncRow(e, row);
    default: return AddFenceRow(which, e, row);
  }
}

void BaseRelations::FillDomain(uint32_t which, uint64_t* set) const {
  const auto add = [&](auto wanted) {
    for (uint32_t e = 0; e < size(); ++e) {
      if (wanted(event(e))) graze::AddRange(set, e, e + 1);
    }
  };
  switch (which) {
    case kRf: return add([](const Event& e) { return e.is_write() && e.reader != kNone; });
    case kCo: return add([](const Event& e) { return e.is_write() && e.co_next != kNone; });
    case kFr: return add([](const Event& e) { return e.is_read(); });
    case kRmwRel: return add([](const Event& e) { return e.is_read() && e.has(kRmw); });
    default: return graze::AddRange(set, 0, size());
  }
}

void BaseRelations::AddElement(Stamp e, uint64_t* row) const {
  if (elements_[e] != kNoElement) graze::AddRange(row, elements_[e], elements_[e] + 1);
}

void BaseRelations::AddWrites(Stamp w, uint64_t* row) const {
  for (; w != kNone; w = graph_->event(w).co_next) AddElement(w, row);
}

void BaseRelations::AddSyncRow(uint32_t e, uint64_t* row) const {
  for (const Joined& joined : joined_) {
    if (joined.tid == members_[e].tid || joined.before[members_[e].tid] <= members_[e].idx) continue;
    graze::AddRange(row, FirstFrom(joined.tid, joined.idx), last(joined.tid));
  }
}

void BaseRelations::AddFenceRow(FenceSet kinds, uint32_t e, uint64_t* row) const {
  for (const Fence& fence : fences_[members_[e].tid]) {
    if ((fence.kind & kinds) == 0 || fence.end_before <= e) continue;
    return graze::AddRange(row, fence.first_after, last(members_[e].tid));
  }
}

void BaseRelations::AddSources(Relation* result, uint32_t to, uint32_t tid, DepHandle set, const Dependencies& sets, bool carry) {
  for (const uint32_t idx : sets.Indices(set)) {
    const Stamp stamp = graph_->at(tid, idx);
    if (source_of_[stamp] == to) continue;  // chains of dependencies meet again and again
    source_of_[stamp] = to;
    const Event& from = graph_->event(stamp);
    const uint32_t element = elements_[stamp];
    if (element != kNoElement) result->Add(element, to);
    if (!carry || !from.is_read() || from.rf >= graph_->size()) continue;
    const Event& write = graph_->event(from.rf);
    if (write.tid == tid) AddSources(result, to, tid, write.data_dep, sets, carry);
  }
}

Relation BaseRelations::DependencyRel(DepHandle Event::* kind, const Dependencies& sets, bool carry) {
  Relation result = pool_.Empty();
  source_of_.assign(graph_->size(), kNoElement);
  for (uint32_t tid = 0; tid + 1 < first_.size(); ++tid) {
    for (uint32_t e = first(tid); e < last(tid); ++e) {
      if (event(e).*kind != 0) AddSources(&result, e, tid, event(e).*kind, sets, carry);
    }
  }
  return result;
}

}  // namespace graze
