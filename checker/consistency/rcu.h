// SPDX-License-Identifier: MIT
// The grace-period axiom over an arbitrary reachability relation, and the order that grace periods add.
//
// Nodes are grace periods and outermost read-side sections; a section without an unlock reaches to the current end of its thread. Node a
// links to node b if a path leads from a's exit (the grace period; the lock of a section) to b's entry (the grace period; the unlock of
// a section, or any event of an open one). Forbidden: a closed walk with at least as many grace periods as sections.
// Reference: linux-kernel.cat (rcu-link, rcu-order, rb), by counting.
#ifndef CHECKER_CONSISTENCY_RCU_H_
#define CHECKER_CONSISTENCY_RCU_H_

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "checker/graph/execution_graph.h"

namespace graze {

// What can be reached from each event along a memory model's order relation: per thread the index of the first event reached.
class Reachability {
 public:
  static constexpr Clock kUnreached = std::numeric_limits<Clock>::max();

  void Reset(uint32_t events, uint32_t stride) {
    stride_ = stride;
    rows_.assign(static_cast<size_t>(events) * stride, kUnreached);
  }
  Clock* row(Stamp e) { return &rows_[static_cast<size_t>(e) * stride_]; }
  const Clock* row(Stamp e) const { return &rows_[static_cast<size_t>(e) * stride_]; }

 private:
  std::vector<Clock> rows_;
  uint32_t stride_ = 0;
};

class GracePeriods {
 public:
  // The axiom on the events with in[e] != 0 (empty = all), which `reach` is about.
  bool Holds(const ExecutionGraph& graph, const Reachability& reach, const std::vector<uint8_t>& in);

  // Clocks of happens-before extended by the order between sections and grace periods; row e as in ExecutionGraph::hb.
  // `holds`: the last thing that was asked is whether Holds() for all events of this graph, and it does. Otherwise it is asked here, and
  // nothing is added if it does not.
  const std::vector<Clock>& ExtendedHb(const ExecutionGraph& graph, const Reachability& reach, bool holds);
  // After Holds() was true: calls visit(entry, exit) for each pair of rcu-order: the last event that counts as before the first node, and
  // where the second one is left.
  template <typename Visit>
  void ForOrdered(const ExecutionGraph& graph, Visit visit) const {
    const size_t n = nodes_.size();
    if (weight_.size() != n * n) return;
    for (size_t from = 0; from < n; ++from) {
      for (size_t to = 0; to < n; ++to) {
        if (from == to || !Precedes(from, to)) continue;
        visit(nodes_[from].entry != kNone ? nodes_[from].entry : graph.last_of(nodes_[from].tid), nodes_[to].exit);
      }
    }
  }
  // After ExtendedHb() or Holds(): is there a walk from the node that `from` leaves to the node that `to` leaves with as many grace periods
  // as sections or more (rcu-order)?
  bool Precedes(Stamp from, Stamp to) const;
  // The pairs of events that the last ExtendedHb() ordered: the last event before, the first one after.
  const std::vector<std::pair<Stamp, Stamp>>& order() const { return extra_; }

 private:
  struct Node {
    bool section;
    Stamp exit;   // where a link leaves: the grace period or the lock
    Stamp entry;  // where a link arrives: the grace period, the unlock, or kNone for an open section
    uint32_t tid;
    uint32_t entry_idx;  // an event of `tid` with idx < entry_idx is po-before the entry
  };

  void CollectNodes(const ExecutionGraph& graph, const std::vector<uint8_t>& in);
  void ComputeWeights(const Reachability& reach);
  bool Precedes(size_t from, size_t to) const;
  void CollectOrder(const ExecutionGraph& graph);

  std::vector<Node> nodes_;
  std::vector<int64_t> weight_;  // nodes x nodes: cheapest walk, without the node it starts at
  std::vector<Clock> before_;    // per node: what is ordered before its exit by nodes of other threads
  std::vector<size_t> ordered_;  // the nodes for which that is anything
  std::vector<Clock> extended_;
  std::vector<std::pair<Stamp, Stamp>> extra_;  // order edges found
};

}  // namespace graze

#endif  // CHECKER_CONSISTENCY_RCU_H_
