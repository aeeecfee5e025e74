// SPDX-License-Identifier: MIT
// The part of the Linux kernel memory model about grace periods, and its sleepable kind.
#include <algorithm>
#include <map>

#include "checker/consistency/lkmm.h"

namespace graze {

bool LinuxKernelModel::RcuHolds(const std::vector<uint8_t>& in) {
  rcu_fence_ = pool().Empty();
  if (!base().graph().has_grace_periods()) return true;
  // rcu-link, without the po on either side. The identity on plain accesses is for that po.
  const Relation link = Opt(Seq(hb_star_, pb_star_, prop_));
  if (!GracePeriodsHold(link, in)) return false;
  rcu_fence_ = RcuFence();
  CollectSrcuPairs(in);
  return srcu_rscs_.empty() || SrcuHolds(in);
}

void LinuxKernelModel::CollectSrcuPairs(const std::vector<uint8_t>& in) {
  const ExecutionGraph& graph = base().graph();
  srcu_rscs_.clear();
  if (version_ == Version::k6_1) return MatchByNesting(in);
  for (Stamp e = 0; e < graph.size(); ++e) {
    if (graph.event(e).kind == EventKind::kSrcuUnlock && (in.empty() || in[e] != 0)) MatchByData(e);
  }
}

// srcu-rscs of the newer model: the cookie comes from the lock, maybe through memory.
void LinuxKernelModel::MatchByData(Stamp unlock) {
  const ExecutionGraph& graph = base().graph();
  std::vector<Stamp> seen, open = {unlock};
  while (!open.empty()) {
    const Stamp e = open.back();
    open.pop_back();
    for (const uint32_t idx : dependencies_->Indices(graph.event(e).data_dep)) {
      const Stamp from = graph.at(graph.event(e).tid, idx);
      const Event& source = graph.event(from);
      if (source.kind == EventKind::kSrcuLock) {
        if (source.loc == graph.event(unlock).loc) srcu_rscs_.emplace_back(from, unlock);
        continue;
      }
      const Stamp write = source.is_read() ? source.rf : kInit;
      if (write >= graph.size() || std::find(seen.begin(), seen.end(), write) != seen.end()) continue;
      seen.push_back(write);
      open.push_back(write);
    }
  }
}

// And of the older one: brackets of one domain within one thread.
void LinuxKernelModel::MatchByNesting(const std::vector<uint8_t>& in) {
  const ExecutionGraph& graph = base().graph();
  for (uint32_t tid = 0; tid < graph.thread_count(); ++tid) {
    std::map<LocId, std::vector<Stamp>> open;
    for (uint32_t idx = 0; idx < graph.length(tid); ++idx) {
      const Stamp e = graph.at(tid, idx);
      if (!in.empty() && in[e] == 0) break;
      std::vector<Stamp>& locks = open[graph.event(e).loc];
      if (graph.event(e).kind == EventKind::kSrcuLock) locks.push_back(e);
      if (graph.event(e).kind != EventKind::kSrcuUnlock || locks.empty()) continue;
      srcu_rscs_.emplace_back(locks.back(), e);
      locks.pop_back();
    }
  }
}

// rcu-order as the least fixpoint: brackets must match per domain, so that counting does not do.
bool LinuxKernelModel::SrcuHolds(const std::vector<uint8_t>& in) {
  const ExecutionGraph& graph = base().graph();
  std::vector<Stamp> nodes;
  std::vector<uint32_t> number(graph.size(), kNoElement);
  for (Stamp e = 0; e < graph.size(); ++e) {
    const EventKind kind = graph.event(e).kind;
    if (!in.empty() && in[e] == 0) continue;
    if (kind != EventKind::kRcuLock && kind != EventKind::kRcuUnlock && kind != EventKind::kRcuSync && kind != EventKind::kSrcuLock &&
        kind != EventKind::kSrcuUnlock && kind != EventKind::kSrcuSync)
      continue;
    number[e] = static_cast<uint32_t>(nodes.size());
    nodes.push_back(e);
  }
  // A section of RCU that is open reaches to the end of its thread.
  std::vector<std::pair<uint32_t, Stamp>> ends;  // number of the virtual unlock, its lock
  const auto kind_is = [&](EventKind kind) {
    return [&graph, &nodes, kind](uint32_t n) { return n < nodes.size() && graph.event(nodes[n]).kind == kind; };
  };
  std::vector<std::pair<Stamp, Stamp>> sections;
  for (uint32_t tid = 0; tid < graph.thread_count(); ++tid) {
    Stamp lock = kNone;
    for (uint32_t idx = 0; idx < graph.length(tid); ++idx) {
      const Stamp e = graph.at(tid, idx);
      if (number[e] == kNoElement) continue;
      if (graph.event(e).kind == EventKind::kRcuLock) lock = e;
      if (graph.event(e).kind != EventKind::kRcuUnlock || lock == kNone) continue;
      sections.emplace_back(lock, e);
      lock = kNone;
    }
    if (lock != kNone) ends.emplace_back(static_cast<uint32_t>(nodes.size() + ends.size()), lock);
  }
  const uint32_t size = static_cast<uint32_t>(nodes.size() + ends.size());
  srcu_pool_.Reset(size);
  RelationPool& pool = srcu_pool_;

  Relation link = pool.Empty();
  for (uint32_t from = 0; from < nodes.size(); ++from) {
    const Clock* const row = reach().row(nodes[from]);
    for (uint32_t to = 0; to < nodes.size(); ++to) {
      const Event& entry = graph.event(nodes[to]);
      if (row[entry.tid] < entry.idx) link.Add(from, to);
    }
    for (const auto& [end, lock] : ends) {
      if (row[graph.event(lock).tid] != Reachability::kUnreached) link.Add(from, end);
    }
  }
  const auto where = [&](auto wanted) {
    Set set = pool.EmptySet();
    for (uint32_t n = 0; n < size; ++n) {
      if (wanted(n)) set.Add(n);
    }
    return set;
  };
  const Relation rcu_gp = Id(where(kind_is(EventKind::kRcuSync)));
  const Relation srcu_gp = Id(where(kind_is(EventKind::kSrcuSync)));
  Relation rcu_rscsi = pool.Empty();
  for (const auto& [lock, unlock] : sections) rcu_rscsi.Add(number[unlock], number[lock]);
  for (const auto& [end, lock] : ends) rcu_rscsi.Add(end, number[lock]);
  Relation srcu_rscsi = pool.Empty();
  for (const auto& [lock, unlock] : srcu_rscs_) srcu_rscsi.Add(number[unlock], number[lock]);
  Relation loc = pool.Empty();
  for (uint32_t a = 0; a < nodes.size(); ++a) {
    for (uint32_t b = 0; b < nodes.size(); ++b) {
      const LocId domain = graph.event(nodes[a]).loc;
      if (domain != kNoLoc && domain == graph.event(nodes[b]).loc) loc.Add(a, b);
    }
  }

  const auto around = [&](Relation middle) {
    return Seq(rcu_gp, middle, rcu_rscsi) | (Seq(srcu_gp, middle, srcu_rscsi) & loc) | Seq(rcu_rscsi, middle, rcu_gp) |
           (Seq(srcu_rscsi, middle, srcu_gp) & loc);
  };
  Relation rcu_order = rcu_gp | srcu_gp | around(link);
  for (;;) {
    const Relation wider = rcu_order | around(Seq(link, rcu_order, link)) | Seq(rcu_order, link, rcu_order);
    if ((wider - rcu_order).IsEmpty()) break;
    rcu_order = wider;
  }
  if (!Seq(rcu_order, link).IsIrreflexive()) return false;
  for (uint32_t from = 0; from < size; ++from) {
    ForEachBit(rcu_order.row(from), pool.words(), [&](uint32_t to) {
      const auto end = std::find_if(ends.begin(), ends.end(), [&](const auto& open) { return open.first == from; });
      const Stamp entry = end == ends.end() ? nodes[from] : graph.last_of(graph.event(end->second).tid);
      AddOrdered(entry, nodes[to], &rcu_fence_);
    });
  }
  return true;
}

}  // namespace graze
