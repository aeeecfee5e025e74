// SPDX-License-Identifier: MIT
// The part of the Linux kernel memory model about grace periods, and its sleepable kind.
#include <algorithm>
#include <limits>
#include <map>

#include "checker/consistency/lkmm.h"

namespace graze {

bool LinuxKernelModel::RcuHolds(const std::vector<uint8_t>& in) {
  rcu_fence_ = pool().Empty();
  const ExecutionGraph& graph = base().graph();
  if (!graph.has_grace_periods() && !graph.has_only_grace_periods()) return true;
  // rcu-link, without the po on either side. The identity on plain accesses is for that po.
  const Relation link = Opt(Seq(hb_star_, pb_star_, prop_));
  if (!GracePeriodsHold(link, in)) return false;
  rcu_fence_ = RcuFence();
  for (Stamp e = 0; e < graph.size(); ++e) {
    if (graph.event(e).kind != EventKind::kSrcuSync) continue;
    CollectSrcuPairs(in);
    return SrcuHolds(in);
  }
  return true;
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
    for (const uint32_t idx : dependencies().Indices(graph.event(e).data_dep)) {
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

namespace {

bool IsRcu(EventKind kind) {
  return kind == EventKind::kRcuLock || kind == EventKind::kRcuUnlock || kind == EventKind::kRcuSync || kind == EventKind::kSrcuLock ||
         kind == EventKind::kSrcuUnlock || kind == EventKind::kSrcuSync;
}

}  // namespace

// The events that rcu-order is about, and its sections. A section of RCU that is open reaches to the end of its thread, where it has an
// unlock that is no event.
void LinuxKernelModel::CollectRcuNodes(const std::vector<uint8_t>& in) {
  const ExecutionGraph& graph = base().graph();
  rcu_nodes_.clear();
  rcu_rscs_.clear();
  std::vector<Stamp> open;
  for (uint32_t tid = 0; tid < graph.thread_count(); ++tid) {
    Stamp lock = kNone;
    for (uint32_t idx = 0; idx < graph.length(tid); ++idx) {
      const Stamp e = graph.at(tid, idx);
      if (!in.empty() && in[e] == 0) break;
      const EventKind kind = graph.event(e).kind;
      if (!IsRcu(kind)) continue;
      const uint32_t number = static_cast<uint32_t>(rcu_nodes_.size());
      rcu_nodes_.push_back({.exit = e, .entry_tid = tid, .entry_idx = idx});
      if (kind == EventKind::kRcuLock) lock = number;
      if (kind != EventKind::kRcuUnlock || lock == kNone) continue;
      rcu_rscs_.emplace_back(lock, number);
      lock = kNone;
    }
    if (lock == kNone) continue;
    rcu_rscs_.emplace_back(lock, static_cast<uint32_t>(rcu_nodes_.size()));
    rcu_nodes_.push_back({.exit = kNone, .entry_tid = tid, .entry_idx = std::numeric_limits<uint32_t>::max()});
  }
}

// rcu-order as the least fixpoint: brackets must match per domain, so that counting does not do.
bool LinuxKernelModel::SrcuHolds(const std::vector<uint8_t>& in) {
  const ExecutionGraph& graph = base().graph();
  CollectRcuNodes(in);
  const uint32_t size = static_cast<uint32_t>(rcu_nodes_.size());
  srcu_pool_.Reset(size);
  RelationPool& pool = srcu_pool_;
  const auto number = [&](Stamp e) {
    const auto it = std::find_if(rcu_nodes_.begin(), rcu_nodes_.end(), [&](const RcuNode& node) { return node.exit == e; });
    return static_cast<uint32_t>(it - rcu_nodes_.begin());
  };
  const auto where = [&](EventKind kind) {
    Set set = pool.EmptySet();
    for (uint32_t n = 0; n < size; ++n) {
      if (rcu_nodes_[n].exit != kNone && graph.event(rcu_nodes_[n].exit).kind == kind) set.Add(n);
    }
    return set;
  };
  const auto domain = [&](uint32_t n) { return rcu_nodes_[n].exit == kNone ? kNoLoc : graph.event(rcu_nodes_[n].exit).loc; };

  Relation rcu_link = pool.Empty();
  Relation loc = pool.Empty();
  for (uint32_t from = 0; from < size; ++from) {
    for (uint32_t to = 0; to < size; ++to) {
      if (domain(from) != kNoLoc && domain(from) == domain(to)) loc.Add(from, to);
      if (rcu_nodes_[from].exit == kNone) continue;
      const Clock reached = reach().row(rcu_nodes_[from].exit)[rcu_nodes_[to].entry_tid];
      if (reached != Reachability::kUnreached && reached < rcu_nodes_[to].entry_idx) rcu_link.Add(from, to);
    }
  }
  const Relation rcu_gp = Id(where(EventKind::kRcuSync));
  const Relation srcu_gp = Id(where(EventKind::kSrcuSync));
  Relation rcu_rscsi = pool.Empty();
  for (const auto& [lock, unlock] : rcu_rscs_) rcu_rscsi.Add(unlock, lock);
  Relation srcu_rscsi = pool.Empty();
  for (const auto& [lock, unlock] : srcu_rscs_) srcu_rscsi.Add(number(unlock), number(lock));

  const auto around = [&](Relation middle) {
    return Seq(rcu_gp, middle, rcu_rscsi) | (Seq(srcu_gp, middle, srcu_rscsi) & loc) | Seq(rcu_rscsi, middle, rcu_gp) |
           (Seq(srcu_rscsi, middle, srcu_gp) & loc);
  };
  Relation rcu_order = rcu_gp | srcu_gp | around(rcu_link);
  for (;;) {
    const Relation wider = rcu_order | around(Seq(rcu_link, rcu_order, rcu_link)) | Seq(rcu_order, rcu_link, rcu_order);
    if ((wider - rcu_order).IsEmpty()) break;
    rcu_order = wider;
  }
  if (!Seq(rcu_order, rcu_link).IsIrreflexive()) return false;
  for (uint32_t from = 0; from < size; ++from) {
    ForEachBit(rcu_order.row(from), pool.words(), [&](uint32_t to) {
      const RcuNode& node = rcu_nodes_[from];
      AddOrdered(node.exit != kNone ? node.exit : graph.last_of(node.entry_tid), rcu_nodes_[to].exit, &rcu_fence_);
    });
  }
  return true;
}

}  // namespace graze
