// SPDX-License-Identifier: MIT
// The events of a graph that an axiom can be broken by, or that two others can be ordered by.
//
// Axioms forbid cycles in relations that are contained in po | rf | co | fr and the creation and joining of threads; those about grace
// periods also lead from the end of a read-side section back to its beginning. Every event of such a cycle, and every event on any path
// between two of them, is in one strongly connected component: the others can be left out of the evaluation. Where it is in question
// whether one event is ordered before another, what is not between the two can be.
#ifndef CHECKER_CONSISTENCY_CYCLES_H_
#define CHECKER_CONSISTENCY_CYCLES_H_

#include <cstdint>
#include <vector>

#include "checker/graph/execution_graph.h"

namespace graze {

class Cycles {
 public:
  // Marks the events in a cycle with `e`. False if there is none.
  bool FindThrough(const ExecutionGraph& graph, Stamp e);
  // Marks the events of any cycle among those with in[e] != 0 (porf-closed; empty = all), and with sections leading back, of any that has
  // a grace period. False if there is none.
  bool Find(const ExecutionGraph& graph, const std::vector<uint8_t>& in);
  // Marks `a`, `b` and what is between, sections leading back if there are grace periods. False if `b` is not reached from `a`.
  bool FindBetween(const ExecutionGraph& graph, Stamp a, Stamp b);
  const std::vector<uint8_t>& marks() const { return on_; }
  bool has(Stamp e) const { return on_[e] != 0; }

 private:
  void CollectEdges(const ExecutionGraph& graph, const std::vector<uint8_t>& in);
  void AddSections(const ExecutionGraph& graph, const std::vector<uint8_t>& in);
  // Adds `bit` to the marks of `start` and of whatever comes after it, or before it.
  void Flood(Stamp start, bool backwards, uint8_t bit);
  // Forgets what ForComponents() has numbered.
  void StartOver();
  // Numbers the components of what `start` leads to, as far as they have no number. Calls visit(first, last) with the events of each that
  // is a cycle.
  template <typename Visit>
  void ForComponents(Stamp start, Visit visit);

  struct Edge {
    Stamp from, to;
    uint32_t next, next_back;  // from the same event, to the same event; kNoEdge at the end
  };
  static constexpr uint32_t kNoEdge = 0xffffffff;

  struct Visited {
    Stamp event;
    uint32_t edge;  // to look at next
  };

  void AddEdge(Stamp from, Stamp to) {
    edges_.push_back({.from = from, .to = to, .next = first_[from], .next_back = first_back_[to]});
    first_[from] = first_back_[to] = static_cast<uint32_t>(edges_.size() - 1);
  }

  std::vector<uint8_t> on_;
  std::vector<Edge> edges_;
  std::vector<uint32_t> first_, first_back_;  // per event: its newest edges
  std::vector<uint32_t> number_, lowest_;     // of Tarjan's algorithm; number 0: not yet seen
  std::vector<uint8_t> open_;                 // per event: is it on component_?
  std::vector<Stamp> component_, successors_;
  std::vector<Visited> path_;
  uint32_t numbers_ = 0;
};

}  // namespace graze

#endif  // CHECKER_CONSISTENCY_CYCLES_H_
