// SPDX-License-Identifier: MIT
// The oracle's own execution graph, small and copied by value, and the axioms on it, each written as a closure of relations straight from
// its definition. Slow on purpose; shares nothing with the engine.
#ifndef CHECKER_TESTING_ORACLE_GRAPH_H_
#define CHECKER_TESTING_ORACLE_GRAPH_H_

#include <array>
#include <cstdint>

#include "checker/testing/canonical.h"
#include "checker/testing/program.h"

namespace graze::proof {

inline constexpr int kEventsMax = 48;
inline constexpr int kFromInit = -1;

enum class EventKind : uint8_t { kRead, kWrite, kRcuLock, kRcuUnlock, kSync, kChoose, kCreate, kJoin };

struct OracleEvent {
  EventKind kind;
  int8_t thread;
  int8_t index = -1;  // canonical index; -1 for create and join
  int8_t location = -1;
  int8_t source = kFromInit;  // reads: event read from
  int8_t other = -1;          // create, join: the thread; second half of an RMW: the event of its read
  bool plain = false;
  int16_t pc = 0;  // of its operation
  uint32_t value = 0;
};

// kBlocked: at a read that does not satisfy it; kJoining: at a join that can never happen (complete graphs only).
enum class ThreadStatus : uint8_t { kAbsent, kReady, kBlocked, kJoining, kDone };

struct OracleThread {
  ThreadStatus status = ThreadStatus::kAbsent;
  int8_t count = 0;      // events
  int8_t visible = 0;    // events with a canonical index
  int8_t creation = -1;  // the create event, -1 if it runs from the start
  int8_t depth = 0;      // of read-side sections
  int16_t pc = 0;
  std::array<uint32_t, kRegisters> regs = {};
  std::array<int8_t, kEventsMax> events = {};
};

struct OracleGraph {
  int size = 0;
  int threads = 0;
  std::array<OracleEvent, kEventsMax> events;
  std::array<OracleThread, kThreadsMax> thread;
  std::array<std::array<int8_t, 24>, kLocations> order;  // writes of a location in coherence order
  std::array<int8_t, kLocations> writes = {};

  // Appends an event to a thread; the caller fills the rest.
  OracleEvent& Append(EventKind kind, int t);
  void InsertWrite(int location, int position, int event);
  int PositionOf(int location, int event) const;  // of a write in coherence order; -1 for the initial value
  uint32_t ValueOf(int source) const { return source == kFromInit ? 0 : events[static_cast<size_t>(source)].value; }
};

CanonicalGraph Canonical(const OracleGraph& graph);

// acyclic(po | rf | co | fr) with create and join as program order between threads, and no write between the halves of an RMW.
bool SequentiallyConsistent(const OracleGraph& graph);

// The RCU axiom over link = (po | rf | co | fr)+, decided twice: by counting over closed walks of grace periods and sections
// (Floyd-Warshall with weights), and by the least fixpoint that defines rcu-order. REQUIRES SequentiallyConsistent.
struct RcuVerdict {
  bool by_counting, by_fixpoint;
};
bool RcuAxiomApplies(const OracleGraph& graph);  // there is a grace period and a section
RcuVerdict CheckRcu(const OracleGraph& graph);

// A grace period that had to wait for a section has not ended if that section's thread waits inside it for ever, and nothing behind it has
// happened, although the graph is consistent: which events are left without those.
std::array<bool, kEventsMax> HappenedBeforeStall(const OracleGraph& graph);

// Two accesses of one location in different threads, one of them a write and one plain, both of which happened, not ordered by the closure
// of program order, create and join, reads-from between marked accesses, and the order between sections and grace periods.
bool HasRace(const OracleGraph& graph);

}  // namespace graze::proof

#endif  // CHECKER_TESTING_ORACLE_GRAPH_H_
