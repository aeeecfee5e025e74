// SPDX-License-Identifier: MIT
// Order between events that every axiomatic model is certain to see, from clocks alone: a cheap first answer. No is not an answer here.
//
// A section or grace period leads on by po, by what synchronises, and by one step of fr, co or rf between marked accesses of two threads;
// each of these is part of every model's rcu-link, so that what comes out is part of its rcu-order.
#ifndef CHECKER_CONSISTENCY_SURE_ORDER_H_
#define CHECKER_CONSISTENCY_SURE_ORDER_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "checker/consistency/memory_model.h"
#include "checker/consistency/rcu.h"
#include "checker/graph/execution_graph.h"

namespace graze {

class SureOrder {
 public:
  // All questions are about the graph that was looked at last.
  void LookAtClocks(const ExecutionGraph& graph, const MemoryModel& model);
  // And at grace periods. REQUIRES that M holds.
  void Look(const ExecutionGraph& graph, const MemoryModel& model);
  // ---- from clocks
  // By po, the creation and joining of threads, and what synchronises; more than ExecutionGraph::hb_before().
  bool HbBefore(Stamp a, Stamp b) const { return a != b && Hb(b)[graph_->event(a).tid] > graph_->event(a).idx; }
  // Does a strong fence follow `a`, and does something behind it lead on, by whatever reads and writes, to an acquire or fence before `b`?
  bool IsBehindFence(Stamp a, Stamp b) const { return fenced_ && Settled(b)[graph_->event(a).tid] > graph_->event(a).idx; }
  // ---- from grace periods
  bool HadToWait(Stamp section, Stamp grace_period) const { return known_ && grace_periods_.Precedes(section, grace_period); }
  // Does a grace period lie between, with nothing but po on either side? With `before`, `after` also by what synchronises on that side.
  bool IsOverGracePeriod(Stamp a, Stamp b, bool before, bool after) const;

 private:
  const Clock* Hb(Stamp e) const { return &clocks_[size_t{e} * graph_->stride()]; }
  void ComputeClocks(const MemoryModel& model);
  bool Synchronises(const Event& read, Stamp r, const MemoryModel& model) const;
  void FollowFences(const MemoryModel& model);
  void FollowFence(Stamp e, const MemoryModel& model);
  Clock* Settled(Stamp e) { return &settled_[size_t{e} * graph_->stride()]; }
  const Clock* Settled(Stamp e) const { return &settled_[size_t{e} * graph_->stride()]; }
  Clock* Sent(Stamp write) { return &sent_[size_t{write} * graph_->stride()]; }
  Clock* Read(uint32_t tid) { return &read_[size_t{tid} * graph_->stride()]; }
  Clock* Known(uint32_t tid) { return &read_[size_t{tid + graph_->thread_count()} * graph_->stride()]; }
  void CollectSteps();
  void Reach(Stamp node);
  // Adds to `row` what comes after event number `idx` of the thread by po and by what synchronises.
  void AddAfter(uint32_t tid, uint32_t idx, Clock* row) const;

  const ExecutionGraph* graph_ = nullptr;
  uint64_t version_ = 0, clocks_version_ = 0;
  bool known_ = false;
  std::vector<Clock> clocks_;
  std::vector<Stamp> creators_;  // by thread
  // What is behind a strong fence, as clocks: with each event, what comes before it; with each marked write, what its readers are told;
  // of each thread, what its reads were told, then what it knows for good.
  std::vector<Clock> settled_, sent_, read_;
  bool fenced_ = false;
  Reachability reach_;
  std::vector<Clock> first_;  // scratch of Reach
  GracePeriods grace_periods_;
  std::vector<std::pair<Stamp, Stamp>> pairs_;  // up to the first, from the second on
  std::vector<std::pair<Stamp, Stamp>> steps_;  // of marked accesses between threads
};

}  // namespace graze

#endif  // CHECKER_CONSISTENCY_SURE_ORDER_H_
