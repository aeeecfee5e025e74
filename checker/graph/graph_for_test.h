// SPDX-License-Identifier: MIT
// For tests: execution graphs written by hand, event by event in an order in which every read comes after its source.
#ifndef CHECKER_GRAPH_GRAPH_FOR_TEST_H_
#define CHECKER_GRAPH_GRAPH_FOR_TEST_H_

#include "checker/graph/execution_graph.h"

namespace graze::testing {

class GraphForTest {
 public:
  static constexpr Stamp kAtTheEnd = kNone;

  Stamp Add(uint32_t tid, EventKind kind, Stamp join = kNone) {
    Event event;
    event.kind = kind;
    return graph.Append(tid, event, join);
  }

  Stamp Read(uint32_t tid, LocId loc, Stamp source, MemoryOrder order = MemoryOrder::kRelaxed) {
    const Stamp r = Access(tid, loc, EventKind::kRead, order, 0);
    graph.AddToReads(r);
    graph.SetRf(r, source, source != kInit && IsMarked(graph.event(source).order) && IsMarked(order));
    return r;
  }

  Stamp Write(uint32_t tid, LocId loc, Stamp after = kAtTheEnd, MemoryOrder order = MemoryOrder::kRelaxed) {
    const Stamp w = Access(tid, loc, EventKind::kWrite, order, 0);
    graph.InsertCo(w, after == kAtTheEnd ? graph.co_last(loc) : after);
    return w;
  }

  // Both halves of a successful read-modify-write; returns the write.
  Stamp Rmw(uint32_t tid, LocId loc, Stamp source) {
    const Stamp r = Access(tid, loc, EventKind::kRead, MemoryOrder::kRelaxed, kRmw);
    graph.AddToReads(r);
    graph.SetRf(r, source, source != kInit);
    const Stamp w = Access(tid, loc, EventKind::kWrite, MemoryOrder::kRelaxed, kRmw);
    graph.InsertCo(w, source);
    return w;
  }

  // `parent` creates `child`, which begins.
  Stamp Spawn(uint32_t parent, uint32_t child) {
    Event event;
    event.kind = EventKind::kCreate;
    event.aux = child;
    const Stamp create = graph.Append(parent, event, kNone);
    return Add(child, EventKind::kBegin, create);
  }

  // `child` ends and `parent` has waited for it.
  Stamp EndAndJoin(uint32_t parent, uint32_t child) {
    const Stamp end = Add(child, EventKind::kEnd);
    Event event;
    event.kind = EventKind::kJoin;
    event.aux = child;
    return graph.Append(parent, event, end);
  }

  ExecutionGraph graph;

 private:
  static bool IsMarked(MemoryOrder order) { return order != MemoryOrder::kPlain && order != MemoryOrder::kRacy; }

  Stamp Access(uint32_t tid, LocId loc, EventKind kind, MemoryOrder order, uint8_t flags) {
    Event event;
    event.kind = kind;
    event.loc = loc;
    event.order = order;
    event.size = 4;
    event.flags = flags;
    return graph.Append(tid, event, kNone);
  }
};

}  // namespace graze::testing

#endif  // CHECKER_GRAPH_GRAPH_FOR_TEST_H_
