// SPDX-License-Identifier: MIT
// The oracle's own execution graph, small and copied by value. Shares nothing with the engine.
#ifndef CHECKER_TESTING_ORACLE_GRAPH_H_
#define CHECKER_TESTING_ORACLE_GRAPH_H_

#include <array>
#include <cstdint>

#include "checker/testing/canonical.h"
#include "checker/testing/program.h"

namespace graze::proof {

inline constexpr int kEventsMax = 44;
inline constexpr int kFromInit = -1;

enum class EventKind : uint8_t {
  kRead,
  kWrite,
  kRcuLock,
  kRcuUnlock,
  kSync,
  kChoose,
  kCreate,
  kJoin,
  kFence,
  kSrcuLock,
  kSrcuUnlock,
  kSrcuSync,
  kFree  // `other` is the location
};

// Reads of one thread: bit i is the thread's event i.
using Reads = uint64_t;
static_assert(kEventsMax <= 64);

struct OracleEvent {
  EventKind kind;
  int8_t thread;
  int8_t index = -1;  // canonical index; -1 for what has none
  int8_t location = -1;
  int8_t source = kFromInit;  // reads: event read from
  int8_t other = -1;          // create, join: the thread; second half of an RMW: the event of its read; SRCU: the domain
  bool plain = false;
  bool attempt = false;  // half of an RMW, or the read of one that failed
  bool tried = false;    // by trylock
  Order order = Order::kUsual;
  FenceWord fence = FenceWord::kMb;
  int16_t pc = 0;  // of its operation
  uint32_t value = 0;
  Reads addr = 0, data = 0, ctrl = 0;
};

// kBlocked: at a read that does not satisfy it; kJoining: at a join that can never happen (complete graphs only).
enum class ThreadStatus : uint8_t { kAbsent, kReady, kBlocked, kJoining, kDone };

inline constexpr int kConditionsMax = 6;  // inside each other

struct OracleThread {
  ThreadStatus status = ThreadStatus::kAbsent;
  int8_t count = 0;      // events
  int8_t visible = 0;    // events with a canonical index
  int8_t creation = -1;  // the create event, -1 if it runs from the start
  int8_t depth = 0;      // of read-side sections
  int8_t conditions = 0;
  int16_t pc = 0;
  std::array<uint32_t, kRegisters> regs = {};
  std::array<Reads, kRegisters> from = {};  // what the registers depend on
  Reads branched_on = 0;
  std::array<int16_t, kConditionsMax> condition_end = {};  // the conditions that pc is inside of
  std::array<Reads, kConditionsMax> condition_from = {};
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

}  // namespace graze::proof

#endif  // CHECKER_TESTING_ORACLE_GRAPH_H_
